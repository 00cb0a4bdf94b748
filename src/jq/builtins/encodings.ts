const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const encoder = new TextEncoder();

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Bytes that are no UTF-8 become U+FFFD, one for each sequence that was begun, as in jq. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const { point, length } = readPoint(bytes, at);
    text += String.fromCodePoint(point ?? 0xfffd);
    at += length;
  }
  return text;
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

export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second, third] = bytes.subarray(index, index + 3);
    text += ALPHABET.charAt(first >> 2);
    text += ALPHABET.charAt(((first & 3) << 4) | ((second ?? 0) >> 4));
    text += second === undefined ? "=" : ALPHABET.charAt(((second & 15) << 2) | ((third ?? 0) >> 6));
    text += third === undefined ? "=" : ALPHABET.charAt(third & 63);
  }
  return text;
}

/** Undefined when there is a character that does not belong; what is left over at the end is dropped. */
export function decodeBase64(digits: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let pending = 0;
  for (const char of digits) {
    const digit = ALPHABET.indexOf(char);
    if (digit < 0) return undefined;
    pending = ((pending << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((pending >> bits) & 255);
  }
  return Uint8Array.from(bytes);
}
