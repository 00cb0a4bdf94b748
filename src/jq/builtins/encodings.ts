const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Bytes that are no UTF-8 become U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
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
export function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/=+$/, "");
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
