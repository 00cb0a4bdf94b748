import type { JsonObject } from "../../model/json.ts";
import type { EntityKey } from "../../model/entity.ts";
import type { EntitySearch } from "../../model/search.ts";
import { InputError } from "../../runtime/errors.ts";
import type {
  EntityPage,
  EntityRow,
  EntityStore,
  PendingEdge,
  PlannedRemoval,
  PlannedRow,
  Relations,
  WriteOrigin,
} from "../entity-store.ts";
import type { Connection, SqlRow } from "./connection.ts";
import { toSearchSql } from "./search-sql.ts";
import type { SqliteFeedStore } from "./sqlite-feed-store.ts";
import type { Writer } from "./writer.ts";

export class SqliteEntityStore implements EntityStore {
  readonly #reader: Connection;
  readonly #writer: Writer;
  readonly #feed: SqliteFeedStore;

  constructor(reader: Connection, writer: Writer, feed: SqliteFeedStore) {
    this.#reader = reader;
    this.#writer = writer;
    this.#feed = feed;
  }

  async findRows(blueprintId: number, identifiers: readonly string[]): Promise<readonly EntityRow[]> {
    return this.#reader
      .all(
        "SELECT * FROM entity WHERE blueprint_id = ? AND identifier IN (SELECT value FROM json_each(?))",
        ...[blueprintId, JSON.stringify(identifiers)],
      )
      .map(toEntityRow);
  }

  async findExisting(blueprintId: number, identifiers: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = this.#reader.all(
      "SELECT identifier FROM entity WHERE blueprint_id = ? AND identifier IN (SELECT value FROM json_each(?))",
      ...[blueprintId, JSON.stringify(identifiers)],
    );
    return new Set(rows.map((row) => String(row["identifier"])));
  }

  async search({ rule, limit, from }: EntitySearch): Promise<EntityPage> {
    const { sql, values } = toSearchSql(rule);
    const rows = this.#reader.all(
      `SELECT * FROM entity WHERE id > ? AND (${sql}) ORDER BY id LIMIT ?`,
      ...[toCursorId(from), ...values, limit + 1],
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { rows: page.map(toEntityRow), next: rows.length > limit && last ? String(last["id"]) : undefined };
  }

  async count({ rule }: Pick<EntitySearch, "rule">): Promise<number> {
    const { sql, values } = toSearchSql(rule);
    return Number(this.#reader.get(`SELECT count(*) AS count FROM entity WHERE ${sql}`, ...values)?.["count"]);
  }

  async listReferrers(blueprintId: number, identifiers: readonly string[]) {
    return this.#reader
      .all(
        `SELECT entity.blueprint_id, entity.identifier, edge.relation, edge.target FROM edge
         JOIN entity ON entity.id = edge.source_id
         WHERE edge.target_blueprint_id = ? AND edge.target IN (SELECT value FROM json_each(?))`,
        ...[blueprintId, JSON.stringify(identifiers)],
      )
      .map((row) => ({
        blueprintId: Number(row["blueprint_id"]),
        identifier: String(row["identifier"]),
        relation: String(row["relation"]),
        target: String(row["target"]),
      }));
  }

  async listPending(limit: number): Promise<readonly PendingEdge[]> {
    return this.#reader
      .all(
        `SELECT entity.blueprint_id, entity.identifier, pending_edge.relation, target_blueprint_id, target
         FROM pending_edge JOIN entity ON entity.id = pending_edge.source_id
         WHERE source_id IN (SELECT DISTINCT source_id FROM pending_edge ORDER BY source_id LIMIT ?)`,
        limit,
      )
      .map((row) => ({
        blueprintId: Number(row["blueprint_id"]),
        identifier: String(row["identifier"]),
        relation: String(row["relation"]),
        targetBlueprintId: Number(row["target_blueprint_id"]),
        target: String(row["target"]),
      }));
  }

  async listIdleStubs(): Promise<readonly (EntityKey & PlannedRemoval)[]> {
    return this.#reader
      .all(
        `SELECT entity.blueprint_id, entity.identifier, entity.version, blueprint.identifier AS blueprint
         FROM entity JOIN blueprint ON blueprint.id = entity.blueprint_id
         WHERE is_stub = 1 AND NOT EXISTS (
           SELECT 1 FROM edge WHERE target_blueprint_id = entity.blueprint_id AND target = entity.identifier)`,
      )
      .map((row) => ({
        blueprint: String(row["blueprint"]),
        blueprintId: Number(row["blueprint_id"]),
        identifier: String(row["identifier"]),
        expectedVersion: Number(row["version"]),
      }));
  }

  async apply(
    plan: { readonly rows: readonly PlannedRow[]; readonly removals: readonly PlannedRemoval[] },
    origin: WriteOrigin,
  ): Promise<boolean> {
    if (plan.rows.length === 0 && plan.removals.length === 0) return true;
    const isApplied = await this.#writer.call("applyEntities", { ...plan, origin });
    if (isApplied) this.#feed.announce();
    return isApplied;
  }
}

function toCursorId(from: string | undefined): number {
  if (from === undefined) return 0;
  if (!/^\d{1,15}$/.test(from))
    throw new InputError(`"${from}" is not a cursor of this search: use the "next" of its last answer`);
  return Number(from);
}

function toEntityRow(row: SqlRow): EntityRow {
  return {
    id: Number(row["id"]),
    blueprintId: Number(row["blueprint_id"]),
    identifier: String(row["identifier"]),
    title: String(row["title"]),
    icon: row["icon"] === null ? null : String(row["icon"]),
    // Documents are written by apply-entities.ts alone, from these very types.
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
