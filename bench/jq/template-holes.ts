import type { Random } from "./random.ts";
import { KEYS } from "./shapes.ts";

const REGEXES = [
  "a", "[a-z]+", "\\\\d+", "(?<x>[a-z])(?<y>[0-9])?", "^.", "$", "", "b|c", "(a)(b)?", "\\\\s+", "[^a-z]", "(?i)AB", ",\\\\s*", "^(?<key>[A-Z]+)-(?<n>\\\\d+)",
  "o{2}", "\\\\bfoo\\\\b", ".", "é|日", "(?:x|y)+?", "x(?=b)", "[A-Z]{2,}", "\\\\.", "a.c", "(?<first>\\\\w+) (?<second>\\\\w+)", "[[:alpha:]]+", "(",
] as const; // prettier-ignore

const FIXED = {
  operator: ["+", "-", "*", "/", "%", "//", "and", "or", ",", "|"],
  flags: ['"g"', '"gi"', "null", '""', '"x"', '"s"', '"gn"', '"i"', '"gis"', '"q"'],
  replacement: [
    '"-"',
    '""',
    '"<\\(.x)>"',
    '"[\\(tojson)]"',
    '.key // "?"',
    '"1", "2"',
    '"\\(.x // "none")"',
    '"$&"',
    '(.x | ascii_upcase?) // "z"',
  ],
  format: [
    '"text"',
    '"json"',
    '"csv"',
    '"tsv"',
    '"html"',
    '"uri"',
    '"urid"',
    '"sh"',
    '"base64"',
    '"base64d"',
    '"base32"',
    '"base32d"',
    '"nope"',
  ],
  timeFormat: [
    '"%Y-%m-%d"',
    '"%Y-%m-%dT%H:%M:%SZ"',
    '"%H:%M:%S"',
    '"%A, %B %d, %Y"',
    '"%j %U %w %e"',
    '"%s"',
    '"%I %p %y %b %a %%"',
    '"%D %T %R %F"',
    '"%u %V %G %C"',
    '""',
  ],
  entryFilter: [
    ".value |= tostring",
    "select(.value != null)",
    ".key |= ascii_upcase",
    "{key: .value | tostring, value: .key}",
    ".value += 1",
    'select(.key | startswith("a"))',
    ".key as $k | .value = $k",
    "empty",
    '.key += "_x"',
    "{name: .key, v: .value}",
  ],
  stream: [
    ".[]?",
    "..",
    "1, 2, 3",
    "range(4)",
    "empty",
    "null, false, 1",
    ".[]?, 7",
    "(.[]? | .[]?)",
    '"a", "b"',
    '1, error("x"), 2',
    "keys?[]",
  ],
  literal: [
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "3.25",
    "1e3",
    "1E-2",
    ".5",
    "100000000000000000",
    '""',
    '"a\\tb"',
    '"\\u00e9\\ud83d\\ude00"',
    '"\\\\ \\" \\/"',
    "[]",
    "{}",
    "[1,[2]]",
    '{"a":{"b":[]}}',
    "1.5e300",
    '"\'"',
    "0.1",
    "5e-324",
    "12345678901",
  ],
  location: [
    "[]",
    '["a"]',
    '["a", "b"]',
    "[0]",
    "[-1]",
    '["a", 0]',
    '[{"start": 1, "end": null}]',
    '["name"]',
    '["k 1"]',
    "[null]",
    "[2]",
    '["toString"]',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type FixedHole = keyof typeof FIXED;
export type SpecialHole = FixedHole | "regex" | "key";

export function isSpecialHole(name: string): name is SpecialHole {
  return Object.hasOwn(FIXED, name) || name === "regex" || name === "key";
}

/** What stands in a hole that the input's shape has no say in. */
export function fillSpecialHole(hole: SpecialHole, random: Random): string {
  switch (hole) {
    case "regex":
      return `"${random.pick(REGEXES)}"`;
    case "key":
      return JSON.stringify(random.pick(KEYS));
    default:
      return random.pick(FIXED[hole]);
  }
}
