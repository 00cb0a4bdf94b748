import { spendLength, spendMemory, spendSteps } from "./jq-budget.ts";
import { JqError, MAX_MESSAGE_LENGTH } from "./jq-errors.ts";
import type { JqValue } from "./jq-engine.ts";
import { compareStrings } from "./code-points.ts";
import { sortedKeys } from "./sorted-keys.ts";

export type JqObject = { readonly [key: string]: JqValue };
export type JqType = "null" | "boolean" | "number" | "string" | "array" | "object";

export function typeOf(value: JqValue): JqType {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value as JqType; // the other primitives share their names with jq
  return Array.isArray(value) ? "array" : "object";
}

export function isArray(value: JqValue): value is readonly JqValue[] {
  return Array.isArray(value);
}

export function isObject(value: JqValue): value is JqObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isTruthy(value: JqValue): boolean {
  return value !== null && value !== false;
}

/** The own field of an object, whatever its name; null when it has none. */
export function getField(object: JqObject, key: string): JqValue {
  const value: unknown = object[key];
  // What every JavaScript object answers to is a function, which no value of jq is, or its prototype.
  if (typeof value === "function" || (key === "__proto__" && !Object.hasOwn(object, key))) return null;
  return (value as JqValue | undefined) ?? null; // an own field, or none
}

/** Writes into an object that nobody else has seen yet. */
export function writeField(object: { [key: string]: JqValue }, key: string, value: JqValue): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else object[key] = value;
}

export function copyObject(object: JqObject): { [key: string]: JqValue } {
  return { ...object };
}

const RANKS: Readonly<Record<JqType, number>> = { null: 0, boolean: 1, number: 3, string: 4, array: 5, object: 6 };

function rankOf(value: JqValue): number {
  return value === true ? 2 : RANKS[typeOf(value)];
}

/** The total order of jq: null, false, true, numbers, strings, arrays, objects. NaN comes before every number. */
export function compareValues(left: JqValue, right: JqValue): number {
  if (typeof left === "number" && typeof right === "number") {
    if (left < right || Number.isNaN(left)) return -1;
    return left === right ? 0 : 1;
  }
  if (typeof left === "string" && typeof right === "string") return compareStrings(left, right);
  const rank = rankOf(left) - rankOf(right);
  if (rank !== 0) return rank;
  if (isArray(left) && isArray(right)) return compareArrays(left, right);
  if (isObject(left) && isObject(right)) return compareObjects(left, right);
  return 0;
}

