import type { JqlItem, JqlNamedItem, JqlTrait } from "./jql-value.ts";

/** How the raw value of a field is to be read. `undeclared`: as far as the value itself tells. */
export type FieldShape =
  | "named"
  | "user"
  | "issue"
  | "label"
  | "text"
  | "number"
  | "date"
  | "day"
  | "opaque"
  | "undeclared";

export type RawObject = Readonly<Record<string, unknown>>;

const DAY_MS = 86_400_000;

/** One raw value, not null, as JQL compares it; opaque when it is not what its shape promises. */
export function toItem(raw: unknown, shape: FieldShape): JqlItem {
  switch (shape) {
    case "named":
      return isObject(raw) ? toNamed(raw) : { type: "opaque" };
    case "user":
      return isObject(raw) ? toUser(raw) : { type: "opaque" };
    case "issue":
      return isObject(raw)
        ? { type: "issue", id: toIdText(raw["id"]), key: toPlainText(raw["key"]) }
        : { type: "issue", key: toPlainText(raw) };
    case "label":
      return typeof raw === "string" ? { type: "label", text: raw } : { type: "opaque" };
    case "text":
      return { type: "text", text: toText(raw) };
    case "number":
    case "undeclared":
      return typeof raw === "number" ? { type: "number", value: raw } : { type: "opaque" };
    case "date": {
      const epochMs = typeof raw === "string" ? parseInstant(raw) : undefined;
      return epochMs === undefined ? { type: "opaque" } : { type: "date", epochMs };
    }
    case "day":
      return typeof raw === "string" && /^\d{4}-\d\d-\d\d$/.test(raw)
        ? { type: "day", day: Date.parse(raw) / DAY_MS }
        : { type: "opaque" };
    case "opaque":
      return { type: "opaque" };
  }
}

export function isObject(value: unknown): value is RawObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Jira writes `2026-01-26T01:39:15.510+0200`, whose zone lacks the colon that the standard wants. */
export function parseInstant(text: string): number | undefined {
  const epochMs = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

/** The words of a string or of a document in Atlassian document format. */
export function toText(raw: unknown): string {
  if (typeof raw === "string") return raw;
  const words: string[] = [];
  const waiting: unknown[] = [raw];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!isObject(node)) continue;
    if (typeof node["text"] === "string") words.push(node["text"]);
    if (Array.isArray(node["content"])) {
      // A block ends a word; the marks within a paragraph do not.
      if (node["type"] !== "text") words.push("\n");
      for (const child of node["content"].toReversed()) waiting.push(child);
    }
  }
  return words.join("");
}

function toNamed(raw: RawObject): JqlNamedItem {
  return {
    type: "named",
    id: toIdText(raw["id"]),
    key: toPlainText(raw["key"]),
    name: toPlainText(raw["name"]) ?? toPlainText(raw["value"]),
    traits: toTraits(raw),
  };
}

/** Sprints have a state, versions are released or not, issue types are for subtasks or not. */
function toTraits(raw: RawObject): JqlTrait[] | undefined {
  if (typeof raw["subtask"] === "boolean") return [raw["subtask"] ? "subtask" : "standard"];
  if (typeof raw["released"] === "boolean" && raw["archived"] !== true) {
    return [raw["released"] ? "released" : "unreleased"];
  }
  const state = toPlainText(raw["state"])?.toLowerCase();
  return state === "active" || state === "closed" || state === "future" ? [state] : undefined;
}

function toUser(raw: RawObject): JqlItem {
  return {
    type: "user",
    accountId: toPlainText(raw["accountId"]),
    displayName: toPlainText(raw["displayName"]),
    emailAddress: toPlainText(raw["emailAddress"]),
    username: toPlainText(raw["name"]),
  };
}

function toPlainText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Ids are numbers in some payloads and strings in others. */
function toIdText(value: unknown): string | undefined {
  return typeof value === "number" ? String(value) : toPlainText(value);
}
