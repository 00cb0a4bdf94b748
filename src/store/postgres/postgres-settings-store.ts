import type { Json } from "../../model/json.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { SettingsStore } from "../settings-store.ts";
import { addChanges } from "./add-changes.ts";
import type { Database } from "./database.ts";
import { LOCKS } from "./locks.ts";
import type { PostgresFeedStore } from "./postgres-feed-store.ts";
import { sql } from "./sql.ts";

export class PostgresSettingsStore implements SettingsStore {
  readonly #db: Database;
  readonly #feed: PostgresFeedStore;
  readonly #clock: Clock;

  constructor(db: Database, feed: PostgresFeedStore, clock: Clock) {
    this.#db = db;
    this.#feed = feed;
    this.#clock = clock;
  }

  async find(name: string): Promise<Json | undefined> {
    return (await this.#db.get<{ value: Json }>(sql`SELECT value FROM setting WHERE name = ${name}`))?.value;
  }

  exclusively<Result>(change: () => Promise<Result>): Promise<Result> {
    return this.#db.withLock(LOCKS.settings, change);
  }

  async save(name: string, value: Json): Promise<void> {
    const change = { subject: "setting", action: "updated", blueprint: "", identifier: name, before: null } as const;
    const origin = { actor: "", dataSource: "", runId: null, atMs: this.#clock.now() };
    await this.#db.transaction(async (tx) => {
      await tx.run(sql`
        INSERT INTO setting VALUES (${name}, ${JSON.stringify(value)})
        ON CONFLICT (name) DO UPDATE SET value = excluded.value`);
      await addChanges(tx, [change], origin, this.#feed.instanceId);
    });
    this.#feed.announce();
  }
}
