import type { Json } from "../../model/json.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { SettingsStore } from "../settings-store.ts";
import type { Connection } from "./connection.ts";
import type { SqliteFeedStore } from "./sqlite-feed-store.ts";
import type { WriteCalls } from "./writer.ts";

export class SqliteSettingsStore implements SettingsStore {
  readonly #reader: Connection;
  readonly #writer: WriteCalls;
  readonly #feed: SqliteFeedStore;
  readonly #clock: Clock;

  constructor(reader: Connection, writer: WriteCalls, feed: SqliteFeedStore, clock: Clock) {
    this.#reader = reader;
    this.#writer = writer;
    this.#feed = feed;
    this.#clock = clock;
  }

  async find(name: string): Promise<Json | undefined> {
    const row = this.#reader.get("SELECT value FROM setting WHERE name = ?", name);
    return row === undefined ? undefined : (JSON.parse(String(row["value"])) as Json);
  }

  /** One process has the file. */
  exclusively<Result>(change: () => Promise<Result>): Promise<Result> {
    return change();
  }

  async save(name: string, value: Json): Promise<void> {
    await this.#writer.call("saveSetting", { name, value, atMs: this.#clock.now() });
    this.#feed.announce();
  }
}
