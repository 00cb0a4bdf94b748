import type { Clock } from "../../runtime/clock.ts";
import type { Run, RunStore } from "../run-store.ts";
import type { Database } from "./database.ts";
import { sql } from "./sql.ts";

/** Runs kept per data source. */
const MAX_RUNS = 200;

/** Between two looks whether another process is done. */
const WAIT_MS = 1000;

interface Stored {
  readonly document: Run;
}

export class PostgresRunStore implements RunStore {
  readonly #db: Database;

  readonly #clock: Clock;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async exclusively<Result>(
    dataSource: string,
    work: (signal: AbortSignal) => Promise<Result>,
    { signal, onWait }: { readonly signal: AbortSignal; readonly onWait?: () => void },
  ): Promise<Result> {
    for (let tries = 1; ; tries++) {
      const done = await this.#db.withFreeLock(`sync of ${dataSource}`, (lost) =>
        work(AbortSignal.any([signal, lost])),
      );
      if (done !== undefined) return done.result;
      if (tries === 1) onWait?.();
      await this.#clock.sleep(WAIT_MS, signal);
    }
  }

  async save(run: Run): Promise<void> {
    const { id, dataSource } = run;
    await this.#db.transaction(async (tx) => {
      await tx.run(sql`
        INSERT INTO run (id, data_source, document) VALUES (${id}, ${dataSource}, ${JSON.stringify(run)})
        ON CONFLICT (id) DO UPDATE SET document = excluded.document`);
      await tx.run(sql`
        DELETE FROM run WHERE data_source = ${dataSource} AND seq <=
          (SELECT seq FROM run WHERE data_source = ${dataSource} ORDER BY seq DESC LIMIT 1 OFFSET ${MAX_RUNS})`);
    });
  }

  async find(id: string): Promise<Run | undefined> {
    return (await this.#db.get<Stored>(sql`SELECT document FROM run WHERE id = ${id}`))?.document;
  }

  async list(dataSource: string, limit: number): Promise<readonly Run[]> {
    const rows = await this.#db.all<Stored>(
      sql`SELECT document FROM run WHERE data_source = ${dataSource} ORDER BY seq DESC LIMIT ${limit}`,
    );
    return rows.map(({ document }) => document);
  }
}
