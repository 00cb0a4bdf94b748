import type { JsonObject } from "../../model/json.ts";
import type { AuditEntry, AuditQuery, AuditStore } from "../audit-store.ts";
import type { SqlRow } from "./connection.ts";
import type { SearchCalls } from "./searches.ts";
import { toChange } from "./sqlite-feed-store.ts";
import type { WriteCalls } from "./writer.ts";

/** Changes forgotten in one transaction, so that other writes wait for none of them long. */
const PAGE_SIZE = 5000;

export class SqliteAuditStore implements AuditStore {
  readonly #writer: WriteCalls;
  readonly #searcher: SearchCalls;

  constructor(writer: WriteCalls, searcher: SearchCalls) {
    this.#writer = writer;
    this.#searcher = searcher;
  }

  async list(query: AuditQuery): Promise<readonly AuditEntry[]> {
    return (await this.#searcher.call("listAudit", query)).map(toAuditEntry);
  }

  async forget(beforeMs: number): Promise<number> {
    let all = 0;
    let gone;
    do {
      gone = await this.#writer.call("forgetChanges", { beforeMs, limit: PAGE_SIZE });
      all += gone;
    } while (gone === PAGE_SIZE);
    return all;
  }
}

function toAuditEntry(row: SqlRow): AuditEntry {
  return {
    ...toChange(row),
    subject: row["subject"] as AuditEntry["subject"], // list-audit.ts selects no other
    dataSource: String(row["data_source"]),
    before: toDocument(row["before"]),
    after: toDocument(row["after"]),
  };
}

function toDocument(text: SqlRow[string] | undefined): JsonObject | null {
  return typeof text === "string" ? (JSON.parse(text) as JsonObject | null) : null; // as add-change.ts composes it
}
