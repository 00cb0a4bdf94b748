import type { Environment } from "../config/config.ts";
import type { ItemFailure, Run } from "../store/run-store.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { findById, openHistory, toShortId, toShownTime, type OpenHistory } from "./open-history.ts";
import { toRunReport } from "./run-report.ts";
import { sayLine, type Terminal } from "./terminal.ts";
import { toTextTable } from "./text-table.ts";

export type RunsRequest =
  | { readonly action: "list"; readonly json: boolean }
  /** The newest run unless told otherwise. */
  | { readonly action: "show" | "failures"; readonly id: string | undefined; readonly json: boolean };

/** Runs kept by the store. */
const MAX_RUNS = 200;

/** What happened: all runs, one of them, or everything that failed in one. */
export async function runsCommand(env: Environment, terminal: Terminal, request: RunsRequest): Promise<ExitCode> {
  const history = openHistory(env, terminal);
  try {
    const say = (text: string, document: unknown): void =>
      sayLine(terminal.out, request.json ? JSON.stringify(document, null, 2) : text);
    const runs = await history.runs.list(history.dataSource, MAX_RUNS);
    if (request.action === "list") say(toRunTable(runs, history), runs);
    else {
      const run = request.id === undefined ? runs[0] : findById(runs, request.id, "run");
      if (run === undefined) say("There was no run yet.", null);
      else if (request.action === "show") say(toRunText(run), run);
      else say(run.failures.map(toFailureText).join("\n") || "Nothing failed.", run.failures);
    }
    return EXIT_CODES.ok;
  } finally {
    history.close();
  }
}

function toRunTable(runs: readonly Run[], { dataSource }: OpenHistory): string {
  if (runs.length === 0) return `There was no run of ${dataSource} yet.`;
  return toTextTable(
    ["run", "started", "seconds", "status", "listed", "created", "updated", "deleted", "failed", "held"],
    runs.map((run) => {
      const sum = (name: "listed" | "created" | "updated"): number =>
        run.resources.reduce((total, { counts }) => total + counts[name], 0);
      const seconds = Math.round(((run.endedAtMs ?? run.savedAtMs) - run.startedAtMs) / 1000);
      const counts = [sum("listed"), sum("created"), sum("updated"), run.deleted, run.failureCount, run.held ?? 0];
      return [toShortId(run.id), toShownTime(run.startedAtMs), seconds, run.status, ...counts];
    }),
  );
}

function toRunText(run: Run): string {
  const started = `Run ${run.id} (${run.trigger}), started ${toShownTime(run.startedAtMs)}, attempt ${run.attempt}`;
  return [started, ...(run.error === undefined ? [] : [`Stopped: ${run.error}`]), toRunReport(run)].join("\n");
}

function toFailureText({ level, object, field, code, expression, message, sample }: ItemFailure): string {
  return [
    `${level} ${object} ${field ?? ""} (${code}): ${message}`,
    ...(expression === undefined ? [] : [`    expression: ${expression.trim()}`]),
    ...(sample === undefined ? [] : [`    looked at:  ${sample}`]),
  ].join("\n");
}
