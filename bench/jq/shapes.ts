import type { JqValue } from "../../src/jq/jq-engine.ts";
import type { Random } from "./random.ts";

/** What is known about a value before it exists. */
export type Shape =
  | { readonly kind: "plain"; readonly name: PlainName }
  | { readonly kind: "array"; readonly item: Shape }
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, Shape>> };

type PlainName = "null" | "boolean" | NumberName | StringName | "brokenTime" | "streamEvent" | "any";
type NumberName = "number" | "integer" | "timestamp" | "codepoint";
type StringName = "string" | "word" | "date" | "jiraDate" | "url" | "email" | "digits" | "json" | "base64" | "encoded";
type ComposedName =
  | "array" | "numbers" | "integers" | "strings" | "words" | "arrays" | "objects" | "codepoints" | "streamEvents"
  | "object" | "entry" | "entries"; // prettier-ignore
export type ShapeName = PlainName | ComposedName;

export const KEYS = ["a", "b", "c", "name", "id", "größe", "and", "toString", "constructor", "k 1"] as const;

const WORDS = [
  "", "a", "b", "abc", "Hello World", "a,b,c", "PROJ-12", "x-y_z", "ÄÖü ß", "日本語", "a😀b", "👩‍👩‍👧", "foo bar foo", "  padded ",
  "<b>&'\"", "line\nbreak", "tab\there", "100%", "aXbXc", "https://x.example/a/b?c=d", "null", "true", "-", "ab12cd345", "e\u0301",
] as const; // prettier-ignore

const PLAIN: Readonly<Record<PlainName, (random: Random) => JqValue>> = {
  null: () => null,
  boolean: (random) => random.chance(0.5),
  number: (random) =>
    random.pick([
      random.integer(-3, 12),
      random.integer(-1000, 1000) / 8,
      random.pick([0, 1, 0.1, -1.5, 1e3, 12345678901234, 0.00015, 123456789012, 3.999999]),
    ]),
  integer: (random) => random.integer(-2, 6),
  timestamp: (random) => random.integer(0, 2e9),
  codepoint: (random) => random.pick([65, 97, 48, 0xe9, 0x65e5, 0x1f600]),
  string: (random) => random.pick(WORDS),
  word: (random) => random.pick(["a", "b", "name", "abc", "PROJ-12", "x y", "ß"]),
  date: (random) => `${randomTime(random).toISOString().slice(0, 19)}Z`,
  jiraDate: (random) => `${randomTime(random).toISOString().slice(0, 19)}.000+0${random.integer(0, 9)}00`,
  url: (random) => `https://${random.pick(["a", "größe"])}.example/rest/api/3/issue/${random.integer(1, 99)}`,
  email: (random) => `${random.pick(["ana", "jörg", "x.y"])}@${random.pick(["a.example", "b.example.org"])}`,
  digits: (random) => random.pick([String(random.integer(-99, 9999)), "1.5", "-0.25", "1e3"]),
  json: (random) =>
    JSON.stringify(valueOf(shapeOf(random.pick(["number", "string", "strings", "object"]), random), random)),
  base64: (random) => Buffer.from(random.pick(WORDS)).toString("base64"),
  encoded: (random) => encodeURIComponent(random.pick(WORDS)),
  brokenTime: (random) => {
    const time = randomTime(random);
    const yearDay = (Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()) - Date.UTC(time.getUTCFullYear(), 0, 1)) / 86_400_000; // prettier-ignore
    const [month, day, weekDay] = [time.getUTCMonth(), time.getUTCDate(), time.getUTCDay()];
    return [time.getUTCFullYear(), month, day, time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds(), weekDay, yearDay]; // prettier-ignore
  },
  streamEvent: (random) => [[random.integer(0, 3)], random.integer(0, 9)],
  any: (random) =>
    valueOf(
      shapeOf(random.pick(["null", "boolean", "integer", "number", "string", "word", "numbers", "words"]), random),
      random,
    ),
};

