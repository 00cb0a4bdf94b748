import { allOf } from "./jql-value.ts";
import type { Verdict } from "./jql-value.ts";

/** Words that Jira's index drops, so that searching for them matches in ways of its own. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  `a an and are as at be but by for if in into is it no not of on or s such t that the their then there these they this
  to was will with`.split(/\s+/),
);

/**
 * Whether Jira's text index would find the pattern in the text. The index stems words and splits them by rules of the
 * site's language, so only clear cases are decided: every word stands there as written, or nothing like one of them does.
 */
export function matchText(text: string, pattern: string): Verdict {
  const words = pattern.toLowerCase().trim().split(/ +/);
  if (!words.every(isPlainWord)) return "unknown";
  const haystack = text.toLowerCase();
  return allOf(words, (word) => matchWord(haystack, word));
}

/** No operators, wildcards, quotes or hyphens, and not a word with a meaning of its own. */
function isPlainWord(word: string): boolean {
  return /^[a-z][a-z0-9]+$/.test(word) && !STOP_WORDS.has(word);
}

function matchWord(haystack: string, word: string): Verdict {
  if (new RegExp(`(?<![^\\s,;!?()])${word}(?![^\\s,;!?()])`).test(haystack)) return "yes";
  // A stem may be a good deal shorter than its word, and letters with accents may be found without them.
  const stem = word.length < 6 ? word.slice(0, 1) : word.slice(0, 3);
  // eslint-disable-next-line no-control-regex -- the range of ASCII is what is meant
  const isAscii = /^[\x00-\x7f]*$/.test(haystack);
  return isAscii && !haystack.includes(stem) ? "no" : "unknown";
}
