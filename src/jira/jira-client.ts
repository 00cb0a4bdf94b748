import type { IncomingHttpHeaders } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { errors, type Dispatcher } from "undici";
import type { Json } from "../model/json.ts";
import type { Clock } from "../runtime/clock.ts";
import { AbortError, AuthenticationError, QuaysideError, toMessage } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Authenticator } from "./authenticator.ts";
import type { JiraSettings } from "./jira-settings.ts";
import { toAnswerError, toNetworkError } from "./jira-error.ts";
import { createDispatcher } from "./network.ts";
import { DEFAULT_GATE_LIMITS, Gate, type Restraint } from "./gate.ts";
import { EndpointCounters, type EndpointCounts } from "./endpoint-counts.ts";
import { readRetryAfter } from "./retry-after.ts";
import { RetryBudget } from "./retry-budget.ts";

const DEFAULT_TIMEOUT_MS = 60_000;
/** When Jira refuses for a spent hourly quota and does not say until when. */
const QUOTA_PAUSE_MS = 60_000;
const unzip = promisify(gunzip);

export type QueryValue = string | number | boolean | readonly string[] | undefined;

export interface JiraRequest {
  /** Values of the `{names}` in the path; the path with its names is what Jira's rate limits count by. */
  readonly parameters?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: Json;
  readonly signal?: AbortSignal | undefined;
  /** True if sending it twice does no harm. Reading does none; the default for everything but GET is false. */
  readonly idempotent?: boolean;
  /** The issue that the request writes to, so that Jira's limit per issue can be kept. */
  readonly issue?: string;
  /** How often it is sent at most; a caller that can cut its request into smaller ones asks for fewer. */
  readonly maxAttempts?: number;
  /** How often, if there is no connection to be had at all. */
  readonly maxAttemptsUnreachable?: number;
  /** Told before each wait for another try, instead of the log. */
  readonly onRetry?: (failed: RetriedFailure) => void;
  /** Where the path starts, when that is not the Jira of the settings. */
  readonly baseUrl?: string;
}

export interface RetriedFailure {
  readonly error: QuaysideError;
  /** The first one is 2. */
  readonly nextAttempt: number;
  readonly maxAttempts: number | undefined;
}

export interface JiraClientServices {
  readonly clock: Clock;
  readonly logger: Logger;
  /** 0 <= x < 1 */
  readonly random: () => number;
  /** Ends everything that is under way. */
  readonly signal: AbortSignal;
}

type Method = "GET" | "POST" | "PUT" | "DELETE";
type Attempt<T> = { readonly value: T } | { readonly failure: Failure };

interface Failure {
  readonly error: QuaysideError;
  /** `sent` = the other side may have acted on it; `refused` = it certainly has not. */
  readonly retry: "no" | "sent" | "refused";
  readonly isUnreachable?: boolean;
  readonly isRateLimit?: boolean;
  /** The moment that the other side asked to wait for. */
  readonly notBeforeMs?: number | undefined;
}

/**
 * Speaks HTTP to one Jira: credentials, politeness (`Gate`), retries. A request is repeated after a network error, 408,
 * 429 and 5xx, with growing waits, or exactly when Jira asked; never for refused credentials: after the first 401 all
 * further requests fail at once until there are newer ones.
 */
export class JiraClient {
  readonly baseUrl: string;
  readonly #settings: JiraSettings;
  readonly #services: JiraClientServices;
  readonly #authenticator: Authenticator;
  readonly #dispatcher: Dispatcher;
  readonly #gate: Gate;
  readonly #counters = new EndpointCounters();
  #refused: { readonly authorization: string; readonly error: QuaysideError } | undefined;

  constructor(settings: JiraSettings, authenticator: Authenticator, services: JiraClientServices) {
    this.baseUrl = settings.host.replace(/\/+$/, "");
    this.#settings = settings;
    this.#services = services;
    this.#authenticator = authenticator;
    const limits = settings.limits ?? DEFAULT_GATE_LIMITS;
    this.#gate = new Gate(services.clock, limits);
    this.#dispatcher = createDispatcher(settings.network ?? {}, limits.maxInFlight, services.logger);
  }

  getJson(path: string, request: JiraRequest = {}): Promise<Json> {
    return this.request("GET", path, { idempotent: true, ...request }, parseJson);
  }

  postJson(path: string, request: JiraRequest): Promise<Json> {
    return this.request("POST", path, request, parseJson);
  }

