import { WORD_SET } from "./regex-classes.ts";
import type { RegexNode } from "./regex-node.ts";

/** A pattern that JavaScript's own matcher reads in the same way. */
export interface NativeRegex {
  readonly source: string;
  readonly flags: string;
  /** How many repetitions can compete for the same text: the exponent of the worst case. */
  readonly degree: number;
  /** JavaScript looks into the middle of a surrogate pair then. */
  readonly looksBehind: boolean;
}

/** What a search may cost in the worst case before JavaScript's matcher, which cannot be stopped, is not trusted with it. */
export const MAX_COST = 3e7;
const MANY = 10;

/** Undefined when the meaning, or the time it takes, could differ. */
export function toNativeRegex(body: RegexNode): NativeRegex | undefined {
  const translation = { degree: 0, cases: new Set<boolean>() };
  const source = translate(body, false, translation);
  if (source === undefined || translation.cases.size > 1) return undefined;
  const flags = translation.cases.has(true) ? "iu" : "u";
  return { source, flags, degree: translation.degree, looksBehind: source.includes("(?<") };
}

/** How many steps searching `length` characters takes in the worst case. */
export function estimateCost({ degree }: NativeRegex, length: number): number {
  let cost = length;
  for (let level = 1; level <= degree; level++) cost *= length / (level + 1);
  return cost;
}

interface Translation {
  degree: number;
  readonly cases: Set<boolean>;
}

function translate(node: RegexNode, isRepeated: boolean, translation: Translation): string | undefined {
  switch (node.kind) {
    case "empty":
      return "";
    case "set":
      translation.cases.add(node.ignoresCase);
      return node.source;
    case "start":
      return "^";
    case "end":
      return "$";
    case "endOrNewline":
      return String.raw`(?=\n?$)`;
    case "lineStart":
      return String.raw`(?<=^|\n)`;
    case "lineEnd":
      return String.raw`(?=\n|$)`;
    case "boundary": {
      const inside = `(?<=${WORD_SET})(?=${WORD_SET})|(?<!${WORD_SET})(?!${WORD_SET})`;
      return node.negated ? `(?:${inside})` : `(?!${inside})`;
    }
    case "sequence":
      return join(node.parts, "", isRepeated, translation);
    case "alternatives": {
      const inside = join(node.parts, "|", isRepeated, translation);
      return inside === undefined ? undefined : `(?:${inside})`;
    }
    case "group": {
      // JavaScript forgets what a group took in an earlier repetition.
      const inside = isRepeated ? undefined : translate(node.body, isRepeated, translation);
      return inside === undefined ? undefined : `(${inside})`;
    }
    case "look": {
      const inside = node.behind ? undefined : translate(node.body, isRepeated, translation);
      return inside === undefined ? undefined : `(?${node.negated ? "!" : "="}${inside})`;
    }
    case "repeat": {
      const isMany = node.maximum > MANY;
      if (isMany && isRepeated) return undefined;
      if (isMany) translation.degree++;
      const inside = translate(node.body, isRepeated || node.maximum > 1, translation);
      const maximum = node.maximum === Infinity ? "" : String(node.maximum);
      const suffix = `{${node.minimum},${maximum}}${node.isGreedy ? "" : "?"}`;
      return inside === undefined ? undefined : `(?:${inside})${suffix}`;
    }
    case "atomic":
    case "reference":
      return undefined;
  }
}

function join(
  parts: readonly RegexNode[],
  separator: string,
  isRepeated: boolean,
  translation: Translation,
): string | undefined {
  const translated = parts.map((part) => translate(part, isRepeated, translation));
  return translated.includes(undefined) ? undefined : translated.join(separator);
}
