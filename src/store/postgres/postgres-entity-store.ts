import type { EntitySearch, SearchField } from "../../model/search.ts";
import type { Measure, MeasureSpec, RelatedMeasure, RelatedSearch } from "../entity-measure.ts";
import type {
  EntityPage,
  EntityPlan,
  EntityRef,
  EntityRow,
  EntityStore,
  PendingEdge,
  Referrer,
  WriteOrigin,
} from "../entity-store.ts";
import { applyEntities, StalePlan } from "./apply-entities.ts";
import type { Database } from "./database.ts";
import type { IndexKeeper } from "./index-keeper.ts";
import { countGroups, listValues } from "./list-groups.ts";
import { measure, measureRelated } from "./measure.ts";
import type { PostgresFeedStore } from "./postgres-feed-store.ts";
import { listWanted } from "./property-index.ts";
import { readPage } from "./run-search.ts";
import { toScope } from "./search-sql.ts";
import { raw, sql } from "./sql.ts";
import { toEntityRow, type StoredEntity } from "./stored-entity.ts";

type Search = Pick<EntitySearch, "blueprintId" | "rule">;

const REF = raw(`entity.blueprint_id AS "blueprintId", entity.identifier`);

export class PostgresEntityStore implements EntityStore {
  readonly #db: Database;
  readonly #feed: PostgresFeedStore;
  readonly #indexes: IndexKeeper;

  constructor(db: Database, feed: PostgresFeedStore, indexes: IndexKeeper) {
    this.#db = db;
    this.#feed = feed;
    this.#indexes = indexes;
  }

  async findRows(blueprintId: number, identifiers: readonly string[]): Promise<readonly EntityRow[]> {
    const rows = await this.#db.all<StoredEntity>(sql`
      SELECT * FROM entity WHERE blueprint_id = ${blueprintId} AND identifier = ANY (${identifiers}::text[])
      ORDER BY identifier`);
    return rows.map(toEntityRow);
  }

  async findExisting(blueprintId: number, identifiers: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#db.all<{ identifier: string }>(sql`
      SELECT identifier FROM entity WHERE blueprint_id = ${blueprintId} AND identifier = ANY (${identifiers}::text[])`);
    return new Set(rows.map((row) => row.identifier));
  }

  async findDataSources(blueprintId: number, identifiers: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#db.all<{ identifier: string; data_source: string }>(sql`
      SELECT identifier, data_source FROM entity
      WHERE blueprint_id = ${blueprintId} AND identifier = ANY (${identifiers}::text[])`);
    return new Map(rows.map((row) => [row.identifier, row.data_source]));
  }

  async search(search: EntitySearch): Promise<EntityPage> {
    this.#indexes.note(listWanted(search));
    const { rows, next } = await readPage(this.#db, search);
    return { rows: rows.map(toEntityRow), next };
  }

  async count(search: Search): Promise<number> {
    this.#indexes.note(listWanted(search));
    const [row] = await this.#db.search<{ count: number }>(sql`SELECT count(*) FROM entity WHERE ${toScope(search)}`);
    return row?.count ?? 0;
  }

  countGroups(search: Search, fields: readonly SearchField[], limit: number) {
    return countGroups(this.#db, search, fields, limit);
  }

  listValues(search: Search, fields: readonly SearchField[], limit: number) {
    return listValues(this.#db, search, fields, limit);
  }

  measure(search: Search, spec: MeasureSpec): Promise<Measure> {
    return measure(this.#db, search, spec);
  }

  measureRelated(search: RelatedSearch): Promise<readonly RelatedMeasure[]> {
    return measureRelated(this.#db, search);
  }

  listReferrers(blueprintId: number, identifiers: readonly string[]): Promise<readonly Referrer[]> {
    return this.#db.all<Referrer>(sql`
      SELECT ${REF}, edge.relation, target.identifier AS target
      FROM entity AS target JOIN edge ON edge.target_id = target.id JOIN entity ON entity.id = edge.source_id
      WHERE target.blueprint_id = ${blueprintId} AND target.identifier = ANY (${identifiers}::text[])
      ORDER BY edge.target_id, edge.relation, edge.source_id`);
  }

  findPending(sourceIds: readonly number[]): Promise<readonly PendingEdge[]> {
    return this.#db.all<PendingEdge>(sql`
      SELECT source_id AS "sourceId", relation, target_blueprint_id AS "targetBlueprintId", target, position
      FROM pending_edge WHERE source_id = ANY (${sourceIds}::bigint[]) ORDER BY source_id, position`);
  }

  listWaitingFor(blueprintId: number, identifiers: readonly string[]): Promise<readonly EntityRef[]> {
    return this.#db.all<EntityRef>(sql`
      SELECT DISTINCT ${REF} FROM pending_edge JOIN entity ON entity.id = pending_edge.source_id
      WHERE target_blueprint_id = ${blueprintId} AND target = ANY (${identifiers}::text[])`);
  }

  listWaiting(dataSource: string, after: number, limit: number) {
    return this.#db.all<EntityRef & { id: number }>(sql`
      SELECT id, ${REF} FROM entity
      WHERE id IN (SELECT source_id FROM pending_edge WHERE source_id > ${after}) AND data_source = ${dataSource}
      ORDER BY id LIMIT ${limit}`);
  }

  listIdleStubs(): Promise<readonly EntityRef[]> {
    return this.#db.all<EntityRef>(sql`
      SELECT ${REF} FROM entity
      WHERE is_stub AND NOT EXISTS (SELECT 1 FROM edge WHERE target_id = entity.id) ORDER BY id`);
  }

  async apply(plan: EntityPlan, origin: WriteOrigin): Promise<boolean> {
    if (plan.rows.length === 0 && plan.removals.length === 0) return true;
    try {
      await this.#indexes.withoutObstacle(plan.rows, () =>
        this.#db.transaction((tx) => applyEntities(tx, plan, origin, this.#feed.instanceId)),
      );
    } catch (error) {
      if (error instanceof StalePlan) return false;
      throw error;
    }
    this.#feed.announce();
    return true;
  }
}
