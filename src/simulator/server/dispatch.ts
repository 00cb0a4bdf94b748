import { JqlRefusal } from "../search/jql-refusal.ts";
import { problem, Refusal, refuse, text, type Answer } from "./answer.ts";
import { JiraRequest } from "./jira-request.ts";
import type { RequestCounters } from "./request-counters.ts";
import type { Route, Router } from "./router.ts";
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

const families = [
  { pattern: /^\/rest\/api\/(2|3|latest)(\/.*)$/, family: "/api" },
  { pattern: /^\/rest\/agile\/(1\.0|latest)(\/.*)$/, family: "/agile" },
  { pattern: /^\/rest\/software\/(1\.0|latest)(\/.*)$/, family: "/software" },
] as const;

/** From a request to its answer: find out who asks, find the route, and turn what it throws into Jira's errors. */
export async function dispatch(
  incoming: IncomingRequest,
  jira: SimulatedJira,
  router: Router,
  counters: RequestCounters,
): Promise<Answer> {
  const { pathname, searchParams } = new URL(incoming.url, jira.url);
  const target = toTarget(pathname, jira);
  if (target === undefined) return problem(404, "Not Found", `No endpoint ${incoming.method} ${pathname}.`, pathname);
  const match = router.find(incoming.method, target.path);
  const isHere = match !== undefined && isOffered(match.route, target, jira);
  counters.add(isHere ? `${incoming.method} ${target.prefix}${stripFamily(match.route.path)}` : "unknown");
  if (!isHere) return toMissing(incoming.method, pathname, router.methodsOf(target.path));
  const caller = jira.credentials.findCaller(
    incoming.authorization,
    target.isGateway,
    jira.options.deployment === "server",
  );
  if (caller === undefined || (caller.kind === "anonymous" && match.route.access !== "public"))
    return unauthenticated();
  const { scope } = match.route;
  if (caller.scopes !== undefined && scope !== undefined && !caller.scopes.has(scope)) {
    return { ...refuse(401, []), body: Buffer.from('{"code":401,"message":"Unauthorized; scope does not match"}') };
  }
  const baseUrl = target.isGateway ? `${jira.url}/ex/jira/${jira.credentials.cloudId}` : jira.url;
  const request = new JiraRequest({
    method: incoming.method,
    path: pathname,
    params: match.params,
    query: searchParams,
    rawBody: incoming.body,
    caller,
    renderer: jira.rendererOf(baseUrl, target.version),
  });
  try {
    return await match.route.handle(request, jira);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    if (error instanceof JqlRefusal) return refuse(400, error.messages);
    throw error;
  }
}

export function unauthenticated(): Answer {
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

function isOffered(route: Route, target: Target, jira: SimulatedJira): boolean {
  const isRoot = target.prefix === "";
  return (route.only === undefined || route.only === jira.options.deployment) && !(isRoot && target.isGateway);
}

function stripFamily(path: string): string {
  return path.replace(/^\/(api|agile|software)(?=\/)/, "");
}

function toMissing(method: string, path: string, methods: readonly string[]): Answer {
  if (methods.length === 0) return problem(404, "Not Found", `No endpoint ${method} ${path}.`, path);
  const detail = `Method '${method}' is not supported.`;
  return problem(405, "Method Not Allowed", detail, path, { Allow: methods.join(", ") });
}
