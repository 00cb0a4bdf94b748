import type { Option } from "./options.ts";

/** The value of a setting, or what is wrong with its text: a sentence that starts with the setting. */
export type ParsedValue = { readonly value: string | number | boolean } | { readonly mistake: string };

export function parseValue(text: string, option: Option): ParsedValue {
  const parsed = parseType(text, option);
  if ("mistake" in parsed || typeof parsed.value !== "string") return parsed;
  const mistake = option.check?.(parsed.value);
  return mistake === undefined ? parsed : { mistake };
}

function parseType(text: string, option: Option): ParsedValue {
  switch (option.type) {
    case "string":
      return { value: text };
    case "url":
      return parseUrl(text);
    case "integer":
      return parseInteger(text, option);
    case "boolean":
      return parseBoolean(text);
    case "choice":
      return parseChoice(text, option.choices ?? []);
  }
}

function parseUrl(text: string): ParsedValue {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return { mistake: `must be a URL that starts with https:// (or http://)${toShown(text)}` };
  }
  if (url.username !== "" || url.password !== "") return { mistake: "must be a URL without user name and password" };
  if (url.search !== "" || url.hash !== "") return { mistake: `must be a URL without "?" and "#", not "${text}"` };
  return { value: text.replace(/\/+$/, "") };
}

/** Before an @ may stand a password. */
function toShown(text: string): string {
  return text.includes("@") ? "" : `, not "${text}"`;
}

function parseInteger(
  text: string,
  { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER }: Option,
): ParsedValue {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && value >= min && value <= max) return { value };
  return { mistake: `must be a whole number from ${min} to ${max}, not "${text}"` };
}

function parseBoolean(text: string): ParsedValue {
  if (/^(true|1|yes|on|t|y)$/i.test(text)) return { value: true };
  if (/^(false|0|no|off|f|n)$/i.test(text)) return { value: false };
  return { mistake: `must be true or false, not "${text}"` };
}

function parseChoice(text: string, choices: readonly string[]): ParsedValue {
  const choice = choices.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  return choice === undefined ? { mistake: `must be one of ${choices.join(", ")}, not "${text}"` } : { value: choice };
}