/** What else may stand where a shape is wanted. */
const KINDS_OF: Partial<Readonly<Record<ShapeName, readonly ShapeName[]>>> = {
  number: ["integer", "timestamp", "codepoint"],
  string: ["word", "date", "jiraDate", "url", "email", "digits", "json", "base64", "encoded"],
  array: ["numbers", "integers", "strings", "words", "arrays", "objects", "codepoints", "streamEvents", "entries", "brokenTime"],
  numbers: ["integers", "codepoints"],
  strings: ["words"],
  objects: ["entries"],
  object: ["entry"],
}; // prettier-ignore

const COMPOSED: Readonly<Record<ComposedName, (random: Random) => Shape>> = {
  array: (random) => arrayOf(shapeOf(random.pick(["number", "string", "any", "object", "integers"]), random)),
  numbers: () => arrayOf(plain("number")),
  integers: () => arrayOf(plain("integer")),
  strings: () => arrayOf(plain("string")),
  words: () => arrayOf(plain("word")),
  arrays: (random) => arrayOf(shapeOf(random.pick(["numbers", "strings", "words"]), random)),
  objects: (random) => arrayOf(shapeOf("object", random)),
  codepoints: () => arrayOf(plain("codepoint")),
  streamEvents: () => arrayOf(plain("streamEvent")),
  object: (random) => {
    const names = ["number", "integer", "string", "word", "boolean", "null", "numbers", "strings", "any"] as const;
    const keys = random.some(KEYS, 1, 4);
    return objectOf(Object.fromEntries(keys.map((key) => [key, shapeOf(random.pick(names), random)])));
  },
  entry: (random) => objectOf({ key: plain("word"), value: shapeOf(random.pick(["number", "string", "any"]), random) }),
  entries: (random) => arrayOf(shapeOf("entry", random)),
};

const ITEMS_OF: Partial<Readonly<Record<ShapeName, ShapeName>>> = {
  array: "any",
  numbers: "number",
  integers: "integer",
  strings: "string",
  words: "word",
  arrays: "array",
  objects: "object",
  entries: "entry",
  codepoints: "codepoint",
  streamEvents: "streamEvent",
};

export function plain(name: PlainName): Shape {
  return { kind: "plain", name };
}

export function arrayOf(item: Shape): Shape {
  return { kind: "array", item };
}

export function objectOf(fields: Readonly<Record<string, Shape>>): Shape {
  return { kind: "object", fields };
}

export function shapeOf(name: ShapeName, random: Random): Shape {
  return Object.hasOwn(COMPOSED, name) ? COMPOSED[name as ComposedName](random) : plain(name as PlainName); // the two name all shapes
}

export function isShapeName(name: string): name is ShapeName {
  return Object.hasOwn(PLAIN, name) || Object.hasOwn(COMPOSED, name);
}

/** A value of the shape; now and then a part is missing, null or of another kind, as in real data. */
export function valueOf(shape: Shape, random: Random, noise = 0): JqValue {
  if (random.chance(noise)) return random.pick([null, null, random.integer(0, 9), random.pick(WORDS), [], {}, false]);
  switch (shape.kind) {
    case "plain":
      return PLAIN[shape.name](random);
    case "array":
      return random.list(random.integer(0, 4), () => valueOf(shape.item, random, noise));
    case "object": {
      const fields = Object.entries(shape.fields).filter(() => !random.chance(noise));
      return Object.fromEntries(fields.map(([key, field]) => [key, valueOf(field, random, noise)]));
    }
  }
}

export function isKindOf(name: ShapeName, wanted: ShapeName): boolean {
  return wanted === "any" || name === wanted || (KINDS_OF[wanted]?.includes(name) ?? false);
}

/** Whether a value of the shape is (nearly always) what the name promises. */
export function fits(shape: Shape, name: ShapeName): boolean {
  if (name === "any") return true;
  if (shape.kind === "plain") return isKindOf(shape.name, name);
  if (shape.kind === "object") {
    return name === "object" || (name === "entry" && "key" in shape.fields && "value" in shape.fields);
  }
  const item = ITEMS_OF[name];
  return item !== undefined && fits(shape.item, item);
}

function randomTime(random: Random): Date {
  return new Date(random.integer(0, 2e9) * 1000);
}
