import type { Json } from "../../model/json.ts";
import { must } from "../../runtime/errors.ts";
import type { BlueprintPut, BlueprintRow, BlueprintStore } from "../blueprint-store.ts";
import type { WriteOrigin } from "../entity-store.ts";
import type { Connection, SqlRow } from "./connection.ts";
import type { SqliteFeedStore } from "./sqlite-feed-store.ts";
import type { WriteCalls } from "./writer.ts";

export class SqliteBlueprintStore implements BlueprintStore {
  /** One process has the file. */
  readonly isShared = false;
  readonly #reader: Connection;
  readonly #writer: WriteCalls;
  readonly #feed: SqliteFeedStore;

  constructor(reader: Connection, writer: WriteCalls, feed: SqliteFeedStore) {
    this.#reader = reader;
    this.#writer = writer;
    this.#feed = feed;
  }

  async listVersions(): Promise<ReadonlyMap<number, number>> {
    const rows = this.#reader.all("SELECT id, version FROM blueprint");
    return new Map(rows.map((row) => [Number(row["id"]), Number(row["version"])]));
  }

  exclusively<Result>(change: () => Promise<Result>): Promise<Result> {
    return change();
  }

  async list(): Promise<readonly BlueprintRow[]> {
    return this.#reader.all("SELECT * FROM blueprint ORDER BY id").map(toBlueprintRow);
  }

  async put(blueprints: readonly BlueprintPut[], origin: WriteOrigin): Promise<readonly BlueprintRow[]> {
    await this.#writer.call("putBlueprints", { blueprints, origin });
    this.#feed.announce();
    return blueprints.map(({ identifier }) => {
      const row = this.#reader.get("SELECT * FROM blueprint WHERE identifier = ?", identifier);
      return toBlueprintRow(must(row, "a blueprint is there after it was written"));
    });
  }

  async settle(identifier: string, version: number): Promise<void> {
    await this.#writer.call("settleBlueprint", { identifier, version });
  }

  async remove(identifier: string, expectedVersion: number, origin: WriteOrigin): Promise<void> {
    await this.#writer.call("removeBlueprint", { identifier, expectedVersion, origin });
    this.#feed.announce();
  }
}

function toBlueprintRow(row: SqlRow): BlueprintRow {
  return {
    id: Number(row["id"]),
    identifier: String(row["identifier"]),
    document: JSON.parse(String(row["document"])) as Json,
    version: Number(row["version"]),
    hasOldEntities: row["has_old_entities"] === 1,
    createdAtMs: Number(row["created_at"]),
    createdBy: String(row["created_by"]),
    updatedAtMs: Number(row["updated_at"]),
    updatedBy: String(row["updated_by"]),
  };
}
