import { JqlRefusal } from "../search/jql-refusal.ts";
import { toFaultAnswer } from "../faults/fault-answers.ts";
import type { Faults } from "../faults/faults.ts";
import type { RateLimiter } from "../faults/rate-limiter.ts";
import { json, problem, Refusal, refuse, text, type Answer } from "./answer.ts";
import { JiraRequest } from "./jira-request.ts";
import type { RequestCounters } from "./request-counters.ts";
import { Router, type Match, type Route } from "./router.ts";
import type { SimulatedJira } from "./simulated-jira.ts";

export interface IncomingRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

/** A path without its prefix, and what the prefix says. */
interface Target {
  /** As routes name it: `/api/...`, `/agile/...`. */
  readonly path: string;
  readonly prefix: string;
  readonly version: 2 | 3;
  readonly isGateway: boolean;
}

/** A request whose route is known. */
interface RoutedRequest {
  readonly incoming: IncomingRequest;
  readonly target: Target;
  readonly match: Match;
  readonly endpoint: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

const families = [
  { pattern: /^\/rest\/api\/(2|3|latest)(\/.*)$/, family: "/api" },
  { pattern: /^\/rest\/agile\/(1\.0|latest)(\/.*)$/, family: "/agile" },
  { pattern: /^\/rest\/software\/(1\.0|latest)(\/.*)$/, family: "/software" },
] as const;

/** From a request to its answer: what goes wrong on purpose, who asks, which route, how much may still be asked. */
export class Dispatcher {
  readonly #jira: SimulatedJira;
  readonly #router: Router;
  readonly #counters: RequestCounters;
  readonly #faults: Faults;
  readonly #limiter: RateLimiter | undefined;

  constructor(parts: {
    readonly jira: SimulatedJira;
    readonly routes: readonly Route[];
    readonly counters: RequestCounters;
    readonly faults: Faults;
    readonly limiter: RateLimiter | undefined;
  }) {
    this.#jira = parts.jira;
    const { deployment } = parts.jira.options;
    this.#router = new Router(parts.routes.filter(({ only }) => only === undefined || only === deployment));
    this.#counters = parts.counters;
    this.#faults = parts.faults;
    this.#limiter = parts.limiter;
  }

