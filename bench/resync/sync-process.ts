/**
 * What `quayside sync` does, with two differences: the pace that Jira's limits ask for is lifted, since it would hide
 * what our own work costs, and the report is one line of JSON.
 */
import { openInstallation } from "../../src/cli/installation.ts";
import { toJiraSite, type JiraSite } from "../../src/cli/jira-site.ts";
import { readConfig } from "../../src/config/config.ts";
import { DEFAULT_GATE_LIMITS } from "../../src/jira/gate.ts";
import type { Mode, SyncReport } from "./workshop.ts";

const { config } = readConfig(process.env);
const { signal } = new AbortController();
const mode = process.env["BENCH_MODE"] as Mode; // as Workshop sets it
const installation = await openInstallation(config, withoutPace(toJiraSite(config, process.env)), signal);
const startupSeconds = performance.now() / 1000;
const run = await installation.connector.resync({ trigger: "manual", signal, mode });
await installation.close();
const sum = (name: "failed" | "rejected"): number =>
  run.resources.reduce((total, { counts }) => total + counts[name], 0);
console.log(
  JSON.stringify({
    status: run.status,
    startupSeconds,
    issues: run.resources.find(({ kind }) => kind === "issue")?.counts.listed ?? 0,
    failed: sum("failed") + sum("rejected"),
    database: installation.folder.file("catalog.db"),
  } satisfies SyncReport),
);

function withoutPace(site: JiraSite): JiraSite {
  if (site.type === "demo") throw new Error("the bench reads its own Jira");
  return { ...site, settings: { ...site.settings, limits: { ...DEFAULT_GATE_LIMITS, requestsPerSecond: 1e6 } } };
}
