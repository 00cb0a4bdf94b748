import { spendLength, spendMemory, spendSteps } from "../jq-budget.ts";
import type { JqValue } from "../jq-engine.ts";
import { countBytes, fail, isArray, name, toJson, toText } from "../jq-value.ts";
import { decodeBase64, decodeUtf8, encodeBase64 } from "./encodings.ts";

/** What escapes itself comes first. */
const HTML = [["&", "&amp;"], ["<", "&lt;"], [">", "&gt;"], ["'", "&apos;"], ['"', "&quot;"]] as const; // prettier-ignore
/** What JavaScript leaves as it is. */
const URI = [["!", "%21"], ["'", "%27"], ["(", "%28"], [")", "%29"], ["*", "%2A"]] as const; // prettier-ignore
const TSV = [["\\", "\\\\"], ["\t", "\\t"], ["\n", "\\n"], ["\r", "\\r"]] as const; // prettier-ignore

const FORMATS: ReadonlyMap<string, (value: JqValue) => string> = new Map([
  ["text", toText],
  ["json", toJson],
  ["html", (value: JqValue) => escape(toText(value), HTML)],
  ["uri", (value: JqValue) => toUri(toText(value))],
  ["urid", (value: JqValue) => fromUri(toText(value))],
  ["csv", (value: JqValue) => toRow(value, "csv", ",", (text) => `"${replaceEach(text, '"', '""')}"`)],
  ["tsv", (value: JqValue) => toRow(value, "tsv", "\t", (text) => escape(text, TSV))],
  ["sh", toShell],
  ["base64", (value: JqValue) => encodeBase64(toText(value))],
  ["base64d", (value: JqValue) => fromBase64(toText(value))],
]);

/** What `@name` makes of a value. */
export function formatText(format: string, value: JqValue): string {
  const convert = FORMATS.get(format);
  return convert === undefined ? fail(`${format} is not a valid format`) : convert(value);
}

function escape(text: string, escapes: readonly (readonly [string, string])[]): string {
  let escaped = text;
  for (const [char, replacement] of escapes) escaped = replaceEach(escaped, char, replacement);
  return escaped;
}

/** So many characters are searched at once: where each of them has to be replaced, that takes its time. */
const CHUNK = 65_536;

function replaceEach(text: string, char: string, replacement: string): string {
  let replaced = "";
  for (let at = 0; at < text.length; at += CHUNK) {
    const chunk = text.slice(at, at + CHUNK);
    spendSteps(chunk.length >> 4);
    const changed = chunk.replaceAll(char, replacement);
    if (changed !== chunk) spendMemory(changed.length);
    replaced += changed;
    spendLength(replaced.length);
  }
  return replaced;
}

function toUri(text: string): string {
  spendSteps(text.length);
  spendLength(countBytes(text));
  const encoded = encodeURIComponent(text.toWellFormed());
  spendMemory(encoded.length);
  return escape(encoded, URI);
}

function fromUri(text: string): string {
  spendSteps(text.length);
  spendMemory(text.length);
  try {
    return decodeURIComponent(text.toWellFormed());
  } catch {
    return fail(`${name(text)} is not a valid uri encoding`);
  }
}

function toRow(value: JqValue, format: string, separator: string, quote: (text: string) => string): string {
  if (!isArray(value)) return fail(`${name(value)} cannot be ${format}-formatted, only array`);
  return joinCells(value, separator, (cell) => {
    if (typeof cell === "string") return quote(cell);
    if (cell === null || Number.isNaN(cell)) return "";
    if (typeof cell === "object") return fail(`${name(cell)} is not valid in a csv row`);
    return toJson(cell);
  });
}

/** The texts of the cells, each paid for before the next one is made. */
function joinCells(cells: readonly JqValue[], separator: string, toCell: (cell: JqValue) => string): string {
  let length = 0;
  const texts = cells.map((cell) => {
    if (typeof cell === "string") spendSteps(cell.length >> 4);
    const text = toCell(cell);
    spendSteps(1);
    spendMemory(64 + text.length);
    length += text.length + separator.length;
    spendLength(length);
    return text;
  });
  return texts.join(separator);
}

function toShell(value: JqValue): string {
  return joinCells(isArray(value) ? value : [value], " ", (item) => {
    if (typeof item === "string") return `'${replaceEach(item, "'", String.raw`'\''`)}'`;
    if (typeof item === "object" && item !== null) return fail(`${name(item)} can not be escaped for shell`);
    return toJson(item);
  });
}

function fromBase64(text: string): string {
  const [digits = ""] = text.split("=");
  const bytes = decodeBase64(digits);
  if (bytes === undefined) return fail(`${name(text)} is not valid base64 data`);
  if (digits.length % 4 === 1) return fail(`${name(text)} trailing base64 byte found`);
  return decodeUtf8(bytes);
}
