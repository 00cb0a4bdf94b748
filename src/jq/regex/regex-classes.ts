/** The classes of Oniguruma as the inside of a class of JavaScript's `u` mode. */
const WORD = String.raw`\p{Alphabetic}\p{M}\p{N}\p{Pc}`;
const SPACE = String.raw`\p{White_Space}`;
const DIGIT = String.raw`\p{Nd}`;

export const WORD_SET = `[${WORD}]`;

/** `\w` and the like, also inside of a class. */
export const SHORTHANDS: Readonly<Record<string, { readonly source: string; readonly negated: boolean }>> = {
  w: { source: WORD, negated: false },
  W: { source: WORD, negated: true },
  s: { source: SPACE, negated: false },
  S: { source: SPACE, negated: true },
  d: { source: DIGIT, negated: false },
  D: { source: DIGIT, negated: true },
};

/** `[:name:]`. */
export const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: String.raw`\p{Alphabetic}\p{Nd}`,
  alpha: String.raw`\p{Alphabetic}`,
  ascii: String.raw`\0-\x7f`,
  blank: String.raw`\p{Zs}\t`,
  cntrl: String.raw`\p{Cc}`,
  digit: DIGIT,
  lower: String.raw`\p{Lowercase}`,
  punct: String.raw`\p{P}$+<=>^\`|~`.replace("\\`", "`"),
  space: SPACE,
  upper: String.raw`\p{Uppercase}`,
  word: WORD,
  xdigit: "0-9A-Fa-f",
};

/** `\p{name}`: general categories, which both sides spell alike. */
export const CATEGORY = /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?)$/;

const NAMED: Readonly<Record<string, string>> = {
  alnum: "alnum",
  alpha: "alpha",
  digit: "digit",
  lower: "lower",
  space: "space",
  upper: "upper",
};

/** The inside of a class for `\p{name}`, if the name is known. */
export function findProperty(name: string): string | undefined {
  if (CATEGORY.test(name)) return String.raw`\p{${name}}`;
  const posix = NAMED[name.toLowerCase()];
  return posix === undefined ? undefined : POSIX_CLASSES[posix];
}

export function escapePoint(point: number): string {
  return String.raw`\u{${point.toString(16)}}`;
}

/** What is not in `source`, as the inside of a class; only possible for one property. */
export function negateSource(source: string): string | undefined {
  const property = /^\\p(\{\w+\})$/.exec(source)?.[1];
  return property === undefined ? undefined : String.raw`\P${property}`;
}
