import { styleText } from "node:util";
import type { Config } from "../config/config.ts";
import { systemClock } from "../runtime/clock.ts";
import { toMessage } from "../runtime/errors.ts";
import type { Run } from "../store/run-store.ts";
import { ResyncLoop } from "../sync/resync-loop.ts";
import type { Installation } from "./installation.ts";
import type { JiraSite } from "./jira-site.ts";
import { forgetDecision, isOver, listDecisions } from "./plan-decisions.ts";
import { createProgressView } from "./progress.ts";
import { toRunReport } from "./run-report.ts";
import { sayLine, type Terminal } from "./terminal.ts";

interface Context {
  readonly config: Config;
  readonly site: JiraSite;
  readonly installation: Installation;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Once the first resync has told how it went. */
  readonly afterFirst?: () => Promise<void>;
}

const MINUTE_MS = 60_000;
/** Between two looks for decisions on plans. */
const DECISION_INTERVAL_MS = 2000;
/** Minutes between resyncs when nobody says otherwise. The demo is quick, and there to be watched. */
const DEFAULT_INTERVAL = { demo: 1, jira: 15 } as const;

/** Resyncs at once and at every interval, on request, and carries out what people decide, until a signal comes. */
export async function keepInStep(context: Context): Promise<void> {
  const { config, site, installation, signal } = context;
  const loop = new ResyncLoop({
    resync: createResync(context),
    intervalMs: (config.scheduledResyncInterval ?? DEFAULT_INTERVAL[site.type]) * MINUTE_MS,
    clock: systemClock,
    logger: installation.logger,
  });
  const watching = watchRequests(context, () => loop.request("request"));
  await Promise.all([loop.run(signal), watching, carryOutDecisions(context)]);
}

/** The first resync shows how it goes on and what can be done next; later ones speak only when there is news. */
function createResync(context: Context): (trigger: Run["trigger"], signal: AbortSignal) => Promise<void> {
  const { config, installation, terminal, afterFirst } = context;
  const { connector } = installation;
  const { eventListener } = config;
  const waitsAtStart = eventListener.type === "POLLING" && !eventListener.resyncOnStart;
  let isFirst = true;
  let held = 0;
  return async (trigger, signal) => {
    if (trigger === "start" && waitsAtStart) return;
    const progress = isFirst ? createProgressView(terminal.err, systemClock) : undefined;
    try {
      const run = await connector.resync({ trigger, signal, onProgress: (state) => progress?.update(state) });
      progress?.stop();
      if (isFirst || hasNews(run) || run.held !== held) sayLine(terminal.out, toRunReport(run));
      if (isFirst) await afterFirst?.();
      isFirst = false;
      held = run.held ?? 0;
    } catch (error) {
      if (!signal.aborted) sayLine(terminal.err, styleText("red", toMessage(error)));
      throw error;
    } finally {
      progress?.stop();
    }
  };
}

/** Plans are decided by a command of their own, which leaves word in the data folder. */
async function carryOutDecisions({ installation, terminal, signal }: Context): Promise<void> {
  const { connector, folder } = installation;
  const failed = new Set<string>();
  while (!signal.aborted) {
    for (const decision of listDecisions(folder.path)) {
      const { plan, by } = decision;
      try {
        if (decision.decision === "reject") await connector.rejectPlan(plan);
        const run = decision.decision === "approve" ? await connector.approvePlan(plan, { by, signal }) : undefined;
        sayLine(terminal.out, `Plan ${plan}: ${decision.decision}, ${run?.deleted ?? 0} entities removed`);
      } catch (error) {
        if (signal.aborted) return; // the next start carries it out
        if (!failed.has(plan)) sayLine(terminal.err, styleText("red", toMessage(error)));
        failed.add(plan);
        if (!isOver(error)) continue; // the next look tries again
      }
      failed.delete(plan);
      forgetDecision(folder.path, decision);
    }
    await systemClock.sleep(DECISION_INTERVAL_MS, signal).catch(() => undefined); // it stops
  }
}

/** Looks whether somebody asks for a resync: at every interval, and at once when the catalog here has changed. */
async function watchRequests({ config, installation, signal }: Context, onRequest: () => void): Promise<void> {
  const { connector, catalog, logger } = installation;
  const intervalMs = config.eventListener.type === "POLLING" ? config.eventListener.intervalSeconds * 1000 : MINUTE_MS;
  const find = (): Promise<string | undefined> =>
    connector.findResyncRequest(signal).catch((error: unknown) => {
      if (!signal.aborted) logger.warn({ err: toMessage(error) }, "cannot see whether a resync is asked for");
      return undefined;
    });
  let wake = new AbortController();
  const unsubscribe = catalog.onChange(() => wake.abort());
  let known = await find();
  while (!signal.aborted) {
    await systemClock.sleep(intervalMs, AbortSignal.any([signal, wake.signal])).catch(() => undefined); // woken early
    wake = new AbortController();
    const request = await find();
    if (known !== undefined && request !== undefined && request !== known) onRequest();
    known = request ?? known;
  }
  unsubscribe();
}

function hasNews({ resources, deleted, status }: Run): boolean {
  return status !== "completed" || deleted > 0 || resources.some(({ counts }) => counts.created + counts.updated > 0);
}