  /**
   * Sends a request and hands the bytes of the answer to `decode`. An answer that cannot be decoded counts as cut off
   * on the way, and is asked for again.
   */
  async request<T>(method: Method, path: string, request: JiraRequest, decode: (bytes: Buffer) => T): Promise<T> {
    const bucket = `${method} ${path}`;
    const { clock, random, logger } = this.#services;
    const signal = request.signal ? AbortSignal.any([this.#services.signal, request.signal]) : this.#services.signal;
    const budget = new RetryBudget({ clock, random, ...(request.maxAttempts && { maxAttempts: request.maxAttempts }) });
    const counts = this.#counters.of(bucket);
    for (let nextAttempt = 2; ; nextAttempt++) {
      const attempt = await this.#attempt({ method, path, request, bucket, signal, counts, budget, decode });
      if ("value" in attempt) return attempt.value;
      const { error, retry, isRateLimit = false, isUnreachable = false, notBeforeMs } = attempt.failure;
      const maxAttempts = (isUnreachable ? request.maxAttemptsUnreachable : undefined) ?? request.maxAttempts;
      const isAllowed = maxAttempts === undefined || nextAttempt <= maxAttempts;
      const mayRepeat = isAllowed && (retry === "refused" || (retry === "sent" && request.idempotent === true));
      const waitMs = mayRepeat ? budget.nextWait({ isRateLimit, notBeforeMs }) : undefined;
      if (waitMs === undefined) throw error;
      counts.retries++;
      counts.waitedMs += waitMs;
      if (request.onRetry) request.onRetry({ error, nextAttempt, maxAttempts });
      else logRetry(logger, { bucket, waitMs, err: error.message });
      await sleep(clock, waitMs, signal);
    }
  }

  /** What was sent and received so far, per endpoint. */
  counts(): Readonly<Record<string, EndpointCounts>> {
    return this.#counters.all();
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #attempt<T>(call: {
    readonly method: Method;
    readonly path: string;
    readonly request: JiraRequest;
    readonly bucket: string;
    readonly signal: AbortSignal;
    readonly counts: EndpointCounts;
    readonly budget: RetryBudget;
    readonly decode: (bytes: Buffer) => T;
  }): Promise<Attempt<T>> {
    const { method, path, request, bucket, signal, counts, budget, decode } = call;
    const { clock } = this.#services;
    const url = toUrl(request.baseUrl ?? this.baseUrl, path, request);
    const askedAtMs = clock.now();
    const leave = await this.#gate.enter({ bucket, issue: request.issue, signal }).catch((cause: unknown) => {
      throw new AbortError(undefined, { cause });
    });
    const waitedMs = clock.now() - askedAtMs;
    counts.waitedMs += waitedMs;
    budget.excuse(waitedMs);
    try {
      const authorization = await this.#authenticator.authorize();
      if (this.#refused?.authorization === authorization) throw this.#refused.error;
      counts.requests++;
      const answer = await this.#send(method, url, { authorization, body: request.body, signal });
      counts.bytes += answer.bytes.length;
      if (answer.status < 300) {
        if (answer.headers["x-ratelimit-nearlimit"] === "true") this.#gate.warn(bucket);
        return { value: decode(answer.bytes) };
      }
      return { failure: await this.#judge(answer, { method, url, bucket, issue: request.issue, authorization }) };
    } catch (cause) {
      if (signal.aborted) throw new AbortError(undefined, { cause });
      if (cause instanceof QuaysideError) throw cause; // not of the network, and no better next time
      const isUnreachable = hasNoConnection(cause);
      const retry = cause instanceof errors.ConnectTimeoutError || isUnreachable ? "refused" : "sent";
      const error = toNetworkError(cause, { method, url, settings: this.#settings });
      return { failure: { error, retry, isUnreachable } };
    } finally {
      leave();
    }
  }

  async #send(
    method: Method,
    url: URL,
    { authorization, body, signal }: { authorization: string; body: Json | undefined; signal: AbortSignal },
  ): Promise<Answer> {
    const timeoutMs = this.#settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const response = await this.#dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: {
        authorization,
        accept: "application/json",
        "accept-encoding": "gzip",
        "user-agent": "quayside",
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    const received = Buffer.from(await response.body.arrayBuffer());
    const bytes = response.headers["content-encoding"] === "gzip" ? await unzip(received) : received;
    return { status: response.statusCode, headers: response.headers, bytes };
  }

  /** Whether an answer that is an error may be followed by another try, and what it means for other requests. */
  async #judge(
    answer: Answer,
    asked: { method: Method; url: URL; bucket: string; issue: string | undefined; authorization: string },
  ): Promise<Failure> {
    const { status, headers } = answer;
    const nowMs = this.#services.clock.now();
    const error = toAnswerError(answer, { ...asked, settings: this.#settings });
    if (error instanceof AuthenticationError) {
      if (await this.#authenticator.hasNewer(asked.authorization)) return { error, retry: "refused" };
      this.#refused = { authorization: asked.authorization, error };
      return { error, retry: "no" };
    }
    const notBeforeMs = readRetryAfter(headers, nowMs);
    if (status === 429) {
      const restraint = toRestraint(headers["ratelimit-reason"]);
      const untilMs = notBeforeMs ?? nowMs + (restraint === "all" ? QUOTA_PAUSE_MS : 0);
      this.#gate.restrain(restraint, asked, untilMs);
      return { error, retry: "refused", isRateLimit: true, notBeforeMs: untilMs > nowMs ? untilMs : undefined };
    }
    if (status === 408 || status >= 500) return { error, retry: "sent", notBeforeMs };
    return { error, retry: "no" };
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** Hourly quotas and costs concern every request, the burst limit one endpoint, and one limit writes to an issue. */
function toRestraint(reason: string | readonly string[] | undefined): Restraint {
  const text = String(reason ?? "");
  if (text.includes("per-issue")) return "issue";
  return text.includes("quota") || text.includes("cost") ? "all" : "bucket";
}

function toUrl(base: string, path: string, { parameters = {}, query = {} }: JiraRequest): URL {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ""));
  const url = new URL(base + filled);
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const each of typeof value === "object" ? value : [value]) url.searchParams.append(name, String(each));
  }
  return url;
}

function parseJson(bytes: Buffer): Json {
  return bytes.length === 0 ? null : (JSON.parse(bytes.toString("utf8")) as Json); // JSON.parse gives JSON
}

/** No connection came about, so nothing was sent. */
function hasNoConnection(cause: unknown): boolean {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "EHOSTUNREACH";
}

function logRetry(logger: Logger, fields: { bucket: string; waitMs: number; err: string }): void {
  const text = "Jira is asked again";
  if (fields.waitMs < 1_000) logger.info(fields, text);
  else if (fields.waitMs < 7_000) logger.warn(fields, text);
  else logger.error(fields, text);
}

async function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (cause) {
    throw new AbortError(`Stopped while waiting for Jira: ${toMessage(cause)}`, { cause });
  }
}
