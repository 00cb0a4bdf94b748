import { isAscii } from "../code-points.ts";
import { spendLength, spendMemory, spendSteps } from "../jq-budget.ts";

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const CHUNK = 8192;

function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Bytes that are no UTF-8 become U+FFFD, one for each sequence that was begun, as in jq. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeLoosely(bytes);
  }
}

function decodeLoosely(bytes: Uint8Array): string {
  const chars: string[] = [];
  for (let at = 0; at < bytes.length;) {
    spendSteps(1);
    spendMemory(16);
    const { point, length } = readPoint(bytes, at);
    chars.push(String.fromCodePoint(point ?? 0xfffd));
    at += length;
  }
  return chars.join("");
}

/** The smallest code point that needs this many bytes. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000];

function readPoint(bytes: Uint8Array, at: number): { readonly point: number | undefined; readonly length: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { point: first, length: 1 };
  const length =
    first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 1;
  if (length === 1) return { point: undefined, length };
  if (at + length > bytes.length) return { point: undefined, length: bytes.length - at };
  let point = first & (0x7f >> length);
  for (let offset = 1; offset < length; offset++) {
    const next = bytes[at + offset] ?? 0;
    if ((next & 0xc0) !== 0x80) return { point: undefined, length: offset };
    point = (point << 6) | (next & 0x3f);
  }
  const isValid = point >= (SMALLEST[length] ?? 0) && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return { point: isValid ? point : undefined, length };
}

export function encodeBase64(text: string): string {
  const bytes = isAscii(text) ? text : encodeUtf8(text);
  spendSteps(bytes.length >> 2);
  spendLength(Math.ceil(bytes.length / 3) * 4);
  if (typeof bytes === "string") return btoa(bytes);
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}

/** Undefined when there is a character that does not belong; padding must be gone. */
export function decodeBase64(digits: string): Uint8Array | undefined {
  spendSteps(digits.length >> 2);
  if (!/^[A-Za-z0-9+/]*$/.test(digits)) return undefined;
  const binary = atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
