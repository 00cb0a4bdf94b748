import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { toDefaultMapping } from "../../src/mapping/default-mapping.ts";
import type { ReadMode } from "../../src/store/run-store.ts";
import { toAccessVariables } from "./access.ts";
import { ISSUE_FIELDS } from "./issue-fields.ts";
import type { JiraProcess } from "./jira-process.ts";
import { measureRun, type Measurement } from "./measured-run.ts";

export type Mode = Extract<ReadMode, "trusting" | "verifying">;

/** What sync-process.ts prints. */
export interface SyncReport {
  readonly status: string;
  /** From the start of the process to the start of the resync. */
  readonly startupSeconds: number;
  readonly issues: number;
  readonly failed: number;
  readonly database: string;
}

export interface SyncMeasurement extends Measurement {
  readonly report: SyncReport;
  /** Changes of entities that came to the change feed. */
  readonly written: number;
}

/** A data folder of its own, to sync one Jira into as often as one likes. */
export class Workshop {
  readonly #jira: JiraProcess;
  readonly #issues: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "quayside-bench-"));
  readonly #env: Readonly<Record<string, string>>;
  #changes = 0;

  constructor(jira: JiraProcess, issues: number) {
    this.#jira = jira;
    this.#issues = issues;
    const mapping = join(this.#folder, "mapping.yaml");
    const selector = `jql: ""\n      fields: "${ISSUE_FIELDS.join(",")}"`;
    writeFileSync(mapping, toDefaultMapping("cloud").replace(/jql: .*/, selector));
    this.#env = {
      ...toAccessVariables(jira.access),
      QUAYSIDE_DATA: join(this.#folder, "data"),
      QUAYSIDE_MAPPING: mapping,
    };
  }

  /** Throws unless everything was read and nothing failed. */
  async sync(mode: Mode, nodeFlags: readonly string[] = []): Promise<SyncMeasurement> {
    const run = await measureRun("./sync-process.ts", {
      jira: this.#jira,
      env: { ...this.#env, BENCH_MODE: mode },
      nodeFlags,
    });
    const report = run.report as SyncReport;
    if (report.status !== "completed" || report.issues !== this.#issues || report.failed > 0) {
      throw new Error(`The resync went wrong: ${JSON.stringify(report)}`);
    }
    const before = this.#changes;
    this.#changes = countChanges(report.database);
    return { ...run, report, written: this.#changes - before };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

function countChanges(database: string): number {
  const db = new DatabaseSync(database, { readOnly: true });
  const row = db.prepare("SELECT count(*) AS count FROM change WHERE subject = 'entity'").get();
  db.close();
  return Number(row?.["count"]);
}
