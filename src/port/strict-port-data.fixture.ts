import type { JsonObject } from "../model/json.ts";

/** What a request is refused with. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

interface Blueprint {
  readonly identifier: string;
  readonly schema: { readonly properties: Record<string, { type: string }>; readonly required?: readonly string[] };
  readonly relations?: Record<string, { target: string; required?: boolean; many?: boolean }>;
}

/** Who writes: the client of the request, and its user agent. */
export interface Writer {
  readonly clientId: string;
  readonly userAgent: string;
}

interface Stored {
  readonly writer: Writer;
  readonly identifier: string;
  readonly title: string;
  readonly icon: string | null;
  readonly team: readonly string[];
  readonly properties: Record<string, unknown>;
  readonly relations: Record<string, string | string[] | null>;
}

interface Rule {
  readonly property?: string;
  readonly relation?: string;
  readonly operator: string;
  readonly value: readonly string[];
}

const IDENTIFIER = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/=-]+$/u;
const META = ["identifier", "title", "icon", "team", "blueprint"];

/**
 * Blueprints and entities in memory, as Port's documentation says its API treats them. Written without a look at
 * Quayside's own catalog, so that a misunderstanding does not stand on both sides.
 */
export class StrictPortData {
  readonly blueprints = new Map<string, JsonObject>();
  readonly #entities = new Map<string, Map<string, Stored>>();

  blueprint(identifier: string): Blueprint {
    const found = this.blueprints.get(identifier);
    if (found === undefined) throw new Refusal(404, "not_found", `Blueprint "${identifier}" was not found`);
    return found as unknown as Blueprint; // the tests put nothing else in
  }

  createBlueprint(document: JsonObject): void {
    this.blueprints.set(toText(document["identifier"]), document);
  }

  entities(blueprint: string): Map<string, Stored> {
    this.blueprint(blueprint);
    let found = this.#entities.get(blueprint);
    if (found === undefined) this.#entities.set(blueprint, (found = new Map<string, Stored>()));
    return found;
  }

  /** Returns whether it was created. */
  upsert(
    blueprintId: string,
    item: JsonObject,
    flags: { readonly merge: boolean; readonly createMissing: boolean; readonly validatesOnly: boolean },
    writer: Writer,
  ): boolean {
    const blueprint = this.blueprint(blueprintId);
    const all = this.entities(blueprintId);
    const identifier = toIdentifier(item["identifier"]);
    const existing = all.get(identifier);
    const kept = flags.merge ? existing : undefined;
    const properties = { ...kept?.properties, ...(item["properties"] as JsonObject | undefined) };
    const relations = { ...kept?.relations, ...(item["relations"] as Stored["relations"] | undefined) };
    assertProperties(blueprint, properties);
    const missing = this.#findMissing(blueprint, relations, identifier);
    const [first] = missing;
    if (first !== undefined && !flags.createMissing) {
      throw new Refusal(404, "not_found", `Entity "${first.identifier}" of "${first.target}" was not found`);
    }
    if (flags.validatesOnly) return existing === undefined;
    const bare = { merge: false, createMissing: false, validatesOnly: false };
    for (const { target, identifier: stub } of missing) this.upsert(target, { identifier: stub }, bare, writer);
    all.set(identifier, {
      writer,
      identifier,
      title: toText(item["title"] ?? kept?.title ?? identifier),
      icon: (item["icon"] ?? kept?.icon ?? null) as string | null,
      team: [item["team"] ?? kept?.team ?? []].flat() as string[],
      properties,
      relations,
    });
    return existing === undefined;
  }

  find(blueprintId: string, identifier: string): JsonObject | undefined {
    const stored = this.entities(blueprintId).get(identifier);
    return stored && this.#show(blueprintId, stored);
  }

