import type { Json } from "../../model/json.ts";
import { ConflictError, must } from "../../runtime/errors.ts";
import type { BlueprintPut, BlueprintRow, BlueprintStore } from "../blueprint-store.ts";
import type { WriteOrigin } from "../entity-store.ts";
import { addChanges } from "./add-changes.ts";
import type { Database } from "./database.ts";
import type { IndexKeeper } from "./index-keeper.ts";
import { LOCKS } from "./locks.ts";
import type { PostgresFeedStore } from "./postgres-feed-store.ts";
import { lockBlueprint, putBlueprints, toChange } from "./put-blueprints.ts";
import { sql } from "./sql.ts";

interface Stored {
  readonly id: number;
  readonly identifier: string;
  readonly document: Json;
  readonly version: number;
  readonly has_old_entities: boolean;
  readonly created_at: number;
  readonly created_by: string;
  readonly updated_at: number;
  readonly updated_by: string;
}

export class PostgresBlueprintStore implements BlueprintStore {
  readonly isShared = true;
  readonly #db: Database;
  readonly #feed: PostgresFeedStore;
  readonly #indexes: IndexKeeper;

  constructor(db: Database, feed: PostgresFeedStore, indexes: IndexKeeper) {
    this.#db = db;
    this.#feed = feed;
    this.#indexes = indexes;
  }

  async listVersions(): Promise<ReadonlyMap<number, number>> {
    const rows = await this.#db.all<{ id: number; version: number }>(sql`SELECT id, version FROM blueprint`);
    return new Map(rows.map(({ id, version }) => [id, version]));
  }

  exclusively<Result>(change: () => Promise<Result>): Promise<Result> {
    return this.#db.withLock(LOCKS.blueprints, change);
  }

  async list(): Promise<readonly BlueprintRow[]> {
    return (await this.#db.all<Stored>(sql`SELECT * FROM blueprint ORDER BY id`)).map(toBlueprintRow);
  }

  async put(blueprints: readonly BlueprintPut[], origin: WriteOrigin): Promise<readonly BlueprintRow[]> {
    const identifiers = blueprints.map(({ identifier }) => identifier);
    const rows = await this.#db.transaction(async (tx) => {
      await putBlueprints(tx, blueprints, origin, this.#feed.instanceId);
      return tx.all<Stored>(sql`SELECT * FROM blueprint WHERE identifier = ANY (${identifiers}::text[])`);
    });
    this.#feed.announce();
    const byIdentifier = new Map(rows.map((row) => [row.identifier, row]));
    return blueprints.map(({ identifier, renames }) => {
      const row = must(byIdentifier.get(identifier), "a blueprint is there after it was written");
      if (renames !== undefined) this.#indexes.dropOf(row.id);
      return toBlueprintRow(row);
    });
  }

  async settle(identifier: string, version: number): Promise<void> {
    await this.#db.run(
      sql`UPDATE blueprint SET has_old_entities = false WHERE identifier = ${identifier} AND version = ${version}`,
    );
  }

  async remove(identifier: string, expectedVersion: number, origin: WriteOrigin): Promise<void> {
    const id = await this.#db.transaction(async (tx) => {
      const { id, before } = await lockBlueprint(tx, identifier, expectedVersion);
      if ((await tx.get(sql`SELECT 1 FROM entity WHERE blueprint_id = ${id} LIMIT 1`)) !== undefined) {
        throw new ConflictError(`The blueprint "${identifier}" still has entities: delete them first`);
      }
      await tx.run(sql`DELETE FROM blueprint WHERE id = ${id}`);
      await addChanges(tx, [toChange("deleted", identifier, before)], origin, this.#feed.instanceId);
      return id;
    });
    this.#indexes.dropOf(id);
    this.#feed.announce();
  }
}

function toBlueprintRow(row: Stored): BlueprintRow {
  return {
    id: row.id,
    identifier: row.identifier,
    document: row.document,
    version: row.version,
    hasOldEntities: row.has_old_entities,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
    updatedAtMs: row.updated_at,
    updatedBy: row.updated_by,
  };
}
