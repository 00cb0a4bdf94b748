import type { Random } from "../jq/random.ts";

type Document = Record<string, unknown>;

/** Names that something on the way could take for something else. */
const NAMES: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "../..",
  "..",
  ".",
  "a/b",
  "a%2Fb",
  "%",
  "%zz",
  "%00",
  "😀",
  "e\u0301",
  "\u202Eabc",
  "\uD800",
  "a b",
  "a+b",
  "a?b#c",
  "'; DROP TABLE entity; --",
  '"',
  "\\",
  "$identifier",
  "$.x",
  "{{ . }}",
  "null",
  "",
  "x".repeat(101),
  "x".repeat(1001),
  "\u0000",
  "\n",
  "Ⅷ١",
];

/** Patterns that cost some engine its time, its stack or its life, or are none. */
export const PATTERNS: readonly string[] = [
  "(a+)+$",
  "(a|aa)*b",
  "^(([a-z])+.)+[A-Z]([a-z])+$",
  "(?=x)y",
  "(?<n>a)\\k<n>",
  "[",
  "(",
  "a{1000}{1000}",
  "a{100000}",
  "(((((((((((((((((((((((((((((((x)))))))))))))))))))))))))))))))",
  "\\p{L}+",
  "\\u{110000}",
  "(?i)ab",
  ".*.*.*.*.*.*=.*",
  "^$",
  "\\",
];

/** jq that runs long, far, or against a wall. */
export const PROGRAMS: readonly string[] = [
  "[range(1e9)]",
  "def f: f; f",
  "def f: [f]; f",
  'reduce range(1e8) as $i (""; . + "xxxxxxxx")',
  "repeat(.)",
  "[limit(1000000; repeat(1))] | length",
  "input",
  "env",
  "$ENV.HOME",
  "getpath([1,2])",
  '.properties.text | test("(a+)+$")',
  "error({})",
  "halt",
  "@base64d",
  "[.[]?] | tojson | fromjson",
  ".[",
  "..|..|..",
  "tojson * 100000",
  'now | strftime("%Y")',
  '"\\(.)" | ascii_downcase | length',
];

export function toHostileName(random: Random): string {
  return random.pick(NAMES);
}

/** A value of no type that anybody expects. */
export function toHostileValue(random: Random): unknown {
  const makers: readonly (() => unknown)[] = [
    () => null,
    () => random.pick([true, false]),
    () => random.pick([0, -1, 1.5, 1e308, -0, 2 ** 53, 1e21, Number.MIN_VALUE]),
    () => random.pick(NAMES),
    () => random.pick(PATTERNS),
    () => random.pick(PROGRAMS),
    () => [],
    () => ({}),
    () => [null, {}, [], "x", 1],
    () => nest(random.pick([5, 50, 150, 199, 250])),
    () => "a".repeat(random.pick([30, 3000])) + "!",
    () => Object.fromEntries(random.list(random.integer(1, 30), (index) => [`k${index}`, index])),
    () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as unknown,
    () => random.list(random.pick([3, 300]), (index) => index),
    () => random.pick(["2024-13-45T99:99:99Z", "2024-05-01T10:00:00.000+0000", "9".repeat(400), "1e999", "NaN"]),
  ];
  return random.pick(makers)();
}

/** Nearly as much as a request may hold, or more. */
export function toBigText(random: Random): string {
  return random.pick(["x", "😀", '"', "\\", "\u0000"]).repeat(random.pick([100_000, 400_000, 900_000]));
}

function nest(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { n: value };
  return value;
}

/** The same document with one thing in it changed: a value, a key, or one more or fewer. */
export function damage(document: unknown, random: Random): unknown {
  const copy = structuredClone(document);
  const places: { readonly holder: Document | unknown[]; readonly key: string | number }[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const holder = value as Document | unknown[]; // an object is one of the two
    const keys = Array.isArray(holder) ? holder.keys() : Object.keys(holder);
    for (const key of keys) {
      places.push({ holder, key });
      walk((holder as Document)[key]);
    }
  };
  walk(copy);
  if (places.length === 0) return toHostileValue(random);
  const { holder, key } = random.pick(places);
  const target = holder as Document; // an array has its elements by the names of their positions
  switch (random.integer(0, 3)) {
    case 0:
      target[key] = toHostileValue(random);
      break;
    case 1:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete target[key];
      break;
    case 2:
      if (Array.isArray(holder)) holder.push(toHostileValue(random));
      else define(target, toHostileName(random), toHostileValue(random));
      break;
    default:
      if (Array.isArray(holder)) holder.unshift(holder[Number(key)]);
      else {
        const value = target[key];
        delete target[key];
        define(target, toHostileName(random), value);
      }
  }
  return copy;
}

/** Also for names that an assignment would take for something else. */
function define(target: Document, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
