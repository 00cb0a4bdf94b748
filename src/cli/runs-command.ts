import type { Environment } from "../config/config.ts";
import type { Approval, ItemFailure, Run } from "../store/run-store.ts";
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
/** Removed entities shown on a terminal; a pipe gets all that are kept. */
const MAX_SHOWN = 20;

/** What happened: all runs, one of them, or everything that failed in one. */
export async function runsCommand(env: Environment, terminal: Terminal, request: RunsRequest): Promise<ExitCode> {
  const history = await openHistory(env, terminal);
  try {
    const say = (text: string, document: unknown): void =>
      sayLine(terminal.out, request.json ? JSON.stringify(document, null, 2) : text);
    const runs = await history.runs.list(history.dataSource, MAX_RUNS);
    if (request.action === "list") say(toRunTable(runs, history), runs);
    else {
      const run = request.id === undefined ? runs[0] : findById(runs, request.id, "run");
      if (run === undefined) say("There was no run yet.", null);
      else if (request.action === "show") say(toRunText(run, terminal.out.isTTY ? MAX_SHOWN : Infinity), run);
      else say(run.failures.map(toFailureText).join("\n") || "Nothing failed.", run.failures);
    }
    return EXIT_CODES.ok;
  } finally {
    await history.close();
  }
}

function toRunTable(runs: readonly Run[], { dataSource }: OpenHistory): string {
  if (runs.length === 0) return `There was no run of ${dataSource} yet.`;
  return toTextTable(
    ["run", "started", "seconds", "trigger", "status", "listed", "created", "updated", "deleted", "failed", "held"],
    runs.map((run) => {
      const sum = (name: "listed" | "created" | "updated"): number =>
        run.resources.reduce((total, { counts }) => total + counts[name], 0);
      const seconds = Math.round(((run.endedAtMs ?? run.savedAtMs) - run.startedAtMs) / 1000);
      const counts = [sum("listed"), sum("created"), sum("updated"), run.deleted, run.failureCount, run.held ?? 0];
      return [toShortId(run.id), toShownTime(run.startedAtMs), seconds, run.trigger, run.status, ...counts];
    }),
  );
}

function toRunText(run: Run, maxShown: number): string {
  const started = `Run ${run.id} (${run.trigger}), started ${toShownTime(run.startedAtMs)}, attempt ${run.attempt}`;
  const report = run.approval === undefined ? [toRunReport(run)] : toApprovalLines(run, run.approval, maxShown);
  return [started, ...(run.error === undefined ? [] : [`Stopped: ${run.error}`]), ...report].join("\n");
}

function toApprovalLines({ deleted }: Run, { plan, by, removed }: Approval, maxShown: number): readonly string[] {
  const shown = removed.slice(0, maxShown);
  return [
    `Plan ${plan}, approved by ${by}: ${deleted} entities removed`,
    ...shown.map(({ blueprint, identifier }) => `  ${blueprint}  ${identifier}`),
    ...(deleted > shown.length ? [`  ... and ${deleted - shown.length} more`] : []),
  ];
}

function toFailureText({ level, object, field, code, expression, message, sample }: ItemFailure): string {
  return [
    `${level} ${object} ${field ?? ""} (${code}): ${message}`,
    ...(expression === undefined ? [] : [`    expression: ${expression.trim()}`]),
    ...(sample === undefined ? [] : [`    looked at:  ${sample}`]),
  ].join("\n");
}
