import type { JqValue } from "../jq/jq-engine.ts";
import type { EntityInput, RelationValue, SearchQuery } from "../model/entity.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { EntityMapping, JqSource, MappedSearch } from "../model/mapping.ts";

/** A jq program of a resource and the name that messages give it. */
export interface NamedProgram {
  readonly field: string;
  readonly source: string;
}

/** The first output of a program for one item; undefined when there is none, or an error. */
type Cell = (program: number) => JqValue | undefined;
type Read = (cell: Cell) => Json;

/**
 * A mapping as a list of programs and a way to put their outputs together. Programs are evaluated elsewhere, for a whole
 * page at once.
 */
export class EntityTemplate {
  readonly #programs: NamedProgram[];
  readonly #identifier: Read;
  readonly #blueprint: Read;
  readonly #meta: readonly (readonly [name: string, read: Read])[];
  readonly #properties: readonly (readonly [name: string, read: Read])[];
  readonly #relations: readonly (readonly [name: string, read: Read])[];
  /** The programs without which there is no entity. */
  readonly essential: ReadonlySet<number>;

  /** Appends the mapping's programs to `programs`; their indexes are those of the list. */
  constructor(mapping: EntityMapping, programs: NamedProgram[]) {
    this.#programs = programs;
    const first = programs.length;
    this.#identifier = this.#add(mapping.identifier, "identifier");
    this.#blueprint = this.#add(mapping.blueprint, "blueprint");
    this.essential = new Set(Array.from({ length: programs.length - first }, (_, index) => first + index));
    this.#meta = (["title", "icon", "team"] as const).flatMap((name) => {
      const source = mapping[name];
      return source === undefined ? [] : [[name, this.#add(source, name)] as const];
    });
    this.#properties = Object.entries(mapping.properties).map(
      ([name, source]) => [name, this.#add(source, `properties.${name}`)] as const,
    );
    this.#relations = Object.entries(mapping.relations).map(
      ([name, source]) => [name, this.#add(source, `relations.${name}`)] as const,
    );
  }

  /** The entity, or the name of what it lacks. Keys that the mapping sets are present, null when there was no output. */
  build(cell: Cell): EntityInput | "identifier" | "blueprint" {
    const identifier = toIdentifier(this.#identifier(cell));
    if (identifier === undefined) return "identifier";
    const blueprint = this.#blueprint(cell);
    if (typeof blueprint !== "string" || blueprint === "") return "blueprint";
    return {
      identifier,
      blueprint,
      ...Object.fromEntries(
        this.#meta.map(([name, read]) => [name, name === "team" ? read(cell) : toText(read(cell))]),
      ),
      properties: toObject(this.#properties, cell),
      // Whatever a mapping makes of a relation; the catalog refuses what is not an identifier, a list of them or a search.
      relations: toObject(this.#relations, cell) as Readonly<Record<string, RelationValue>>,
    };
  }

  #add(source: JqSource | MappedSearch, field: string): Read {
    if ("rules" in source) return this.#addSearch(source, field);
    const program = this.#programs.push({ field, source: source.source }) - 1;
    return (cell) => cell(program) ?? null;
  }

  /** Every leaf of a search is a program. */
  #addSearch({ combinator, rules }: MappedSearch, field: string): Read {
    const readCombinator = this.#add(combinator, `${field}.combinator`);
    const readRules = rules.map((rule, index) => {
      const place = `${field}.rules.${index}`;
      if ("rules" in rule) return this.#addSearch(rule, place);
      const parts = Object.entries(rule).map(
        ([name, source]) => [name, this.#add(source, `${place}.${name}`)] as const,
      );
      return (cell: Cell): Json => toObject(parts, cell);
    });
    return (cell) => ({ combinator: readCombinator(cell), rules: readRules.map((read) => read(cell)) });
  }
}

function toObject(parts: readonly (readonly [name: string, read: Read])[], cell: Cell): JsonObject {
  const object: Record<string, Json> = {};
  for (const [name, read] of parts) object[name] = read(cell);
  return object;
}

/** Numbers are identifiers too, as text; what is empty or false in the reference's sense is none. */
function toIdentifier(value: Json): string | SearchQuery | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "number") return value === 0 ? undefined : String(value);
  if (typeof value === "object" && value !== null && "rules" in value) return value as unknown as SearchQuery; // by #addSearch
  return undefined;
}

function toText(value: Json): string | null {
  if (value === null || typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
