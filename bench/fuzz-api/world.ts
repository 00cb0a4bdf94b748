import type { Random } from "../jq/random.ts";
import { PATTERNS, PROGRAMS, toBigText } from "./hostile.ts";

type Document = Record<string, unknown>;

/** Blueprints that stay, so that requests about their entities go on to make sense. */
export const LASTING = ["service", "team/one", "задача", "a+b@c"] as const;
/** Blueprints that come, change and go. */
const SCRATCH = ["scratch1", "scratch2", "scratch/3", "scratch+4", "scratch5"] as const;
const ENTITIES = 40;
const DAY = "2024-05-01T10:00:00.000Z";

export const toScratch = (random: Random): string => random.pick(SCRATCH);
export const toLasting = (random: Random): string => random.pick(LASTING);
export const toBlueprintName = (random: Random): string =>
  random.chance(0.85) ? toLasting(random) : toScratch(random);

/** One of few, so that requests meet, and the catalog does not grow without end. */
export function toIdentifier(random: Random): string {
  const number = random.integer(1, ENTITIES);
  return random.pick([`e${number}`, `e${number}`, `Größe-${number % 5}`, `a/b:${number % 5}`, `p@q+${number % 5}`]);
}

export function toBlueprint(identifier: string, random: Random): Document {
  return {
    identifier,
    title: `Title of ${identifier}`,
    icon: "Service",
    schema: {
      properties: {
        text: { type: "string", title: "Text" },
        choice: { type: "string", enum: ["a", "b", "c"] },
        number: { type: "number" },
        flag: { type: "boolean" },
        link: { type: "string", format: "url" },
        when: { type: "string", format: "date-time" },
        tags: { type: "array", items: { type: "string" } },
        any: { type: "object" },
        odd: { type: "array", uniqueItems: true },
        code: { type: "string", pattern: "^[a-z]{0,40}!?$" },
      },
      required: [],
    },
    relations: {
      parent: { target: identifier, many: false, required: false },
      others: { target: identifier, many: true, required: false },
    },
    mirrorProperties: { parentText: { path: "parent.text" } },
    calculationProperties: {
      shout: { calculation: ".properties.text | ascii_upcase", type: "string" },
      sum: { calculation: ".properties.number + 1", type: "number" },
    },
    aggregationProperties: {
      children: {
        title: "Children",
        target: identifier,
        calculationSpec: { calculationBy: "entities", func: "count" },
        pathFilter: [{ path: ["parent"], fromBlueprint: identifier }],
      },
    },
    ...(random.chance(0.1) && { ownership: { type: "Direct" } }),
  };
}

/** Properties that a validator could run into, or round and round in. */
const ODD_PROPERTIES: readonly Document[] = [
  { type: "array", uniqueItems: true },
  { type: "object", $ref: "#" },
  { type: "object", $ref: "#/properties/odd" },
  { type: "string", allOf: [{ pattern: "(a+)+$" }], not: {} },
  { type: "object", patternProperties: { "(a+)+$": {} }, additionalProperties: false },
  { type: "array", items: { type: "array", items: { type: "array", items: { type: "number" } } }, maxItems: 1e9 },
  { type: "number", multipleOf: 0.1, minimum: 1e308, maximum: -1e308 },
  { type: "string", enum: Array.from({ length: 3000 }, (_, index) => `v${index}`) },
  { type: "string", format: "date-time", default: "soon" },
];

/** A blueprint of the scratch ones, at times with a pattern, a schema or a program that is meant to hurt. */
export function toScratchBlueprint(identifier: string, random: Random): Document {
  const blueprint = toBlueprint(identifier, random);
  const { properties } = blueprint["schema"] as { properties: Document }; // as made above
  if (random.chance(0.3)) properties["code"] = { type: "string", pattern: random.pick(PATTERNS) };
  if (random.chance(0.2)) properties["odd"] = random.pick(ODD_PROPERTIES);
  if (random.chance(0.02)) {
    for (let index = 0; index < 600; index++) properties[`p${index}`] = { type: "string", maxLength: index };
  }
  if (random.chance(0.05)) {
    blueprint["calculationProperties"] = { bad: { calculation: random.pick(PROGRAMS), type: "string" } };
  }
  return blueprint;
}

export function toEntity(random: Random): Document {
  const properties: Document = {
    text: random.pick(["x", "", "é 💡", "null", "__proto__"]),
    choice: random.pick(["a", "b", "c", null]),
    number: random.pick([0, 1.5, -7, 1e15, null]),
    flag: random.pick([true, false, null]),
    link: "https://example.com/?q=1#x",
    when: random.pick([DAY, "2024-05-01T10:00:00.000+0000", null]),
    tags: random.some(["a", "b", "漢字"], 0, 3),
    any: random.pick([{}, { deep: [{ x: null }] }]),
    odd: random.pick([[], [{ a: 1 }, { a: 2 }], Array.from({ length: 500 }, (_, index) => ({ index }))]),
    code: `${"a".repeat(random.integer(0, 35))}${random.pick(["", "!"])}`,
  };
  const names = random.some(Object.keys(properties), 0, 9);
  const identifier = toIdentifier(random);
  return {
    identifier,
    ...(random.chance(0.5) && { title: `Title ${identifier}` }),
    ...(random.chance(0.2) && { team: random.pick(["t", ["t", "u"], [], null]) }),
    properties: Object.fromEntries(names.map((name) => [name, properties[name]])),
    ...(random.chance(0.4) && { relations: { parent: random.pick([null, identifier]) } }),
  };
}

/** An entity whose one text fills a request; they share three names, so that they take the place of each other. */
export function toBigEntity(random: Random): Document {
  return { identifier: `big${random.integer(1, 3)}`, properties: { text: toBigText(random) } };
}

const PROPERTIES = ["text", "choice", "number", "flag", "when", "tags", "parentText", "shout", "$title", "$updatedAt"];

export function toRule(random: Random, depth = 0): Document {
  const property = random.pick([...PROPERTIES, "$identifier", "$blueprint", "$team", "$datasource", "$createdAt"]);
  const text = random.pick(["a", "x", "e1", "Title", "%", "_", "*", "'", '"', "漢"]);
  const rules: readonly (() => Document)[] = [
    () => ({ property, operator: random.pick(["=", "!="]), value: text }),
    () => ({ property: "number", operator: random.pick([">", "<", ">=", "<="]), value: random.pick([0, 1.5, -7]) }),
    () => ({ property, operator: random.pick(["in", "notIn"]), value: [text, "b"] }),
    () => ({ property: "$title", operator: random.pick(["contains", "beginsWith", "endsWith"]), value: text }),
    () => ({ property, operator: random.pick(["isEmpty", "isNotEmpty"]) }),
    () => ({ property: "$updatedAt", operator: "between", value: { preset: random.pick(["today", "lastWeek"]) } }),
    () => ({ property: { path: ["parent"] }, operator: "matchAny", value: toIdentifier(random) }),
    () => ({ operator: "relatedTo", blueprint: toLasting(random), value: toIdentifier(random) }),
    () => ({
      combinator: "or",
      rules: random.list(depth > 3 ? 0 : random.integer(0, 3), () => toRule(random, depth + 1)),
    }),
  ];
  return random.pick(rules)();
}

export function toQuery(random: Random): Document {
  return {
    combinator: random.pick(["and", "or"]),
    rules: random.list(random.pick([0, 1, 1, 2, 3]), () => toRule(random)),
  };
}

export const toProperty = (random: Random): string => random.pick(PROPERTIES);
