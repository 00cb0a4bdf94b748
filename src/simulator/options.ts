import { ConfigurationError } from "../runtime/errors.ts";
import type { FaultOptions } from "./faults/faults.ts";
import type { RateLimits } from "./faults/rate-limiter.ts";
import { defaultWebhookOptions, type WebhookOptions } from "./webhooks/webhook-sender.ts";
import { systemClock, type Clock } from "../runtime/clock.ts";

export interface SimulatorOptions {
  /** The same seed and sizes make the same Jira. */
  readonly seed: number;
  readonly projects: number;
  readonly users: number;
  readonly issues: number;
  /** 2 for each project unless told: one with sprints (where the project has them) and one kanban board. */
  readonly boards: number;
  readonly sprintsPerBoard: number;
  readonly versionsPerProject: number;
  readonly teams: number;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Waited before every answer. */
  readonly latencyMs: number;
  readonly clock: Clock;
  /**
   * When the newest generated issue was created; the others lie up to two years before it. By default the start of the
   * clock's UTC day, so that two simulators started on one day show the same issues.
   */
  readonly originMs: number;
  /** The site's zone: issue dates carry its offset. */
  readonly timeZone: string;
  /** The zone in the caller's profile: what date literals in JQL mean. */
  readonly callerTimeZone: string;
  /** Whether search now and then returns less than it was asked for, as it may. */
  readonly hasShortPages: boolean;
  /**
   * Whether a query that names an issue which is gone is refused as a whole. The old search did that; of the new one it
   * is not recorded.
   */
  readonly refusesUnknownIssues: boolean;
  readonly deployment: "cloud" | "server";
  readonly faults: FaultOptions;
  readonly webhooks: WebhookOptions;
  /** "off" lets everybody ask as much as they like. */
  readonly rateLimits: "off" | "documented" | Partial<RateLimits>;
  /** How long search goes on seeing an issue as it was before a change. */
  readonly indexLagMs: number;
  /** Changes that happen by themselves. */
  readonly editsPerMinute: number;
}

const dayMs = 86_400_000;

/** What a caller gives; the rest is preset. */
export type SimulatorSettings = Partial<
  Omit<SimulatorOptions, "webhooks"> & { readonly webhooks: Partial<WebhookOptions> }
>;

export function toSimulatorOptions(given: SimulatorSettings): SimulatorOptions {
  const clock = given.clock ?? systemClock;
  const timeZone = given.timeZone ?? "Asia/Singapore";
  assertTimeZone(timeZone);
  assertTimeZone(given.callerTimeZone ?? timeZone);
  return {
    seed: 1,
    projects: 3,
    users: 40,
    issues: 1500,
    boards: (given.projects ?? 3) * 2,
    sprintsPerBoard: 6,
    versionsPerProject: 4,
    teams: 4,
    host: "127.0.0.1",
    port: 0,
    latencyMs: 0,
    originMs: Math.floor(clock.now() / dayMs) * dayMs,
    callerTimeZone: timeZone,
    hasShortPages: false,
    refusesUnknownIssues: false,
    deployment: "cloud",
    faults: { rate: 0 },
    rateLimits: "off",
    indexLagMs: 0,
    editsPerMinute: 0,
    ...given,
    clock,
    timeZone,
    webhooks: { ...defaultWebhookOptions, ...given.webhooks },
  };
}

function assertTimeZone(timeZone: string): void {
  try {
    Intl.DateTimeFormat("en-US", { timeZone });
  } catch (error) {
    const message = `The simulator knows no time zone "${timeZone}": give one such as "Europe/Berlin"`;
    throw new ConfigurationError(message, [], { cause: error });
  }
}
