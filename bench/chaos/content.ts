import { createHash } from "node:crypto";

/** What a catalog holds of an entity, without who wrote it and when, and without values that are not set. */
export interface Content {
  readonly title: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly relations: Readonly<Record<string, unknown>>;
}

/** Entities by `blueprint/identifier`. */
export type Contents = ReadonlyMap<string, Content>;

const SHOWN = 3;

export function toContent({ title, properties, relations }: Content): Content {
  return { title, properties: toSet(properties), relations: toSet(relations) };
}

/** Equal if and only if the contents are. */
export function hashContents(contents: Contents): string {
  const lines = [...contents].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(lines)).digest("hex");
}

/** Where a catalog is not what it should be, in words; none when the hashes agree. */
export function compareContents(actual: Contents, expected: Contents): readonly string[] {
  if (hashContents(actual) === hashContents(expected)) return [];
  const differences = [
    ...list(
      "missing",
      [...expected.keys()].filter((key) => !actual.has(key)),
    ),
    ...list(
      "left over",
      [...actual.keys()].filter((key) => !expected.has(key)),
    ),
    ...list(
      "different",
      [...expected].flatMap(([key, content]) => {
        const found = actual.get(key);
        const isSame = found === undefined || JSON.stringify(found) === JSON.stringify(content);
        return isSame ? [] : [`${key} is ${JSON.stringify(found)} and should be ${JSON.stringify(content)}`];
      }),
    ),
  ];
  return differences.length > 0 ? differences : ["the hashes differ"];
}

/** Which entities are there in one and not in the other. */
export function compareKeys(actual: Iterable<string>, expected: Iterable<string>): readonly string[] {
  const [found, wanted] = [new Set(actual), new Set(expected)];
  return [...list("missing", [...wanted.difference(found)]), ...list("left over", [...found.difference(wanted)])];
}

function list(what: string, all: readonly string[]): readonly string[] {
  if (all.length === 0) return [];
  const more = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : "";
  return [`${what}: ${all.slice(0, SHOWN).join("; ")}${more}`];
}

/** Keys in one order; null and empty lists of targets say the same as no value at all. */
function toSet(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0))
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
}
