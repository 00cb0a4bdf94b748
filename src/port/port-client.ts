import { Agent, EnvHttpProxyAgent, type Dispatcher } from "undici";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import type { Clock } from "../runtime/clock.ts";
import { AbortError, QuaysideError } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import { Semaphore } from "../runtime/semaphore.ts";
import { toAnswerError, toNetworkError, toNoApiError } from "./port-error.ts";
import { PortToken } from "./port-token.ts";

export interface PortClientOptions {
  /** With or without `/v1`. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Port derives `$datasource` from it, e.g. `port-ocean/jira/0.1.0/my-jira/exporter`. */
  readonly userAgent: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** 0 <= x < 1 */
  readonly random: () => number;
  /** Ends everything that is under way. */
  readonly signal: AbortSignal;
  /** The proxy settings, under the names that curl knows. */
  readonly proxy?: { readonly httpProxy?: string; readonly httpsProxy?: string; readonly noProxy?: string };
}

export interface PortRequest {
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly signal?: AbortSignal | undefined;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Tells that an attempt failed and that another may help. */
interface Failure {
  readonly error: QuaysideError;
  /** The moment that the other side asked to wait for. */
  readonly notBeforeMs?: number | undefined;
}

const MAX_IN_FLIGHT = 20;
const TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 30_000;
const MAX_ATTEMPTS = 10;
/** How long one request is tried; waits that the other side asked for come on top. */
const DEADLINE_MS = 5 * 60_000;
/** The longest wait that is accepted when the other side asks for it. */
const LONGEST_ASKED_WAIT_MS = 15 * 60_000;

/**
 * Speaks Port's API with client credentials. What is sent may be sent twice without harm, so a request is repeated after
 * a network error, 408, 429 and 5xx: with growing waits, or exactly when the other side asked. A 401 costs the token, and
 * a second one in a row is the end. At most 20 requests are in flight, the waiting ones not counted.
 */
export class PortClient {
  readonly #options: PortClientOptions;
  readonly #base: string;
  readonly #dispatcher: Dispatcher;
  readonly #gate = new Semaphore(MAX_IN_FLIGHT);
  readonly #token: PortToken;

  constructor(options: PortClientOptions) {
    this.#options = options;
    this.#base = options.baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "");
    this.#dispatcher = createDispatcher(options.proxy ?? {});
    this.#token = new PortToken({ clock: options.clock, fetch: () => this.#signIn() });
  }

  /**
   * The body of a 2xx answer. `path` starts with `/v1/` and has its segments encoded. Throws NotFoundError for 404,
   * AuthenticationError for 401 and 403, UpstreamError (with the status) for the rest.
   */
  request(method: Method, path: string, request: PortRequest = {}): Promise<JsonObject> {
    return this.#repeat(method, path, request, async (signal) => {
      const authorization = await this.#token.authorize();
      const answer = await this.#send(method, path, request, { authorization, signal });
      if (answer.status !== 401) return answer;
      this.#token.refuse(authorization);
      const renewed = await this.#token.authorize();
      return this.#send(method, path, request, { authorization: renewed, signal });
    });
  }

  /** As whom the other side knows us: it stands in the `updatedBy` of what we write. */
  get clientId(): string {
    return this.#options.clientId;
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  #signIn(): Promise<JsonObject> {
    const { clientId, clientSecret } = this.#options;
    const request = { body: { clientId, clientSecret } };
    const path = "/v1/auth/access_token";
    return this.#repeat("POST", path, request, (signal) => this.#send("POST", path, request, { signal }));
  }

  async #repeat(
    method: Method,
    path: string,
    request: PortRequest,
    send: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<JsonObject> {
    const { clock, signal: stop } = this.#options;
    const signal = request.signal ? AbortSignal.any([stop, request.signal]) : stop;
    const asked = { method, url: this.#base + path };
    let deadlineMs = clock.now() + DEADLINE_MS;
    for (let attempt = 1; ; attempt++) {
      const result = await this.#attempt(asked, signal, send);
      if (!("error" in result)) return result.body;
      const nowMs = clock.now();
      const askedMs = Math.max(0, (result.notBeforeMs ?? nowMs) - nowMs);
      if (attempt >= MAX_ATTEMPTS || nowMs >= deadlineMs || askedMs > LONGEST_ASKED_WAIT_MS) throw result.error;
      deadlineMs += askedMs;
      await this.#wait(askedMs + this.#toWait(attempt), result.error, signal);
    }
  }

  /** A value, or a failure that may be repeated; anything else is thrown. */
  async #attempt(
    asked: { readonly method: Method; readonly url: string },
    signal: AbortSignal,
    send: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<{ readonly body: JsonObject } | Failure> {
    let answer: Answer;
    try {
      answer = await send(signal);
    } catch (cause) {
      if (signal.aborted) throw new AbortError(undefined, { cause });
      if (cause instanceof QuaysideError) throw cause;
      return { error: toNetworkError(cause, asked) };
    }
    const { status, headers } = answer;
    const body = parseBody(answer.text);
    if (status < 300) {
      if (body === undefined) throw toNoApiError({ ...asked, status });
      return { body };
    }
    const error = toAnswerError({ ...asked, status, body });
    if (status === 408 || status === 429 || status >= 500) {
      return { error, notBeforeMs: readRetryAfter(headers["retry-after"], this.#options.clock.now()) };
    }
    throw error;
  }

  async #send(
    method: Method,
    path: string,
    { query = {}, headers = {}, body }: PortRequest,
    { authorization, signal }: { readonly authorization?: string; readonly signal: AbortSignal },
  ): Promise<Answer> {
    const leave = await this.#gate.acquire(signal);
    try {
      const url = new URL(this.#base + path);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
      const response = await this.#dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: {
          ...headers,
          accept: "application/json",
          "user-agent": this.#options.userAgent,
          ...(authorization !== undefined && { authorization }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
      });
      return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
    } finally {
      leave();
    }
  }

  /** Grows with each attempt; a little at random, so that all who failed together do not come back together. */
  #toWait(attempt: number): number {
    const jitter = 0.5 + this.#options.random();
    return Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS) * jitter;
  }

  async #wait(waitMs: number, error: QuaysideError, signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    const fields = { component: "port", waitMs: Math.round(waitMs), err: error.message };
    if (waitMs < 1000) logger.info(fields, "the catalog is asked again");
    else if (waitMs < 7000) logger.warn(fields, "the catalog is asked again");
    else logger.error(fields, "the catalog is asked again");
    try {
      await clock.sleep(waitMs, signal);
    } catch (cause) {
      throw new AbortError("Stopped while waiting for the remote catalog", { cause });
    }
  }
}

function createDispatcher({ httpProxy = "", httpsProxy = "", noProxy = "" }: NonNullable<PortClientOptions["proxy"]>) {
  const options = { connections: MAX_IN_FLIGHT, connect: { timeout: CONNECT_TIMEOUT_MS } };
  if (httpProxy === "" && httpsProxy === "") return new Agent(options);
  return new EnvHttpProxyAgent({ ...options, httpProxy, httpsProxy, noProxy });
}

function parseBody(text: string): JsonObject | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isJsonObject(body) ? body : undefined;
  } catch {
    return undefined; // the caller says what that means for this status
  }
}

/** Seconds, or an HTTP date. */
function readRetryAfter(value: string | string[] | undefined, nowMs: number): number | undefined {
  const text = [value].flat()[0]?.trim() ?? "";
  if (/^\d+$/.test(text)) return nowMs + Number(text) * 1000;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? undefined : dateMs;
}
