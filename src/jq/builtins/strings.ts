import { spendMemory, spendSteps, type JqBudget } from "../jq-budget.ts";
import type { JqRun } from "../jq-code.ts";
import { ELEMENT_BYTES } from "../jq-code.ts";
import type { JqValue } from "../jq-engine.ts";
import { findPart } from "../find-text.ts";
import { findIndices, readIndex } from "../jq-paths.ts";
import { countPoints, hasSurrogates, isAscii } from "../code-points.ts";
import { countBytes, fail, isArray, name, toJson, toText } from "../jq-value.ts";
import { formatText } from "./formats.ts";
import { argument, native, type BuiltinTable } from "./builtin.ts";
import { parseJsonText } from "./json-text.ts";

export const STRINGS: BuiltinTable = {
  "tostring/0": native(toText),
  "tojson/0": native(toJson),
  "fromjson/0": native((input) =>
    typeof input === "string" ? parseJsonText(input) : fail(`${name(input)} only strings can be parsed`),
  ),
  "tonumber/0": native(toNumber),
  "toboolean/0": native((input) => {
    if (input === true || input === "true") return true;
    return input === false || input === "false" ? false : fail(`${name(input)} cannot be parsed as a boolean`);
  }),
  "format/1": native((input, args) => {
    const format = argument(args, 0);
    return typeof format === "string" ? formatText(format, input) : fail(`${name(format)} is not a valid format`);
  }),
  "utf8bytelength/0": native((input) =>
    typeof input === "string" ? countBytes(input) : fail(`${name(input)} only strings have UTF-8 byte length`),
  ),
  "ascii_downcase/0": native((input) => mapAscii(input, /[A-Z]+/g, (text) => text.toLowerCase())),
  "ascii_upcase/0": native((input) => mapAscii(input, /[a-z]+/g, (text) => text.toUpperCase())),
  "explode/0": native((input, _, run) => explode(input, run)),
  "implode/0": native((input, _, run) => implode(input, run)),
  "trim/0": native((input) => trim(input, true, true)),
  "ltrim/0": native((input) => trim(input, true, false)),
  "rtrim/0": native((input) => trim(input, false, true)),
  "startswith/1": native((input, args) => hasPrefix(input, argument(args, 0), "startswith")),
  "endswith/1": native((input, args) => hasSuffix(input, argument(args, 0), "endswith")),
  "ltrimstr/1": native((input, args) => trimPrefix(input, argument(args, 0))),
  "rtrimstr/1": native((input, args) => trimSuffix(input, argument(args, 0))),
  "trimstr/1": native((input, args) => trimSuffix(trimPrefix(input, argument(args, 0)), argument(args, 0))),
  "split/1": native((input, args, { budget }) => {
    const separator = argument(args, 0);
    if (typeof input === "string" && typeof separator === "string") return splitText(input, separator, budget);
    return fail("split input and separator must be strings");
  }),
  "join/1": native((input, args, run) => join(input, argument(args, 0), run)),
  "indices/1": native((input, args, { budget }) => indices(input, argument(args, 0), budget)),
  "index/1": native((input, args, { budget }) => pickIndex(indices(input, argument(args, 0), budget), 0)),
  "rindex/1": native((input, args, { budget }) => pickIndex(indices(input, argument(args, 0), budget), -1)),
};

/** Bytes of a string that is a part of another, with its place in an array. */
const PART_BYTES = 40;
export function splitText(text: string, separator: string, budget: JqBudget): readonly string[] {
  budget.steps(text.length >> 3);
  if (separator === "") {
    budget.allocate(PART_BYTES * text.length);
    return Array.from(text);
  }
  const parts: string[] = [];
  if (text === "") return parts;
  let start = 0;
  for (let end = findPart(text, separator); end >= 0; end = findPart(text, separator, start)) {
    parts.push(text.slice(start, end));
    budget.step();
    budget.allocate(PART_BYTES);
    start = end + separator.length;
  }
  parts.push(text.slice(start));
  return parts;
}

function join(input: JqValue, separator: JqValue, { budget }: JqRun): JqValue {
  const items = isArray(input) ? input : typeof input === "object" && input !== null ? Object.values(input) : undefined;
  if (items === undefined) return fail(`Cannot iterate over ${name(input)}`);
  let text = "";
  for (let index = 0; index < items.length; index++) {
    const item = items[index] ?? null;
    if (index > 0) text = concatenate(text, separator);
    text = concatenate(text, typeof item === "number" || typeof item === "boolean" ? toJson(item) : item);
    budget.step();
    budget.allocate(32);
    budget.checkString(text.length);
  }
  budget.allocateString(text.length);
  return text;
}