  async answer(incoming: IncomingRequest): Promise<Answer> {
    const { pathname, searchParams } = new URL(incoming.url, this.#jira.url);
    const { method } = incoming;
    const target = toTarget(pathname, this.#jira);
    if (target === undefined) {
      return pathname.startsWith("/ex/") ? unknownSite() : noEndpoint(method, pathname);
    }
    // The gateway passes on what belongs to Jira's APIs, and no other path of the site.
    const isCut = target.isGateway && target.prefix === "";
    const match = isCut ? undefined : this.#router.find(method, target.path);
    const endpoint = match ? `${method} ${target.prefix}${stripFamily(match.route.path)}` : "unknown";
    this.#counters.add(endpoint);
    const fault = this.#faults.decide(endpoint, `${method} ${incoming.url} ${incoming.body.toString("latin1")}`);
    const spoilt = fault && toFaultAnswer(fault, this.#faults.retryAfterSeconds, this.#jira.site.now());
    if (spoilt !== undefined) return spoilt;
    if (match === undefined) {
      const methods = isCut ? [] : this.#router.methodsOf(target.path);
      return target.isGateway && methods.length === 0
        ? unknownToGateway(pathname, this.#jira.site.now())
        : toMissing(method, pathname, methods);
    }
    const answer = await this.#serve({ incoming, target, match, endpoint, path: pathname, query: searchParams });
    return fault === "truncated" ? { ...answer, spoil: "truncated" } : answer;
  }

  async #serve({ incoming, target, match, endpoint, path, query }: RoutedRequest): Promise<Answer> {
    const { method, authorization, body } = incoming;
    const { route, params } = match;
    const jira = this.#jira;
    const isGateway = target.isGateway || route.auth === "gateway";
    const caller = jira.credentials.findCaller(authorization, isGateway, jira.options.deployment === "server");
    if (caller === undefined || (caller.kind === "anonymous" && route.access !== "public")) return unauthenticated();
    const isInScope = caller.scopes === undefined || route.scope === undefined || caller.scopes.has(route.scope);
    if (!isInScope) return wrongScope();
    const issue = method === "GET" ? undefined : params.issueIdOrKey;
    const limited = { method, endpoint, isApp: caller.kind === "oauth", issue };
    const refusal = this.#limiter?.take(limited);
    if (refusal !== undefined) return refusal;
    const baseUrl = target.isGateway ? jira.gatewayUrl : jira.url;
    const renderer = jira.rendererOf(baseUrl, target.version);
    const request = new JiraRequest({ method, path, params, query, rawBody: body, caller, renderer });
    const answer = withAccount(await handle(route, request, jira), request);
    return this.#limiter?.settle(limited, answer) ?? answer;
  }
}

/** Cloud says in whose name it answered. */
function withAccount(answer: Answer, { caller, wire }: JiraRequest): Answer {
  if (caller.user === undefined || wire.isServer) return answer;
  return { ...answer, headers: { "X-AAccountId": encodeURIComponent(caller.user.accountId), ...answer.headers } };
}

async function handle(route: Route, request: JiraRequest, jira: SimulatedJira): Promise<Answer> {
  try {
    return await route.handle(request, jira);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    if (error instanceof JqlRefusal) return refuse(400, error.messages);
    throw error;
  }
}

/** A token that lacks a scope gets a 401 and no 403. */
function wrongScope(): Answer {
  return json({ code: 401, message: "Unauthorized; scope does not match" }, 401);
}

function noEndpoint(method: string, path: string): Answer {
  return problem(404, "Not Found", `No endpoint ${method} ${path}.`, path);
}

/** The gateway has an error body of its own. */
function unknownToGateway(path: string, nowMs: number): Answer {
  const timestamp = new Date(nowMs).toISOString();
  return json({ timestamp, status: 404, error: "Not Found", message: "No message available", path }, 404);
}

function unknownSite(): Answer {
  return text("<html><head><title>Not Found</title></head><body>Site not found</body></html>", 404);
}

function unauthenticated(): Answer {
  return {
    ...text("Client must be authenticated to access this resource.", 401),
    headers: {
      "WWW-Authenticate": 'OAuth realm="https%3A%2F%2Fexample.atlassian.net"',
      "X-Seraph-Loginreason": "AUTHENTICATED_FAILED",
    },
  };
}

function toTarget(pathname: string, jira: SimulatedJira): Target | undefined {
  const [, cloudId, behind] = /^\/ex\/jira\/([^/]+)(\/.*)$/.exec(pathname) ?? [];
  if (cloudId !== undefined && cloudId !== jira.credentials.cloudId) return undefined;
  const isGateway = cloudId !== undefined;
  const path = behind ?? pathname;
  for (const { pattern, family } of families) {
    const [, version = "", rest] = pattern.exec(path) ?? [];
    if (rest === undefined) continue;
    const isServer = jira.options.deployment === "server";
    if (isServer && version === "3") return undefined;
    const platformVersion = version === "2" || isServer ? 2 : 3;
    const prefix = family === "/api" ? `/rest/api/${platformVersion}` : `/rest${family}/1.0`;
    return { path: `${family}${rest}`, prefix, version: platformVersion, isGateway };
  }
  return { path, prefix: "", version: 2, isGateway };
}

function stripFamily(path: string): string {
  return path.replace(/^\/(api|agile|software)(?=\/)/, "");
}

function toMissing(method: string, path: string, methods: readonly string[]): Answer {
  if (methods.length === 0) return noEndpoint(method, path);
  const detail = `Method '${method}' is not supported.`;
  return problem(405, "Method Not Allowed", detail, path, { Allow: methods.join(", ") });
}
