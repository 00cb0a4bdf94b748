type Document = Record<string, unknown>;

/** Numbers that are the same in every run. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0];
  }
}

const WORDS = ["alpha", "béta", "漢字", "with/slash", "a+b", "c:d", "e@f", "g\\h", "i.j", "k_l"] as const;

export function toName(dice: Dice, index: number): string {
  return `${dice.pick(WORDS)}-${index}`;
}

interface Kind {
  readonly definition: Document;
  readonly values: readonly [unknown, ...unknown[]];
  readonly wrong: unknown;
}

/** Every type and format, with values that fit and one that does not. */
const KINDS: Readonly<Record<string, Kind>> = {
  text: { definition: { type: "string", title: "Text" }, values: ["x", "", "é 💡"], wrong: 1 },
  choice: {
    definition: { type: "string", enum: ["a", "b"], enumColors: { a: "red", b: "paleBlue" } },
    values: ["a", "b"],
    wrong: "c",
  },
  pattern: { definition: { type: "string", pattern: "^[a-z]+$", maxLength: 5 }, values: ["abc"], wrong: "ABC" },
  url: { definition: { type: "string", format: "url" }, values: ["https://example.com/x?y=1#z"], wrong: "x" },
  email: { definition: { type: "string", format: "email" }, values: ["a@example.com"], wrong: "a" },
  time: {
    definition: { type: "string", format: "date-time" },
    values: ["2023-11-06T11:02:59.000+0000", "2023-11-06T11:02:59Z"],
    wrong: "yesterday",
  },
  ipv4: { definition: { type: "string", format: "ipv4" }, values: ["127.0.0.1"], wrong: "::1" },
  ipv6: { definition: { type: "string", format: "ipv6" }, values: ["::1"], wrong: "127.0.0.1" },
  yaml: { definition: { type: "string", format: "yaml" }, values: ["a: 1"], wrong: {} },
  markdown: { definition: { type: "string", format: "markdown" }, values: ["# x"], wrong: [] },
  user: { definition: { type: "string", format: "user" }, values: ["a@example.com"], wrong: true },
  number: { definition: { type: "number", minimum: 0, maximum: 10 }, values: [0, 1.5, 10], wrong: 11 },
  boolean: { definition: { type: "boolean" }, values: [true, false], wrong: "true" },
  object: { definition: { type: "object" }, values: [{}, { a: { b: [1, null] } }], wrong: [] },
  link: {
    definition: { type: "object", format: "labeled-url" },
    values: [{ url: "https://example.com", displayText: "x" }],
    wrong: { url: "x" },
  },
  list: { definition: { type: "array", maxItems: 3 }, values: [[], [1, "a", null]], wrong: [1, 2, 3, 4] },
  texts: {
    definition: { type: "array", items: { type: "string", format: "email" } },
    values: [["a@example.com"]],
    wrong: ["a"],
  },
};
const NAMES = Object.keys(KINDS) as [string, ...string[]]; // the table above is not empty

/** A blueprint with some of all properties, a relation to itself, a mirror, a calculation and an aggregation. */
export function toBlueprint(identifier: string, dice: Dice): Document {
  const names = NAMES.filter(() => dice.below(2) === 0);
  const properties = Object.fromEntries([...names, "text"].map((name) => [name, KINDS[name]?.definition]));
  return {
    identifier,
    title: `Title of ${identifier}`,
    icon: "Service",
    schema: { properties, required: [] },
    relations: {
      parent: { target: identifier, many: false, required: false },
      others: { target: identifier, many: true, required: false, title: "Others" },
    },
    mirrorProperties: { parentTitle: { path: "parent.$title" }, otherTexts: { path: "others.text" } },
    calculationProperties: { shout: { calculation: ".properties.text | ascii_upcase", type: "string" } },
    aggregationProperties: {
      children: {
        title: "Children",
        target: identifier,
        calculationSpec: { calculationBy: "entities", func: "count" },
        pathFilter: [{ path: ["parent"], fromBlueprint: identifier }],
      },
    },
  };
}

/** Values for the properties of a blueprint; `wrong` is the name of one that gets a value that does not fit. */
export function toProperties(blueprint: Document, dice: Dice, wrong?: string): Document {
  const { properties } = blueprint["schema"] as { properties: Document }; // as toBlueprint makes it
  const entries = Object.keys(properties).map((name): [string, unknown] => {
    const kind = KINDS[name];
    return [name, name === wrong ? kind?.wrong : kind && dice.pick(kind.values)];
  });
  return Object.fromEntries(entries);
}