function concatenate(text: string, value: JqValue): string {
  if (value === null) return text;
  return typeof value === "string" ? text + value : fail(`${name(text)} and ${name(value)} cannot be added`);
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function toNumber(input: JqValue): JqValue {
  if (typeof input === "number") return input;
  if (typeof input === "string") {
    if (NUMBER.test(input)) return Number(input);
    if (/^[+-]?nan$/i.test(input)) return Number.NaN;
    if (/^[+-]?inf(?:inity)?$/i.test(input)) return input.startsWith("-") ? -Infinity : Infinity;
  }
  return fail(`${name(input)} cannot be parsed as a number`);
}

/** Of so many characters every one may be replaced without a look at the clock. */
const CHUNK = 65_536;

function mapAscii(input: JqValue, letters: RegExp, convert: (text: string) => string): string {
  if (typeof input !== "string") return fail("explode input must be a string");
  spendMemory(input.length);
  if (isAscii(input)) return convert(input);
  let text = "";
  for (let at = 0; at < input.length; at += CHUNK) {
    const chunk = input.slice(at, at + CHUNK);
    spendSteps(chunk.length >> 2);
    text += chunk.replace(letters, convert);
  }
  return text;
}

function explode(input: JqValue, { budget }: JqRun): JqValue {
  if (typeof input !== "string") return fail("explode input must be a string");
  budget.allocate(ELEMENT_BYTES * input.length);
  return Array.from(input, (char) => {
    budget.step();
    return char.codePointAt(0) ?? 0;
  });
}

function implode(input: JqValue, { budget }: JqRun): string {
  if (!isArray(input)) return fail("implode input must be an array");
  budget.allocateString(input.length);
  let text = "";
  for (const point of input) {
    budget.step();
    if (typeof point !== "number" || Number.isNaN(point)) {
      return fail(`${name(point)} can't be imploded, unicode codepoint needs to be numeric`);
    }
    const whole = Math.trunc(point);
    const isValid = whole >= 0 && whole <= 0x10ffff && (whole < 0xd800 || whole > 0xdfff);
    text += isValid ? String.fromCodePoint(whole) : "\ufffd";
  }
  return text;
}

const SPACES = String.raw`[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
const LEADING = new RegExp(`^${SPACES}+`);
const SPACE = new RegExp(SPACES);

function trim(input: JqValue, atStart: boolean, atEnd: boolean): string {
  if (typeof input !== "string") return fail("trim input must be a string");
  const start = atStart ? (LEADING.exec(input)?.[0].length ?? 0) : 0;
  if (!atEnd) return input.slice(start);
  let end = input.length;
  while (end > start && SPACE.test(input.charAt(end - 1))) {
    spendSteps(1);
    end--;
  }
  return input.slice(start, end);
}

function hasPrefix(input: JqValue, prefix: JqValue, caller: string): boolean {
  if (typeof input === "string" && typeof prefix === "string") return input.startsWith(prefix);
  return fail(`${caller}() requires string inputs`);
}

function hasSuffix(input: JqValue, suffix: JqValue, caller: string): boolean {
  if (typeof input === "string" && typeof suffix === "string") return input.endsWith(suffix);
  return fail(`${caller}() requires string inputs`);
}

function trimPrefix(input: JqValue, prefix: JqValue): JqValue {
  return hasPrefix(input, prefix, "startswith") ? toText(input).slice(toText(prefix).length) : input;
}

function trimSuffix(input: JqValue, suffix: JqValue): JqValue {
  if (!hasSuffix(input, suffix, "endswith")) return input;
  const text = toText(input);
  return text.slice(0, text.length - toText(suffix).length);
}

function indices(input: JqValue, part: JqValue, budget: JqBudget): JqValue {
  if (typeof input === "string" && typeof part === "string") return findText(input, part, budget);
  if (isArray(input)) {
    budget.steps(input.length);
    return findIndices(input, isArray(part) ? part : [part]);
  }
  return readIndex(input, part);
}

/** Where `part` begins in `text`, in code points; overlaps count. */
function findText(text: string, part: string, budget: JqBudget): readonly number[] {
  const found: number[] = [];
  if (part === "") return found;
  const isPlain = !hasSurrogates(text);
  let points = 0;
  let counted = 0;
  budget.steps(text.length >> 3);
  for (let at = findPart(text, part); at >= 0; at = findPart(text, part, at + 1)) {
    budget.step();
    budget.allocate(ELEMENT_BYTES);
    if (!isPlain) {
      points += countPoints(text, counted, at);
      counted = at;
    }
    found.push(isPlain ? at : points);
  }
  return found;
}

function pickIndex(found: JqValue, position: 0 | -1): JqValue {
  if (found === null) return null;
  return isArray(found) ? (found.at(position) ?? null) : readIndex(found, position);
}
