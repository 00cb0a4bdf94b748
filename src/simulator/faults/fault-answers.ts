import { json, text, type Answer } from "../server/answer.ts";
import type { FaultKind } from "./faults.ts";

export type LimitReason =
  | "jira-burst-based"
  | "jira-quota-global-based"
  | "jira-quota-tenant-based"
  | "jira-per-issue-on-write";

export interface Limit {
  readonly reason: LimitReason;
  readonly retryAfterSeconds: number;
  readonly limit: number;
}

/** What Jira documents for each sort of limit. */
const limits = {
  "429-burst": { reason: "jira-burst-based", retryAfterSeconds: 1, limit: 350 },
  "429-quota": { reason: "jira-quota-tenant-based", retryAfterSeconds: 1847, limit: 100_000 },
  "429-issue": { reason: "jira-per-issue-on-write", retryAfterSeconds: 2, limit: 20 },
} as const satisfies Partial<Record<FaultKind, Limit>>;

/** The answer that a fault puts in the place of the real one; undefined for those that only spoil it. */
export function toFaultAnswer(
  kind: FaultKind,
  retryAfterSeconds: number | undefined,
  nowMs: number,
): Answer | undefined {
  switch (kind) {
    case "429-burst":
    case "429-quota":
    case "429-issue":
      return tooMany(
        { ...limits[kind], retryAfterSeconds: retryAfterSeconds ?? limits[kind].retryAfterSeconds },
        nowMs,
      );
    case "500":
      return json({ errorMessages: ["Internal server error"], errors: {} }, 500);
    case "503":
      return {
        ...text("<html><body>Service Unavailable</body></html>", 503),
        headers: { "Retry-After": String(retryAfterSeconds ?? 1) },
      };
    case "reset":
    case "stall":
      return { status: 200, spoil: kind };
    case "truncated":
      return undefined;
  }
}

export function tooMany({ reason, retryAfterSeconds, limit }: Limit, nowMs: number): Answer {
  return json(
    {
      errorMessages: ["The request has been rate-limited. Please try again later."],
      errors: {},
      status: 429,
    },
    429,
    {
      "Retry-After": String(retryAfterSeconds),
      "X-RateLimit-Limit": String(limit),
      "X-RateLimit-Remaining": "0",
      "X-RateLimit-Reset": new Date(nowMs + retryAfterSeconds * 1000).toISOString(),
      "RateLimit-Reason": reason,
      "Beta-Retry-After": String(retryAfterSeconds),
    },
  );
}
