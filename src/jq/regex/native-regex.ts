import { WORD_SET } from "./regex-classes.ts";
import type { RegexNode } from "./regex-node.ts";

/** A pattern that JavaScript's own matcher reads in the same way. */
export interface NativeRegex {
  readonly source: string;
  readonly flags: string;
  /** How many repetitions can compete for the same text: the exponent of the worst case. */
  readonly degree: number;
  /** In how many ways everything else can match at one place. */
  readonly choices: number;
  /** JavaScript looks into the middle of a surrogate pair then. */
  readonly looksBehind: boolean;
}

/** What a search may cost in the worst case before JavaScript's matcher, which cannot be stopped, is not trusted with it. */
export const MAX_COST = 3e7;
const MANY = 10;

/** Undefined when the meaning, or the time it takes, could differ. */
export function toNativeRegex(body: RegexNode): NativeRegex | undefined {
  const translation = { degree: 0, choices: 1, cases: new Set<boolean>() };
  const source = translate(body, 1, translation);
  if (source === undefined || translation.cases.size > 1 || translation.choices > MAX_COST) return undefined;
  const flags = translation.cases.has(true) ? "iu" : "u";
  return {
    source,
    flags,
    degree: translation.degree,
    choices: translation.choices,
    looksBehind: source.includes("(?<"),
  };
}

/** How many steps searching `length` characters takes in the worst case. */
export function estimateCost({ degree, choices }: NativeRegex, length: number): number {
  let cost = length * choices;
  for (let level = 1; level <= degree; level++) cost *= length / (level + 1);
  return cost;
}

interface Translation {
  degree: number;
  choices: number;
  readonly cases: Set<boolean>;
}

/** `times`: how often the node may occur in a row; Infinity for anything that is many. */
function translate(node: RegexNode, times: number, translation: Translation): string | undefined {
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
      return join(node.parts, "", times, translation);
    case "alternatives": {
      translation.choices *= power(node.parts.length, times);
      const inside = join(node.parts, "|", times, translation);
      return inside === undefined ? undefined : `(?:${inside})`;
    }
    case "group": {
      // JavaScript forgets what a group took in an earlier repetition.
      const inside = times > 1 ? undefined : translate(node.body, times, translation);
      return inside === undefined ? undefined : `(${inside})`;
    }
    case "look": {
      const inside = node.behind ? undefined : translate(node.body, times, translation);
      return inside === undefined ? undefined : `(?${node.negated ? "!" : "="}${inside})`;
    }
    case "repeat": {
      const isMany = node.maximum > MANY;
      if (isMany && times > 1) return undefined;
      if (isMany) translation.degree++;
      else translation.choices *= power(node.maximum - node.minimum + 1, times);
      const inside = translate(node.body, isMany ? Infinity : times * Math.max(1, node.maximum), translation);
      const maximum = node.maximum === Infinity ? "" : String(node.maximum);
      const suffix = `{${node.minimum},${maximum}}${node.isGreedy ? "" : "?"}`;
      return inside === undefined ? undefined : `(?:${inside})${suffix}`;
    }
    case "atomic":
    case "reference":
      return undefined;
  }
}

/** One way stays one way, however often. */
function power(ways: number, times: number): number {
  return ways === 1 ? 1 : ways ** times;
}

function join(
  parts: readonly RegexNode[],
  separator: string,
  times: number,
  translation: Translation,
): string | undefined {
  const translated = parts.map((part) => translate(part, times, translation));
  return translated.includes(undefined) ? undefined : translated.join(separator);
}
