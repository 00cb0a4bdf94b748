import type { SearchScalar } from "../../model/search.ts";

/**
 * Values of properties are compared, sorted, grouped and indexed as texts, their keys: numbers (and true and false, as 1
 * and 0) before texts before lists, each in its order. So one index over keys serves them all. The key of a number is
 * made of its bits, in hexadecimal: those of positive numbers grow with them, those of negative ones are turned round.
 * The functions number_key and value_key of the schema make the same keys.
 */
export function toKey(value: string | number | boolean): string {
  if (typeof value === "string") return `2${value}`;
  const number = Number(value);
  return number < 0 ? `0${turnRound(toHex(-number))}` : `1${toHex(number)}`;
}

/** Every number is below it, every text above. */
export const AFTER_NUMBERS = "2";

/** The value of a key. Of a list or an object it is its JSON text. */
export function fromKey(key: string | null): SearchScalar {
  if (key === null) return null;
  const [kind, text] = [key[0], key.slice(1)];
  if (kind === "0") return -fromHex(turnRound(text));
  if (kind === "1") return fromHex(text);
  return kind === "3" ? JSON.stringify(JSON.parse(text)) : text;
}

function toHex(number: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number === 0 ? 0 : number); // not the negative zero
  return bytes.toString("hex");
}

function fromHex(hex: string): number {
  return Buffer.from(hex, "hex").readDoubleBE();
}

function turnRound(hex: string): string {
  return hex.replaceAll(/./g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16));
}
