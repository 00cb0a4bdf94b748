import { readConfig, type Environment } from "../config/config.ts";
import { systemClock } from "../runtime/clock.ts";
import { ConflictError } from "../runtime/errors.ts";
import type { RemovalPlan } from "../store/plan-store.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { openInstallation } from "./installation.ts";
import { toJiraSite } from "./jira-site.ts";
import { findById, openHistory, toShortId, toShownTime } from "./open-history.ts";
import { leaveDecision, whoDecides } from "./plan-decisions.ts";
import { createStopSignal } from "./stop-signal.ts";
import { sayLine, type Terminal } from "./terminal.ts";
import { toTextTable } from "./text-table.ts";

export type PlansRequest =
  | { readonly action: "list"; readonly json: boolean }
  | { readonly action: "show"; readonly id: string; readonly json: boolean }
  | { readonly action: "approve" | "reject"; readonly id: string };

const MAX_PLANS = 200;
/** Entities shown on a terminal; a pipe gets all. */
const MAX_SHOWN = 20;
const MAX_LISTED = 1_000_000;

const REASONS: Readonly<Record<RemovalPlan["reason"], string>> = {
  too_many: "too many at once",
  projects_hidden: "projects can no longer be seen",
  nothing_listed: "Jira listed nothing",
};

/** Removals that wait for a person: look at them and decide. */
export async function plansCommand(env: Environment, terminal: Terminal, request: PlansRequest): Promise<ExitCode> {
  const history = await openHistory(env, terminal);
  try {
    const plans = await history.plans.list(history.dataSource, MAX_PLANS);
    if (request.action === "list") {
      sayLine(terminal.out, request.json ? JSON.stringify(plans, null, 2) : toPlanTable(plans));
      return EXIT_CODES.ok;
    }
    const plan = findById(plans, request.id, "plan");
    if (request.action !== "show") return await decide(env, terminal, plan, request.action);
    const limit = terminal.out.isTTY && !request.json ? MAX_SHOWN : MAX_LISTED;
    const entities = await history.plans.listEntities(plan.id, limit);
    const lines = entities.map(({ blueprint, identifier }) => `  ${blueprint}  ${identifier}`);
    const more = entities.length === MAX_SHOWN && plan.entities > MAX_SHOWN ? ["  ... (all of them in a pipe)"] : [];
    const text = [...toPlanLines(plan), ...lines, ...more].join("\n");
    sayLine(terminal.out, request.json ? JSON.stringify({ ...plan, keys: entities }, null, 2) : text);
    return EXIT_CODES.ok;
  } finally {
    await history.close();
  }
}

async function decide(
  env: Environment,
  terminal: Terminal,
  { id, status }: RemovalPlan,
  decision: "approve" | "reject",
): Promise<ExitCode> {
  if (status !== "held" && status !== "rejected") {
    throw new ConflictError(`The plan "${id}" cannot be decided any more: it is ${status}`);
  }
  const { config } = readConfig(env);
  const site = toJiraSite(config, env);
  const stop = createStopSignal(systemClock, (line) => sayLine(terminal.err, line));
  const installation = await openInstallation(config, site, stop.signal).catch((error: unknown) => {
    stop.release();
    if (error instanceof ConflictError) return undefined; // another process holds the data folder
    throw error;
  });
  if (installation === undefined) {
    leaveDecision(site.folder, { plan: id, decision, by: whoDecides() });
    sayLine(terminal.out, "Noted: the Quayside that is running carries it out.");
    return EXIT_CODES.ok;
  }
  try {
    if (decision === "approve") {
      const approval = { by: whoDecides(), signal: stop.signal };
      const run = await installation.connector.approvePlan(id, approval);
      sayLine(terminal.out, `Approved: ${run.deleted} entities removed (run ${toShortId(run.id)}).`);
    } else {
      await installation.connector.rejectPlan(id);
      sayLine(terminal.out, "Rejected: its entities stay in the catalog, as nobody's.");
    }
    return EXIT_CODES.ok;
  } finally {
    await installation.close();
    stop.release();
  }
}

function toPlanTable(plans: readonly RemovalPlan[]): string {
  if (plans.length === 0) return "No removal was ever held back.";
  return toTextTable(
    ["plan", "kind", "reason", "entities", "of", "status", "made"],
    plans.map(({ id, kind, reason, entities, known, status, createdAtMs }) => {
      return [toShortId(id), kind, REASONS[reason], entities, known, status, toShownTime(createdAtMs)];
    }),
  );
}

function toPlanLines({ id, kind, reason, projects, entities, known, status, runId, bucket }: RemovalPlan): string[] {
  return [
    `Plan ${id} (${status}): remove ${entities} of ${known} entities of ${kind}`,
    `Reason: ${REASONS[reason]}${projects.length > 0 ? `: ${projects.join(", ")}` : ""}`,
    `Made by run ${toShortId(runId)} for ${bucket}`,
    ...(status === "held"
      ? [`To decide: quayside plans approve ${toShortId(id)}, or quayside plans reject ${toShortId(id)}`]
      : []),
  ];
}
