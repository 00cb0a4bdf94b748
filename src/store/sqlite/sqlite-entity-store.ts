import type { JsonObject } from "../../model/json.ts";
import type { EntitySearch, SearchField } from "../../model/search.ts";
import { LimitError } from "../../runtime/errors.ts";
import type { Measure, MeasureSpec, RelatedMeasure, RelatedSearch } from "../entity-measure.ts";
import type {
  EntityPage,
  EntityPlan,
  EntityRef,
  EntityRow,
  EntityStore,
  PendingEdge,
  Referrer,
  Relations,
  WriteOrigin,
} from "../entity-store.ts";
import type { Connection, SqlRow } from "./connection.ts";
import { toIndexName, type IndexRequest } from "./property-index.ts";
import { readPage } from "./run-search.ts";
import type { SearchCalls } from "./searches.ts";
import type { SqliteFeedStore } from "./sqlite-feed-store.ts";
import type { WriteCalls } from "./writer.ts";

/** One search alone is not worth an index. */
const USES_BEFORE_INDEX = 3;

export class SqliteEntityStore implements EntityStore {
  readonly #reader: Connection;
  readonly #writer: WriteCalls;
  readonly #searcher: SearchCalls;
  readonly #feed: SqliteFeedStore;
  /** How often searches wanted an index that is not there. */
  readonly #wanted = new Map<string, number>();

  constructor(reader: Connection, writer: WriteCalls, searcher: SearchCalls, feed: SqliteFeedStore) {
    this.#reader = reader;
    this.#writer = writer;
    this.#searcher = searcher;
    this.#feed = feed;
  }

  async findRows(blueprintId: number, identifiers: readonly string[]): Promise<readonly EntityRow[]> {
    return this.#reader
      .all(
        "SELECT * FROM entity WHERE blueprint_id = ? AND identifier IN (SELECT value FROM json_each(?))",
        blueprintId,
        JSON.stringify(identifiers),
      )
      .map(toEntityRow);
  }

