import { toEntityKeyText, type Entity, type EntityInput, type EntityKey } from "../model/entity.ts";
import { own, type JsonObject } from "../model/json.ts";
import { NotFoundError, QuaysideError, UpstreamError } from "../runtime/errors.ts";
import type { PortClient } from "./port-client.ts";
import { packEntities } from "./pack-entities.ts";

export interface RemoteRelation {
  readonly target: string;
  readonly required: boolean;
  readonly many: boolean;
}

/** Relations by name, by blueprint. */
export type RemoteBlueprints = ReadonlyMap<string, Readonly<Record<string, RemoteRelation>>>;

/** `created` is undefined where the API does not say. */
export type ItemResult =
  | { readonly result: "written"; readonly identifier: string; readonly created: boolean | undefined }
  | { readonly result: "failed"; readonly code: string; readonly message: string };

/** An entity and one of its relations. */
export interface Referrer extends EntityKey {
  readonly relation: string;
  readonly targets: readonly string[];
}

type Signal = AbortSignal | undefined;

/** How `upsert` writes; with `validatesOnly` it writes nothing, and tells what would fail. */
export interface UpsertOptions {
  readonly merge: boolean;
  readonly createMissing: boolean;
  readonly validatesOnly: boolean;
  readonly signal: Signal;
}

/** Identifiers in one search, and in one deletion. */
const CHUNK = 100;
const PAGE_SIZE = 1000;
/** Of the listing of what a data source wrote; the API allows so many. */
const LISTING_SIZE = 5000;

/** What a sink needs of Port's API, in the catalog's words, within the API's limits. */
export class RemoteCatalog {
  readonly #client: PortClient;

  constructor(client: PortClient) {
    this.#client = client;
  }

  async listBlueprints(signal: Signal): Promise<RemoteBlueprints> {
    const { blueprints } = await this.#client.request("GET", "/v1/blueprints", { signal });
    // Port's shape; relations may leave out their booleans.
    const documents = (blueprints ?? []) as unknown as readonly RemoteBlueprintDocument[];
    return new Map(
      documents.map(({ identifier, relations = {} }) => [
        identifier,
        Object.fromEntries(
          Object.entries(relations).map(([name, { target, required = false, many = false }]) => [
            name,
            { target, required, many },
          ]),
        ),
      ]),
    );
  }

  /** Those of the identifiers that exist. With `isBare`, as keys only. */
  async findEntities(
    blueprint: string,
    identifiers: readonly string[],
    options: { readonly isBare: boolean; readonly signal: Signal },
  ): Promise<readonly Entity[]> {
    const include = options.isBare ? ["identifier", "blueprint"] : undefined;
    const found = await Promise.all(
      toChunks(identifiers).map((value) =>
        this.#search(
          blueprint,
          { property: "$identifier", operator: "in", value },
          { include, signal: options.signal },
        ),
      ),
    );
    return found.flat();
  }

  /** Entities whose relations lead to one of the given ones. */
  async findReferrers(
    blueprint: string,
    identifiers: readonly string[],
    options: { readonly blueprints: RemoteBlueprints; readonly signal: Signal },
  ): Promise<readonly Referrer[]> {
    const wanted = new Set(identifiers);
    const searches = [...options.blueprints].flatMap(([source, relations]) =>
      Object.entries(relations)
        .filter(([, { target }]) => target === blueprint)
        .flatMap(([relation, { many }]) =>
          toChunks(identifiers).map(async (value) => {
            const rule = { relation, operator: many ? "containsAny" : "in", value };
            const include = ["identifier", "blueprint", relation];
            const found = await this.#search(source, rule, { include, signal: options.signal });
            return found.map((entity) => ({
              blueprint: source,
              identifier: entity.identifier,
              relation,
              targets: [own(entity.relations, relation) ?? []].flat().filter((target) => wanted.has(target)),
            }));
          }),
        ),
    );
    return (await Promise.all(searches)).flat();
  }

  /** Texts of the keys that this client wrote last, under a user agent that begins and ends like this. */
  async listOwn(
    userAgent: { readonly prefix: string; readonly suffix: string },
    signal: Signal,
  ): Promise<ReadonlySet<string>> {
    const path = "/v1/blueprints/entities/datasource-entities";
    const asked = { datasource_prefix: userAgent.prefix, datasource_suffix: userAgent.suffix, limit: LISTING_SIZE };
    const own = new Set<string>();
    let from: string | undefined;
    do {
      const body: JsonObject = { ...asked, ...(from !== undefined && { from }) };
      const { entities, next } = await this.#client.request("POST", path, { body, signal });
      for (const entity of (entities ?? []) as unknown as readonly Partial<Entity & EntityKey>[]) {
        const { blueprint = "", identifier = "", updatedBy = this.#client.clientId } = entity;
        if (updatedBy === this.#client.clientId) own.add(toEntityKeyText({ blueprint, identifier }));
      }
      from = typeof next === "string" ? next : undefined;
    } while (from !== undefined);
    return own;
  }

  /** One result per entity, in order. Throws only for what concerns all of them. */
  async upsert(
    blueprint: string,
    entities: readonly EntityInput[],
    options: UpsertOptions,
  ): Promise<readonly ItemResult[]> {
    const results = await Promise.all(
      packEntities(entities).map((batch) => this.#upsertBatch(blueprint, batch, options)),
    );
    return results.flat();
  }

  /**
   * Deletes what is there and returns it. What something else requires is left, unless `deleteDependents` takes that along.
   */
  async delete(
    blueprint: string,
    identifiers: readonly string[],
    options: { readonly deleteDependents: boolean; readonly signal: Signal },
  ): Promise<readonly string[]> {
    const deleted: string[] = [];
    for (const chunk of toChunks(identifiers)) {
      try {
        deleted.push(...(await this.#deleteChunk(blueprint, chunk, options)));
      } catch (error) {
        if (!isOf(error, "has_dependents")) throw error;
        // Refused as a whole: what nobody requires can still go.
        for (const identifier of chunk) {
          try {
            deleted.push(...(await this.#deleteChunk(blueprint, [identifier], options)));
          } catch (cause) {
            if (!isOf(cause, "has_dependents")) throw cause;
          }
        }
      }
    }
    return deleted;
  }

  async #search(
    blueprint: string,
    rule: JsonObject,
    options: { readonly include: readonly string[] | undefined; readonly signal: Signal },
  ): Promise<readonly Entity[]> {
    const path = `${toPath(blueprint)}/entities/search`;
    const query = { combinator: "and", rules: [rule] };
    const found: Entity[] = [];
    let from: string | undefined;
    do {
      const body: JsonObject = {
        query,
        limit: PAGE_SIZE,
        ...(options.include && { include: options.include }),
        ...(from !== undefined && { from }),
      };
      const { entities, next } = await this.#client.request("POST", path, {
        query: { exclude_calculated_properties: true },
        body,
        signal: options.signal,
      });
      found.push(...((entities ?? []) as unknown as readonly Entity[])); // Port's read form
      from = typeof next === "string" ? next : undefined;
    } while (from !== undefined);
    return found;
  }

  async #upsertBatch(
    blueprint: string,
    batch: readonly EntityInput[],
    options: UpsertOptions,
  ): Promise<readonly ItemResult[]> {
    const path = `${toPath(blueprint)}/entities/bulk`;
    try {
      const body = { entities: batch } as unknown as JsonObject; // inputs are JSON
      const { signal } = options;
      const answer = await this.#client.request("POST", path, { query: toUpsertQuery(options), body, signal });
      return toItemResults(answer, batch, options);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (batch.length > 1 || statusOf(error) === 413) {
        return Promise.all(batch.map((entity) => this.#upsertOne(blueprint, entity, options)));
      }
      return [toFailedItem(error)];
    }
  }

  async #upsertOne(blueprint: string, entity: EntityInput, options: UpsertOptions): Promise<ItemResult> {
    try {
      const answer = await this.#client.request("POST", `${toPath(blueprint)}/entities`, {
        query: toUpsertQuery(options),
        body: entity as unknown as JsonObject, // an input is JSON
        signal: options.signal,
      });
      const written = (answer["entity"] ?? {}) as Partial<Entity>; // Port's read form
      return { result: "written", identifier: written.identifier ?? "unknown", created: undefined };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return toFailedItem(error);
    }
  }

  async #deleteChunk(
    blueprint: string,
    entities: readonly string[],
    options: { readonly deleteDependents: boolean; readonly signal: Signal },
  ): Promise<readonly string[]> {
    const answer = await this.#client.request("POST", `${toPath(blueprint)}/bulk/entities/delete`, {
      query: { delete_dependents: options.deleteDependents },
      body: { entities },
      signal: options.signal,
    });
    return (answer["deletedEntities"] ?? []) as unknown as readonly string[]; // Port's answer
  }
}