  search(blueprintId: string, rules: readonly Rule[], include: readonly string[] | undefined): readonly JsonObject[] {
    const found = [...this.entities(blueprintId).values()].filter((entity) =>
      rules.every((rule) => this.#matches(blueprintId, entity, rule)),
    );
    return found.map((entity) => project(this.#show(blueprintId, entity), include));
  }

  /** Nothing if something else requires one of them and it may not go along. */
  delete(blueprintId: string, identifiers: readonly string[], deleteDependents: boolean): readonly string[] {
    const all = this.entities(blueprintId);
    const going = identifiers.filter((identifier) => all.has(identifier));
    const dependents = this.#listReferrers(blueprintId, going).filter(
      ({ isRequired, blueprint, entity }) =>
        isRequired && !(blueprint === blueprintId && going.includes(entity.identifier)),
    );
    if (dependents.length > 0 && !deleteDependents) {
      throw new Refusal(403, "has_dependents", `Entities of "${blueprintId}" have dependents`);
    }
    for (const { blueprint, entity } of dependents) this.delete(blueprint, [entity.identifier], true);
    for (const { entity, relation } of this.#listReferrers(blueprintId, going)) {
      const value = entity.relations[relation];
      entity.relations[relation] = Array.isArray(value) ? value.filter((target) => !going.includes(target)) : null;
    }
    for (const identifier of going) all.delete(identifier);
    return going;
  }

  /** Something that a person does in the portal. */
  retitleByHand(blueprintId: string, identifier: string, title: string): void {
    const all = this.entities(blueprintId);
    const before = all.get(identifier);
    if (before === undefined) throw new Error(`There is no "${identifier}" to change`);
    all.set(identifier, { ...before, title, writer: { clientId: "a person", userAgent: "browser" } });
  }

  /** Entities of all blueprints whose writer's user agent begins and ends like this. */
  listWrittenBy(prefix: string, suffix: string): readonly JsonObject[] {
    return [...this.blueprints.keys()].flatMap((blueprint) =>
      [...this.entities(blueprint).values()]
        .filter(({ writer: { userAgent } }) => userAgent.startsWith(prefix) && userAgent.endsWith(suffix))
        .map((entity) => this.#show(blueprint, entity)),
    );
  }

  #findMissing(
    blueprint: Blueprint,
    relations: Stored["relations"],
    self: string,
  ): readonly { readonly target: string; readonly identifier: string }[] {
    const missing: { readonly target: string; readonly identifier: string }[] = [];
    const definitions = blueprint.relations ?? {};
    for (const name of Object.keys(relations)) {
      if (definitions[name] === undefined) throw new Refusal(404, "not_found", `Relation "${name}" was not found`);
    }
    for (const [name, { target, required = false, many = false }] of Object.entries(definitions)) {
      const value = relations[name] ?? null;
      if (required && value === null) throw new Refusal(422, "required_relation", `Relation "${name}" is required`);
      if (value === null) continue;
      if (many !== Array.isArray(value)) {
        throw new Refusal(422, "relation_many_violation", `Relation "${name}" takes ${many ? "a list" : "one entity"}`);
      }
      for (const identifier of [value].flat()) {
        if (this.entities(target).has(identifier)) continue;
        // An entity that points at itself finds itself.
        if (target === blueprint.identifier && identifier === self) continue;
        missing.push({ target, identifier });
      }
    }
    return missing;
  }

  #matches(blueprintId: string, entity: Stored, { property, relation, operator, value }: Rule): boolean {
    if (property === "$identifier" && operator === "in") return value.includes(entity.identifier);
    const definition = this.blueprint(blueprintId).relations?.[relation ?? ""];
    if (relation === undefined || definition === undefined || operator !== (definition.many ? "containsAny" : "in")) {
      throw new Refusal(
        422,
        "invalid_request",
        `The rule on "${property ?? relation}" with "${operator}" is not valid`,
      );
    }
    return [entity.relations[relation] ?? []].flat().some((target) => value.includes(target));
  }

  #listReferrers(target: string, identifiers: readonly string[]) {
    return [...this.blueprints.keys()].flatMap((blueprint) =>
      Object.entries(this.blueprint(blueprint).relations ?? {})
        .filter(([, definition]) => definition.target === target)
        .flatMap(([relation, { required: isRequired = false }]) =>
          [...this.entities(blueprint).values()]
            .filter((entity) => [entity.relations[relation] ?? []].flat().some((each) => identifiers.includes(each)))
            .map((entity) => ({ blueprint, entity, relation, isRequired })),
        ),
    );
  }

  /** With every property and relation of the blueprint. */
  #show(blueprintId: string, { writer, ...entity }: Stored): JsonObject {
    const { schema, relations = {} } = this.blueprint(blueprintId);
    const properties = Object.keys(schema.properties).map((name) => [name, entity.properties[name] ?? null]);
    const related = Object.entries(relations).map(([name, { many }]) => [
      name,
      entity.relations[name] ?? (many ? [] : null),
    ]);
    return {
      ...entity,
      blueprint: blueprintId,
      properties: Object.fromEntries(properties) as JsonObject,
      relations: Object.fromEntries(related) as JsonObject,
      updatedBy: writer.clientId,
      createdAt: "2024-01-01T00:00:00.000Z",
      updatedAt: "2024-01-01T00:00:00.000Z",
    };
  }
}

/** What must be a text in a request; anything else shows as what it is. */
export function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function toIdentifier(value: unknown): string {
  if (typeof value === "string" && IDENTIFIER.test(value)) return value;
  throw new Refusal(422, "invalid_request", `${JSON.stringify(value)} is not an identifier`);
}

function assertProperties({ schema }: Blueprint, properties: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(properties)) {
    const type = schema.properties[name]?.type;
    const actual = Array.isArray(value) ? "array" : typeof value;
    if (type === undefined || (value !== null && actual !== type)) {
      throw new Refusal(422, "blueprint_schema_mismatch", `"properties/${name}" must be ${type ?? "known"}`);
    }
  }
  for (const name of schema.required ?? []) {
    if ((properties[name] ?? null) === null) {
      throw new Refusal(422, "blueprint_schema_mismatch", `"properties/${name}" is required`);
    }
  }
}

/** Only what is asked for: keys by name, properties and relations too. */
function project(entity: JsonObject, include: readonly string[] | undefined): JsonObject {
  if (include === undefined) return entity;
  const pick = (group: string): JsonObject =>
    Object.fromEntries(Object.entries(entity[group] as JsonObject).filter(([name]) => include.includes(name)));
  const meta = Object.entries(entity).filter(([name]) => META.includes(name) && include.includes(name));
  return { ...Object.fromEntries(meta), properties: pick("properties"), relations: pick("relations") };
}