function compareArrays(left: readonly JqValue[], right: readonly JqValue[]): number {
  spendSteps(1);
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const order = compareValues(left[index] ?? null, right[index] ?? null);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareObjects(left: JqObject, right: JqObject): number {
  spendSteps(1);
  const keys = sortedKeys(left);
  const order = compareArrays(keys, sortedKeys(right));
  if (order !== 0) return order;
  for (const key of keys) {
    const fieldOrder = compareValues(getField(left, key), getField(right, key));
    if (fieldOrder !== 0) return fieldOrder;
  }
  return 0;
}

/** Comparing shorter texts is no more than a step. */
const LONG_TEXT = 1024;

export function isEqual(left: JqValue, right: JqValue): boolean {
  if (typeof left === "string" && left.length > LONG_TEXT) spendSteps(left.length >> 6);
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return left === right;
  return compareValues(left, right) === 0;
}

/** As jq prints it: 17 digits at most, an exponent outside of 1e-5 to 1e17. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "null";
  if (Object.is(value, -0)) return "-0";
  if (!Number.isFinite(value)) return value > 0 ? "1.7976931348623157e+308" : "-1.7976931348623157e+308";
  const plain = String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return plain;
  const [mantissa = "", exponentText = ""] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  const digits = mantissa.replace(/[-.]/g, "");
  if (exponent < -4 || exponent >= digits.length + 15) {
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  // JavaScript writes exponents from 1e21 on; jq may still write all digits there.
  return plain.includes("e") ? (value < 0 ? "-" : "") + digits.padEnd(exponent + 1, "0") : plain;
}

// oxlint-disable-next-line no-control-regex -- control characters are what has to be escaped
const ESCAPED = /["\\\u0000-\u001f\u007f\ud800-\udfff]/;

export function quoteString(text: string): string {
  spendSteps(text.length >> 4);
  if (!ESCAPED.test(text)) return `"${text}"`;
  spendMemory(text.length);
  return JSON.stringify(text.toWellFormed()).replaceAll("\u007f", "\\u007f");
}

/** The JSON text of a value, in the form of jq. */
export function toJson(value: JqValue): string {
  if (typeof value === "string") return quoteString(value);
  if (typeof value === "number") return formatNumber(value);
  if (typeof value !== "object" || value === null) return String(value);
  let text = "";
  spendSteps(1);
  if (isArray(value)) {
    spendMemory(48 * value.length);
    for (let index = 0; index < value.length; index++) {
      spendSteps(1);
      text += (index > 0 ? "," : "") + toJson(value[index] ?? null);
    }
    spendLength(text.length);
    return `[${text}]`;
  }
  const keys = Object.keys(value);
  spendMemory(96 * keys.length);
  for (const key of keys) {
    text += `${text === "" ? "" : ","}${quoteString(key)}:${toJson(getField(value, key))}`;
  }
  spendLength(text.length);
  return `{${text}}`;
}

export function toText(value: JqValue): string {
  return typeof value === "string" ? value : toJson(value);
}

const MAX_DESCRIBED_BYTES = 29;
const CLOSERS: Readonly<Record<string, string>> = { '"': '"', "[": "]", "{": "}" };

/** A value as it stands in a message: its JSON text, cut after 29 bytes. */
export function describe(value: JqValue): string {
  const text = toShortJson(value, 2 * MAX_DESCRIBED_BYTES);
  if (countBytes(text) <= MAX_DESCRIBED_BYTES) return text;
  const closer = CLOSERS[text.charAt(0)] ?? "";
  const room = MAX_DESCRIBED_BYTES - 3 - closer.length;
  let cut = "";
  let bytes = 0;
  for (const char of text) {
    bytes += countBytes(char);
    if (bytes > room) break;
    cut += char;
  }
  return `${cut}...${closer}`;
}

/** The JSON text, or at least its first `length` characters. */
function toShortJson(value: JqValue, length: number): string {
  if (length <= 0) return "";
  if (typeof value === "string") return quoteString(value.slice(0, length));
  if (isArray(value)) return `[${joinShort(value, length, (item, rest) => toShortJson(item, rest))}]`;
  if (!isObject(value)) return toJson(value);
  const keys = Object.keys(value);
  spendSteps(keys.length >> 2);
  const fields = joinShort(keys, length, (key, rest) => {
    return `${quoteString(key)}:${toShortJson(getField(value, key), rest)}`;
  });
  return `{${fields}}`;
}

function joinShort<Item>(items: readonly Item[], length: number, toText: (item: Item, rest: number) => string): string {
  let text = "";
  for (const item of items) {
    if (text.length > length) break;
    text += (text === "" ? "" : ",") + toText(item, length - text.length - 1);
  }
  return text;
}

export function countBytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // Half of a pair counts 2 of its 4 bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** `type (value)`, the way messages name a value. */
export function name(value: JqValue): string {
  return `${typeOf(value)} (${describe(value)})`;
}

/** Raises a value, as `error` does. */
export function raise(value: JqValue): never {
  if (typeof value === "string") throw new JqError(value);
  const text = toShortJson(value, MAX_MESSAGE_LENGTH);
  const quoted = text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}...` : text;
  throw new JqError(value, `${quoted} (not a string)`);
}

export function fail(message: string): never {
  throw new JqError(message);
}
