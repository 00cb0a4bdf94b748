import { z } from "zod";
import type { JqEngine, JqValue } from "../jq/jq-engine.ts";
import type { Entity } from "../model/entity.ts";
import type { Json } from "../model/json.ts";
import type { EntityDocument } from "./catalog.ts";
import { CatalogError } from "./catalog-error.ts";

const program = z.string();
const programs = z.record(z.string(), program).default({});

export const migrationMapping = z.strictObject({
  /** Where to; the blueprint itself when absent. */
  blueprint: z.string().optional(),
  filter: program.optional(),
  itemsToParse: program.optional(),
  entity: z.strictObject({
    identifier: program.default(".identifier"),
    title: program.optional(),
    icon: program.optional(),
    team: program.optional(),
    properties: programs,
    relations: programs,
  }),
});
export type MigrationMapping = z.infer<typeof migrationMapping>;

/** Throws CatalogError `invalid_request`, naming the place. */
export async function parseMigrationMapping(document: unknown, jq: JqEngine): Promise<MigrationMapping> {
  const result = migrationMapping.safeParse(document);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `"mapping/${issue.path.join("/")}" ${issue.message}`);
    throw new CatalogError("invalid_request", `The mapping is not valid: ${problems.join("; ")}`, { problems });
  }
  for (const [path, source] of listPrograms(result.data)) {
    const problem = await jq.check(source);
    if (problem === undefined) continue;
    throw new CatalogError("invalid_request", `"mapping/${path}" is not valid jq: ${problem.message}`);
  }
  return result.data;
}

function listPrograms({ filter, itemsToParse, entity }: MigrationMapping): readonly (readonly [string, string])[] {
  return [
    ...(filter === undefined ? [] : [["filter", filter] as const]),
    ...(itemsToParse === undefined ? [] : [["itemsToParse", itemsToParse] as const]),
    ...listEntityPrograms(entity).map(([path, source]) => [`entity/${path}`, source] as const),
  ];
}

function listEntityPrograms(entity: MigrationMapping["entity"]): readonly (readonly [string, string])[] {
  const { properties, relations, ...own } = entity;
  return [
    ...Object.entries(own).filter((each): each is [string, string] => each[1] !== undefined),
    ...Object.entries(properties).map(([name, source]) => [`properties/${name}`, source] as const),
    ...Object.entries(relations).map(([name, source]) => [`relations/${name}`, source] as const),
  ];
}

/** Makes of entities what a mapping says. */
export class MappedCopy {
  readonly #mapping: MigrationMapping;
  readonly #blueprint: string;
  readonly #jq: JqEngine;

  constructor(mapping: MigrationMapping, sourceBlueprint: string, jq: JqEngine) {
    this.#mapping = mapping;
    this.#blueprint = mapping.blueprint ?? sourceBlueprint;
    this.#jq = jq;
  }

  /** `failures` counts the entities of which no identifier could be made. */
  async toDocuments(
    entities: readonly Entity[],
  ): Promise<{ readonly documents: readonly EntityDocument[]; readonly failures: number }> {
    const inputs = await this.#toInputs(entities);
    const paths = listEntityPrograms(this.#mapping.entity);
    const sources = paths.map(([, source]) => source);
    const { values } = await this.#jq.evaluatePage(sources, inputs);
    const documents = inputs.flatMap((_, item) => {
      const result = paths.map(([path], index) => [path, values[index]?.[item] ?? null] as const);
      return this.#toDocument(new Map(result)) ?? [];
    });
    return { documents, failures: inputs.length - documents.length };
  }

  async #toInputs(entities: readonly Entity[]): Promise<readonly JqValue[]> {
    const { filter = "true", itemsToParse = "[null]" } = this.#mapping;
    const whole = entities.map((entity) => ({ ...entity }));
    const { values } = await this.#jq.evaluatePage([filter, itemsToParse], whole);
    return whole.flatMap((entity, index) => {
      const [isWanted, items] = [values[0]?.[index], values[1]?.[index]];
      if (isWanted === undefined || isWanted === null || isWanted === false || !Array.isArray(items)) return [];
      const list: readonly JqValue[] = items;
      return this.#mapping.itemsToParse === undefined ? [entity] : list.map((item) => ({ ...entity, item }));
    });
  }

  #toDocument(values: ReadonlyMap<string, JqValue>): EntityDocument | undefined {
    const identifier = values.get("identifier");
    if (typeof identifier !== "string") return undefined;
    const pick = (group: string): Record<string, Json> =>
      Object.fromEntries(
        [...values].flatMap(([path, value]) =>
          path.startsWith(`${group}/`) ? [[path.slice(group.length + 1), value]] : [],
        ),
      );
    const own = ["title", "icon", "team"].flatMap((name) => (values.has(name) ? [[name, values.get(name)]] : []));
    const document = { ...Object.fromEntries(own), properties: pick("properties"), relations: pick("relations") };
    // What a program gives may be of any type; the catalog refuses what it cannot take.
    return { ...(document as Omit<EntityDocument, "blueprint">), blueprint: this.#blueprint, identifier };
  }
}
