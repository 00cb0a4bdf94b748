/**
 * Randomness without state: every value is a function of the seed, the number of the thing and what is asked about it,
 * so that thing N is the same whenever, and in whatever order, somebody looks at it.
 */
export type Random = (n: number, about: number) => number;

/** An unsigned 32-bit number for each (n, about). */
export function createRandom(seed: number): Random {
  const start = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  return (n, about) => {
    let hash = start ^ Math.imul((n + 0x7f4a7c15) | 0, 0xc2b2ae35) ^ Math.imul(about + 1, 0x27d4eb2f);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    hash ^= hash >>> 12;
    hash = Math.imul(hash, 0x297a2d39);
    hash ^= hash >>> 15;
    return hash >>> 0;
  };
}

/** The 32-bit number as a fraction in [0, 1). */
export function toFraction(random: number): number {
  return random / 4294967296;
}

/** `count` hexadecimal digits for thing `n`. */
export function toHex(random: Random, n: number, about: number, count: number): string {
  let digits = "";
  for (let part = 0; digits.length < count; part++) {
    digits += random(n, about * 64 + part)
      .toString(16)
      .padStart(8, "0");
  }
  return digits.slice(0, count);
}

export function toUuid(random: Random, n: number, about: number): string {
  const hex = toHex(random, n, about, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** A 32-bit hash of a text, to seed what depends on a name. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
