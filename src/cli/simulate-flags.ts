import { Option, type Command } from "commander";
import { systemClock, type Clock } from "../runtime/clock.ts";
import { ConfigurationError } from "../runtime/errors.ts";
import { faultKinds } from "../simulator/faults/faults.ts";
import type { SimulatorSettings } from "../simulator/options.ts";

/** The simulator's knobs as commander hands them over. */
export interface SimulateFlags {
  readonly port: number;
  readonly seed: number;
  readonly projects: number;
  readonly users: number;
  readonly issues: number;
  readonly boards: number | undefined;
  readonly teams: number;
  readonly versionsPerProject: number;
  readonly latencyMs: number;
  readonly editsPerMinute: number;
  readonly indexLagMs: number;
  readonly shortPages: boolean | undefined;
  readonly faultPercent: number;
  readonly faultKinds: string | undefined;
  readonly rateLimits: boolean | undefined;
  readonly timeZone: string;
  readonly callerTimeZone: string | undefined;
  readonly clock: number | undefined;
  readonly refuseUnknownIssues: boolean | undefined;
  readonly dataCenter: boolean | undefined;
}

export function addSimulateFlags(command: Command): Command {
  return command
    .addOption(count("--port <n>", "TCP port; 0 takes any free one", 3001))
    .addOption(count("--seed <n>", "the same seed makes the same Jira", 1))
    .addOption(count("--projects <n>", "how many projects", 3))
    .addOption(count("--users <n>", "how many users", 40))
    .addOption(count("--issues <n>", "how many issues", 1500))
    .addOption(count("--boards <n>", "how many boards; two for each project if not given"))
    .addOption(count("--teams <n>", "how many teams", 4))
    .addOption(count("--versions-per-project <n>", "how many versions each project has", 4))
    .addOption(count("--latency-ms <n>", "wait before every answer", 0))
    .addOption(count("--edits-per-minute <n>", "changes that happen by themselves", 0))
    .addOption(count("--index-lag-ms <n>", "how long search goes on seeing an issue as it was", 0))
    .addOption(new Option("--short-pages", "search now and then returns less than it was asked for"))
    .addOption(count("--fault-percent <n>", "how many of a hundred requests go wrong", 0))
    .addOption(new Option("--fault-kinds <list>", `which faults, separated by commas: ${faultKinds.join(", ")}`))
    .addOption(new Option("--rate-limits", "limit callers as Jira Cloud documents it"))
    .addOption(new Option("--time-zone <zone>", "the site's zone").default("Asia/Singapore"))
    .addOption(new Option("--caller-time-zone <zone>", "what dates in JQL mean; the site's zone if not given"))
    .addOption(
      new Option("--clock <time>", "the time at the start, e.g. 2026-01-26T09:00Z; now if not given").argParser(toTime),
    )
    .addOption(new Option("--refuse-unknown-issues", "refuse a query that names an issue which is gone"))
    .addOption(new Option("--data-center", "be Jira Data Center instead of Jira Cloud"));
}

export function toSimulatorSettings(flags: SimulateFlags): SimulatorSettings {
  const { boards, shortPages, faultPercent, faultKinds: kinds, rateLimits, dataCenter, ...others } = flags;
  const { callerTimeZone, clock, refuseUnknownIssues, ...sizes } = others;
  return {
    ...sizes,
    ...(boards === undefined ? {} : { boards }),
    ...(callerTimeZone === undefined ? {} : { callerTimeZone }),
    ...(clock === undefined ? {} : { clock: startingAt(clock) }),
    refusesUnknownIssues: refuseUnknownIssues === true,
    hasShortPages: shortPages === true,
    faults: { rate: faultPercent / 100, kinds: parseKinds(kinds) },
    rateLimits: rateLimits === true ? "documented" : "off",
    deployment: dataCenter === true ? "server" : "cloud",
  };
}

/** A clock that shows another time, and goes on from there. */
function startingAt(timeMs: number): Clock {
  const ahead = timeMs - systemClock.now();
  return { ...systemClock, now: () => systemClock.now() + ahead };
}

function toTime(text: string): number {
  const timeMs = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(timeMs)) {
    throw new ConfigurationError(`--clock takes a time with its zone, such as 2026-01-26T09:00Z, not "${text}"`);
  }
  return timeMs;
}

function parseKinds(list: string | undefined): typeof faultKinds {
  if (list === undefined) return faultKinds;
  return list.split(",").map((name) => {
    const kind = faultKinds.find((known) => known === name.trim());
    if (kind === undefined) {
      throw new ConfigurationError(`--fault-kinds knows ${faultKinds.join(", ")}, and no "${name.trim()}"`);
    }
    return kind;
  });
}

function count(flag: string, description: string, preset?: number): Option {
  const option = new Option(flag, description).argParser((text) => toCount(flag, text));
  return preset === undefined ? option : option.default(preset);
}

function toCount(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new ConfigurationError(`${flag} takes a whole number of 0 or more, not "${text}"`);
  return Number(text);
}