interface RemoteBlueprintDocument {
  readonly identifier: string;
  readonly relations?: Readonly<Record<string, Partial<RemoteRelation> & Pick<RemoteRelation, "target">>>;
}

function toUpsertQuery({ merge, createMissing, validatesOnly }: UpsertOptions): Readonly<Record<string, boolean>> {
  return { upsert: true, merge, create_missing_related_entities: createMissing, validation_only: validatesOnly };
}

function toPath(blueprint: string): string {
  return `/v1/blueprints/${encodeURIComponent(blueprint)}`;
}

/** An answer that is about what was sent, not about the connection or the client's rights. */
function isRefusal(error: unknown): error is QuaysideError {
  if (error instanceof NotFoundError) return true;
  return error instanceof UpstreamError && error.status !== undefined && error.status < 500 && error.retry === "no";
}

function statusOf(error: QuaysideError): unknown {
  return error.details?.["status"];
}

function isOf(error: unknown, code: string): boolean {
  return error instanceof QuaysideError && error.details?.["error"] === code;
}

function toFailedItem(error: QuaysideError): ItemResult {
  const code = error.details?.["error"];
  return {
    result: "failed",
    code: typeof code === "string" && code !== "" ? code : error.code,
    message: error.message,
  };
}

interface BulkAnswer {
  readonly entities?: readonly { readonly index: number; readonly identifier: string; readonly created: boolean }[];
  readonly errors?: readonly { readonly index: number; readonly error: string; readonly message: string }[];
}

const UNTOLD: ItemResult = {
  result: "failed",
  code: "internal",
  message: "The remote catalog did not say what became of this entity",
};

/** A validation names what would fail, and need not name the rest. */
function toItemResults(
  answer: JsonObject,
  batch: readonly EntityInput[],
  { validatesOnly }: UpsertOptions,
): readonly ItemResult[] {
  const { entities = [], errors = [] } = answer as unknown as BulkAnswer; // Port's answer
  const results = batch.map(({ identifier }): ItemResult => {
    if (!validatesOnly) return UNTOLD;
    return {
      result: "written",
      identifier: typeof identifier === "string" ? identifier : "unknown",
      created: undefined,
    };
  });
  for (const { index, identifier, created } of entities) results[index] = { result: "written", identifier, created };
  for (const { index, error, message } of errors) results[index] = { result: "failed", code: error, message };
  return results;
}

function toChunks(identifiers: readonly string[]): readonly (readonly string[])[] {
  const chunks: (readonly string[])[] = [];
  for (let start = 0; start < identifiers.length; start += CHUNK) chunks.push(identifiers.slice(start, start + CHUNK));
  return chunks;
}
