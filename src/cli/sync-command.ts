import type { Environment } from "../config/config.ts";
import { systemClock } from "../runtime/clock.ts";
import { ConfigurationError } from "../runtime/errors.ts";
import type { ReadMode } from "../store/run-store.ts";
import type { ResyncProgress } from "../sync/resync.ts";
import { toPreviewExitCode, toRunExitCode, type ExitCode } from "./exit-codes.ts";
import { toJiraSite, toShownPath } from "./jira-site.ts";
import { loadConfig } from "./load-config.ts";
import { toPreviewReport } from "./preview-report.ts";
import { createProgressView } from "./progress.ts";
import { toRunReport } from "./run-report.ts";
import { signIn } from "./sign-in.ts";
import { createStopSignal } from "./stop-signal.ts";
import { sayLine, type Terminal } from "./terminal.ts";
import { toTimingReport } from "./timing-report.ts";

export interface SyncFlags {
  /** Names with commas between them. */
  readonly kind?: string;
  readonly dryRun?: true;
  readonly full?: true;
  readonly verify?: true;
  readonly timings?: true;
}

/** One resync. What it did goes to standard output, how it goes on to standard error. */
export async function syncCommand(env: Environment, terminal: Terminal, flags: SyncFlags = {}): Promise<ExitCode> {
  const config = loadConfig(env, terminal);
  const say = (line: string): void => sayLine(terminal.err, line);
  const kinds = toKinds(flags);
  const mode: ReadMode | undefined = flags.full ? "full" : flags.verify ? "verifying" : undefined;
  const site = toJiraSite(config, env);
  const stop = createStopSignal(systemClock, say);
  const session = await signIn(config, site, { signal: stop.signal, say });
  const { openInstallation } = await import("./installation.ts");
  const installation = await openInstallation(config, site, stop.signal, session);
  const progress = createProgressView(terminal.err, systemClock);
  try {
    const from = site.type === "demo" ? "the built-in demo Jira" : site.settings.host;
    say(`Reading ${from} into ${toShownPath(site.folder)}`);
    const { connector, timings } = installation;
    if (flags.timings) timings.start();
    const reportTimings = (): void => {
      if (flags.timings) sayLine(terminal.out, `\n${toTimingReport(timings.list())}`);
    };
    const options = {
      trigger: "manual" as const,
      signal: stop.signal,
      onProgress: (state: ResyncProgress) => progress.update(state),
      ...(kinds !== undefined && { kinds }),
      ...(mode !== undefined && { mode }),
    };
    if (flags.dryRun) {
      const preview = await connector.preview(options);
      progress.stop();
      sayLine(terminal.out, toPreviewReport(preview));
      reportTimings();
      return toPreviewExitCode(preview);
    }
    const run = await connector.resync(options);
    progress.stop();
    sayLine(terminal.out, toRunReport(run));
    reportTimings();
    return toRunExitCode(run);
  } finally {
    progress.stop();
    await installation.close();
    stop.release();
  }
}

function toKinds({ kind }: SyncFlags): readonly string[] | undefined {
  if (kind === undefined) return undefined;
  const kinds = kind.split(",").map((name) => name.trim());
  if (kinds.includes(""))
    throw new ConfigurationError(`--kind takes names of kinds with commas between them, not "${kind}"`);
  return kinds;
}
