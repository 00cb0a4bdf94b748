import type { Clock } from "../../runtime/clock.ts";
import type { Answer } from "../server/answer.ts";
import { tooMany } from "./fault-answers.ts";

export interface RateLimits {
  /** Requests a second of one endpoint and method, shared by all callers. */
  readonly perSecond: Readonly<Record<string, number>>;
  /** Endpoints that may be asked more often. */
  readonly exceptions: Readonly<Record<string, number>>;
  /** How many seconds' worth a bucket that was left alone holds. */
  readonly burstSeconds: number;
  /** Writes of one issue: so many in so many milliseconds. */
  readonly perIssueWrites: readonly { readonly count: number; readonly windowMs: number }[];
  /** For apps: one point a request and one for each object in the answer, until the top of the hour. */
  readonly pointsPerHour: number;
}

/** As documented for Jira Cloud; the size of the buckets is not. */
export const documentedLimits: RateLimits = {
  perSecond: { GET: 100, POST: 100, PUT: 50, DELETE: 50 },
  exceptions: {
    "GET /rest/api/3/issue/{issueIdOrKey}": 150,
    "GET /rest/api/3/issue/{issueIdOrKey}/changelog": 200,
    "GET /rest/api/3/user": 150,
    "GET /rest/api/3/user/search": 200,
    "GET /rest/api/3/component": 200,
    "POST /rest/api/3/search/approximate-count": 150,
  },
  burstSeconds: 1,
  perIssueWrites: [
    { count: 20, windowMs: 2000 },
    { count: 100, windowMs: 30_000 },
  ],
  pointsPerHour: 65_000,
};

export interface LimitedRequest {
  readonly method: string;
  readonly endpoint: string;
  /** Whether the caller is an app, which pays points. */
  readonly isApp: boolean;
  /** What a write goes to. */
  readonly issue: string | undefined;
}

interface Bucket {
  tokens: number;
  filledMs: number;
}

const hourMs = 3_600_000;
/** Below this share of a bucket Jira warns. */
const nearShare = 0.2;

/** The three limits of Jira Cloud: buckets by endpoint, writes by issue, points by the hour. */
export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();
  readonly #writes = new Map<string, number[]>();
  #hour = 0;
  #points = 0;

  constructor(limits: RateLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** A refusal, or undefined when the request may go on. */
  take(request: LimitedRequest): Answer | undefined {
    return this.#takePoint(request) ?? this.#takeToken(request) ?? this.#takeWrite(request);
  }

  /** Charges what an answer holds, and tells how much is left. */
  settle(request: LimitedRequest, answer: Answer): Answer {
    if (request.isApp) this.#points += answer.objects ?? 0;
    const capacity = this.#rateOf(request) * this.#limits.burstSeconds;
    const left = Math.floor(this.#buckets.get(request.endpoint)?.tokens ?? capacity);
    const near: Record<string, string> = left < capacity * nearShare ? { "X-RateLimit-NearLimit": "true" } : {};
    return {
      ...answer,
      headers: {
        "X-RateLimit-Limit": String(Math.floor(capacity)),
        "X-RateLimit-Remaining": String(left),
        ...near,
        ...answer.headers,
      },
    };
  }

  #takePoint({ isApp }: LimitedRequest): Answer | undefined {
    if (!isApp) return undefined;
    const nowMs = this.#clock.now();
    const hour = Math.floor(nowMs / hourMs);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#points = 0;
    }
    const limit = this.#limits.pointsPerHour;
    if (this.#points >= limit) {
      const retryAfterSeconds = Math.ceil(((hour + 1) * hourMs - nowMs) / 1000);
      return tooMany({ reason: "jira-quota-global-based", retryAfterSeconds, limit }, nowMs);
    }
    this.#points++;
    return undefined;
  }

  #takeToken(request: LimitedRequest): Answer | undefined {
    const nowMs = this.#clock.now();
    const rate = this.#rateOf(request);
    const capacity = rate * this.#limits.burstSeconds;
    const bucket = this.#buckets.get(request.endpoint) ?? { tokens: capacity, filledMs: nowMs };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((nowMs - bucket.filledMs) / 1000) * rate);
    bucket.filledMs = nowMs;
    this.#buckets.set(request.endpoint, bucket);
    if (bucket.tokens < 1)
      return tooMany({ reason: "jira-burst-based", retryAfterSeconds: 1, limit: Math.floor(capacity) }, nowMs);
    bucket.tokens--;
    return undefined;
  }

  #takeWrite({ issue }: LimitedRequest): Answer | undefined {
    if (issue === undefined) return undefined;
    const nowMs = this.#clock.now();
    const longest = Math.max(0, ...this.#limits.perIssueWrites.map(({ windowMs }) => windowMs));
    const writes = (this.#writes.get(issue) ?? []).filter((atMs) => atMs > nowMs - longest);
    for (const { count, windowMs } of this.#limits.perIssueWrites) {
      const recent = writes.filter((atMs) => atMs > nowMs - windowMs);
      if (recent.length < count) continue;
      const waitMs = (recent[0] ?? nowMs) + windowMs - nowMs;
      const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
      return tooMany({ reason: "jira-per-issue-on-write", retryAfterSeconds, limit: count }, nowMs);
    }
    this.#writes.set(issue, [...writes, nowMs]);
    return undefined;
  }

  #rateOf({ method, endpoint }: LimitedRequest): number {
    return this.#limits.exceptions[endpoint] ?? this.#limits.perSecond[method] ?? 100;
  }
}