  async findExisting(blueprintId: number, identifiers: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = this.#reader.all(
      "SELECT identifier FROM entity WHERE blueprint_id = ? AND identifier IN (SELECT value FROM json_each(?))",
      blueprintId,
      JSON.stringify(identifiers),
    );
    return new Set(rows.map((row) => String(row["identifier"])));
  }

  async findDataSources(blueprintId: number, identifiers: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = this.#reader.all(
      `SELECT identifier, data_source FROM entity
       WHERE blueprint_id = ? AND identifier IN (SELECT value FROM json_each(?))`,
      blueprintId,
      JSON.stringify(identifiers),
    );
    return new Map(rows.map((row) => [String(row["identifier"]), String(row["data_source"])]));
  }

  async search(search: EntitySearch): Promise<EntityPage> {
    // Without conditions the index gives a page at once.
    const isPlain = search.rule.type === "all" && search.rule.conditions.length === 0;
    const isShort = isPlain && search.sort === undefined;
    const { rows, next } = isShort
      ? readPage(this.#reader, search)
      : await this.#noting(search, [], () => this.#searcher.call("readPage", search));
    return { rows: rows.map(toEntityRow), next };
  }

  /** Notes which indexes a search would have liked. One that is ended as it takes too long needs them at once. */
  async #noting<Result extends { readonly wanted: readonly IndexRequest[] }>(
    search: Pick<EntitySearch, "blueprintId" | "rule">,
    groups: readonly SearchField[],
    run: () => Promise<Result>,
  ): Promise<Result> {
    try {
      const result = await run();
      this.#noteWanted(result.wanted, 1);
      return result;
    } catch (error) {
      if (error instanceof LimitError) {
        this.#noteWanted(await this.#searcher.call("listWanted", { search, groups }), USES_BEFORE_INDEX);
      }
      throw error;
    }
  }

  /** An index that searches want again and again is made, in the writer's turn; who searches does not wait for it. */
  #noteWanted(wanted: readonly IndexRequest[], uses: number): void {
    for (const index of wanted) {
      const name = index.kind === "text" ? index.kind : (toIndexName(index) ?? "");
      const before = this.#wanted.get(name) ?? 0;
      this.#wanted.set(name, before + uses);
      if (before >= USES_BEFORE_INDEX || before + uses < USES_BEFORE_INDEX) continue;
      this.#writer.call("createIndex", index).then(
        () => void this.#wanted.delete(name), // should it be dropped one day, it is wanted anew
        () => undefined, // a store that closes has no need of it, and what else fails is not tried again before the next start
      );
    }
  }

  async count(search: Pick<EntitySearch, "blueprintId" | "rule">): Promise<number> {
    return (await this.#noting(search, [], () => this.#searcher.call("countRows", search))).count;
  }

  async countGroups(search: Pick<EntitySearch, "blueprintId" | "rule">, fields: readonly SearchField[], limit: number) {
    const count = () => this.#searcher.call("countGroups", { search, fields, limit });
    return (await this.#noting(search, fields, count)).groups;
  }

  listValues(search: Pick<EntitySearch, "blueprintId" | "rule">, fields: readonly SearchField[], limit: number) {
    return this.#searcher.call("listValues", { search, fields, limit });
  }

  measure(search: Pick<EntitySearch, "blueprintId" | "rule">, spec: MeasureSpec): Promise<Measure> {
    return this.#searcher.call("measure", { search, spec });
  }

  measureRelated(search: RelatedSearch): Promise<readonly RelatedMeasure[]> {
    return this.#searcher.call("measureRelated", search);
  }

  async listReferrers(blueprintId: number, identifiers: readonly string[]): Promise<readonly Referrer[]> {
    return this.#reader
      .all(
        `SELECT entity.blueprint_id, entity.identifier, relation.name AS relation, target.identifier AS target
         FROM entity AS target
         CROSS JOIN edge ON edge.target_id = target.id
         JOIN entity ON entity.id = edge.source_id
         JOIN relation ON relation.id = edge.relation_id
         WHERE target.blueprint_id = ? AND target.identifier IN (SELECT value FROM json_each(?))`,
        blueprintId,
        JSON.stringify(identifiers),
      )
      .map((row) => ({ ...toRef(row), relation: String(row["relation"]), target: String(row["target"]) }));
  }

  async findPending(sourceIds: readonly number[]): Promise<readonly PendingEdge[]> {
    return this.#reader
      .all(
        "SELECT * FROM pending_edge WHERE source_id IN (SELECT value FROM json_each(?)) ORDER BY source_id, position",
        JSON.stringify(sourceIds),
      )
      .map((row) => ({
        sourceId: Number(row["source_id"]),
        relation: String(row["relation"]),
        targetBlueprintId: Number(row["target_blueprint_id"]),
        target: String(row["target"]),
        position: Number(row["position"]),
      }));
  }

  async listWaitingFor(blueprintId: number, identifiers: readonly string[]): Promise<readonly EntityRef[]> {
    return this.#reader
      .all(
        `SELECT DISTINCT entity.blueprint_id, entity.identifier FROM pending_edge
         JOIN entity ON entity.id = pending_edge.source_id
         WHERE target_blueprint_id = ? AND target IN (SELECT value FROM json_each(?))`,
        blueprintId,
        JSON.stringify(identifiers),
      )
      .map(toRef);
  }

  async listWaiting(dataSource: string, after: number, limit: number) {
    return this.#reader
      .all(
        `SELECT id, blueprint_id, identifier FROM entity
         WHERE id IN (SELECT source_id FROM pending_edge WHERE source_id > ?) AND data_source = ? ORDER BY id LIMIT ?`,
        after,
        dataSource,
        limit,
      )
      .map((row) => ({ ...toRef(row), id: Number(row["id"]) }));
  }

  async listIdleStubs(): Promise<readonly EntityRef[]> {
    return this.#reader
      .all(
        `SELECT blueprint_id, identifier FROM entity WHERE is_stub = 1 AND NOT EXISTS (
           SELECT 1 FROM edge WHERE target_id = entity.id)`,
      )
      .map(toRef);
  }

  async apply(plan: EntityPlan, origin: WriteOrigin): Promise<boolean> {
    if (plan.rows.length === 0 && plan.removals.length === 0) return true;
    const isApplied = await this.#writer.call("applyEntities", { ...plan, origin });
    if (isApplied) this.#feed.announce();
    return isApplied;
  }
}

function toRef(row: SqlRow): EntityRef {
  return { blueprintId: Number(row["blueprint_id"]), identifier: String(row["identifier"]) };
}

function toEntityRow(row: SqlRow): EntityRow {
  return {
    ...toRef(row),
    id: Number(row["id"]),
    title: String(row["title"]),
    icon: row["icon"] === null ? null : String(row["icon"]),
    // Documents are written by apply-entities.ts alone, as plans give them.
    team: JSON.parse(String(row["team"])) as string[],
    properties: JSON.parse(String(row["properties"])) as JsonObject,
    computed: JSON.parse(String(row["computed"])) as JsonObject,
    relations: JSON.parse(String(row["relations"])) as Relations,
    isStub: row["is_stub"] === 1,
    version: Number(row["version"]),
    dataSource: String(row["data_source"]),
    createdAtMs: Number(row["created_at"]),
    createdBy: String(row["created_by"]),
    updatedAtMs: Number(row["updated_at"]),
    updatedBy: String(row["updated_by"]),
  };
}
