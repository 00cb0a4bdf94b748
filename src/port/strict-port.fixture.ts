import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import type { JsonObject } from "../model/json.ts";
import { Refusal, StrictPortData, toText, type Writer } from "./strict-port-data.fixture.ts";

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly userAgent: string;
  readonly bytes: number;
  readonly status: number;
}

/** The next requests (but not sign-ins) that fit are answered with this instead. */
export interface PlannedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly path?: RegExp;
}

export interface StrictPort {
  readonly url: string;
  readonly data: StrictPortData;
  readonly received: readonly ReceivedRequest[];
  readonly mostInFlight: number;
  /** Bytes a body may have; 1 MiB unless a test makes it smaller. */
  maxBodyBytes: number;
  tokenLifetimeS: number;
  /** All tokens given out so far are refused from now on. */
  expireTokens(): void;
  answerNext(...answers: readonly PlannedAnswer[]): void;
  close(): Promise<void>;
}

export const STRICT_CLIENT = { clientId: "strict-id", clientSecret: "strict-secret" };

const MAX_BULK = 20;
const MAX_DELETE = 100;
const MAX_LISTED = 5000;
const PAGE_SIZE = 500;

/**
 * A remote Port of the strict kind, over real HTTP: limits as documented, errors per item, tokens that expire, and on
 * demand refusals of every sort. It knows only the routes that an integration uses; anything else is 404.
 */
export async function startStrictPort(): Promise<StrictPort> {
  const data = new StrictPortData();
  const integrations = new Map<string, JsonObject>();
  const received: ReceivedRequest[] = [];
  const planned: PlannedAnswer[] = [];
  let generation = 0;
  let inFlight = 0;
  const server = createServer((request, response) => void answer(request, response));
  const strict = { maxBodyBytes: 1024 * 1024, tokenLifetimeS: 10_800, mostInFlight: 0 };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    strict.mostInFlight = Math.max(strict.mostInFlight, ++inFlight);
    const url = new URL(request.url ?? "/", "http://strict");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    await setImmediate(); // so that requests overlap, as they would across a network
    const text = Buffer.concat(chunks).toString("utf8");
    const query = Object.fromEntries(url.searchParams);
    const userAgent = request.headers["user-agent"] ?? "";
    const asked = { method: request.method ?? "", path: url.pathname, query, bytes: Buffer.byteLength(text) };
    let status = 200;
    let body: JsonObject | string;
    let headers = {};
    try {
      const plan = asked.path.startsWith("/v1/auth/") ? undefined : takePlan(asked.path);
      if (plan !== undefined) {
        ({ status, headers = {} } = plan);
        body = plan.text ?? { ok: false, error: "planned", message: `Planned answer ${status}` };
      } else [status, body] = handle({ ...asked, userAgent }, text, request.headers.authorization);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      status = error.status;
      body = { ok: false, error: error.code, message: error.message };
    }
    received.push({ ...asked, userAgent, status });
    inFlight--;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  function takePlan(path: string): PlannedAnswer | undefined {
    const index = planned.findIndex((plan) => plan.path === undefined || plan.path.test(path));
    return index < 0 ? undefined : planned.splice(index, 1)[0];
  }

  function handle(
    asked: Omit<ReceivedRequest, "status">,
    text: string,
    authorization: string | undefined,
  ): [number, JsonObject] {
    if (asked.bytes > strict.maxBodyBytes) throw new Refusal(413, "bad_request", "Request body is larger than 1 MiB");
    const body = (text === "" ? {} : JSON.parse(text)) as JsonObject;
    if (asked.path === "/v1/auth/access_token") return [200, signIn(body)];
    if (authorization !== `Bearer token-${generation}`)
      throw new Refusal(401, "invalid_credentials", "Token is not valid");
    const segments = asked.path.split("/").slice(2).map(decodeURIComponent);
    if (segments[0] === "blueprints") return handleBlueprints(asked, segments.slice(1), body);
    if (segments[0] === "integration") return handleIntegration(asked.method, segments.slice(1), body);
    throw notFound(asked);
  }

  function signIn({ clientId, clientSecret }: JsonObject): JsonObject {
    if (clientId !== STRICT_CLIENT.clientId || clientSecret !== STRICT_CLIENT.clientSecret) {
      throw new Refusal(401, "invalid_credentials", "Client id or secret is wrong");
    }
    return { ok: true, accessToken: `token-${generation}`, expiresIn: strict.tokenLifetimeS, tokenType: "Bearer" };
  }

  function handleBlueprints(
    asked: Omit<ReceivedRequest, "status">,
    [blueprint = "", ...rest]: readonly string[],
    body: JsonObject,
  ): [number, JsonObject] {
    const action = [asked.method, ...rest].join(" ");
    const writer = { clientId: STRICT_CLIENT.clientId, userAgent: asked.userAgent };
    if (blueprint === "entities" && action === "POST datasource-entities") return [200, listWritten(body)];
    if (blueprint === "" && action === "GET") return [200, { ok: true, blueprints: [...data.blueprints.values()] }];
    if (blueprint === "" && action === "POST") return [201, { ok: true, blueprint: createBlueprint(body) }];
    if (action === "GET") return [200, { ok: true, blueprint: data.blueprint(blueprint) as unknown as JsonObject }];
    if (action === "PATCH") {
      const next: JsonObject = { ...(data.blueprint(blueprint) as unknown as JsonObject), ...body };
      assertTargets(next);
      data.blueprints.set(blueprint, next);
      return [200, { ok: true, blueprint: next }];
    }
    if (action === "DELETE") {
      data.blueprint(blueprint);
      data.blueprints.delete(blueprint);
      return [200, { ok: true }];
    }
    if (action === "POST entities search") return [200, search(blueprint, body)];
    if (action === "POST entities bulk") return bulk(blueprint, body, { flags: toFlags(asked.query), writer });
    if (action === "POST entities") {
      const created = data.upsert(blueprint, body, toFlags(asked.query), writer);
      const entity = data.find(blueprint, toText(body["identifier"])) ?? {};
      return [created ? 201 : 200, { ok: true, entity }];
    }
    if (action === "POST bulk entities delete") {
      const identifiers = body["entities"] as readonly string[];
      if (identifiers.length > MAX_DELETE) throw new Refusal(422, "invalid_request", `At most ${MAX_DELETE} entities`);
      const deletedEntities = data.delete(blueprint, identifiers, asked.query["delete_dependents"] === "true");
      return [200, { ok: true, deletedEntities }];
    }
    throw notFound(asked);
  }

  function createBlueprint(body: JsonObject): JsonObject {
    const identifier = toText(body["identifier"]);
    if (data.blueprints.has(identifier)) throw new Refusal(409, "identifier_taken", `"${identifier}" exists`);
    assertTargets(body);
    data.blueprints.set(identifier, body);
    return body;
  }

  function assertTargets(blueprint: JsonObject): void {
    const relations = (blueprint["relations"] ?? {}) as Record<string, { target: string }>;
    for (const { target } of Object.values(relations)) if (target !== blueprint["identifier"]) data.blueprint(target);
  }

  function bulk(
    blueprint: string,
    body: JsonObject,
    { flags, writer }: { readonly flags: ReturnType<typeof toFlags>; readonly writer: Writer },
  ): [number, JsonObject] {
    data.blueprint(blueprint);
    const items = body["entities"] as readonly JsonObject[];
    if (items.length < 1 || items.length > MAX_BULK) {
      throw new Refusal(422, "invalid_request", `"entities" must have 1 to ${MAX_BULK} items`);
    }
    const entities: JsonObject[] = [];
    const errors: JsonObject[] = [];
    for (const [index, item] of items.entries()) {
      const identifier = typeof item["identifier"] === "string" ? item["identifier"] : "unknown";
      try {
        const created = data.upsert(blueprint, item, flags, writer);
        // A validation answers with what is wrong, and nothing else.
        if (!flags.validatesOnly) entities.push({ index, identifier, created });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        errors.push({ index, identifier, statusCode: error.status, error: error.code, message: error.message });
      }
    }
    return [errors.length > 0 ? 207 : 200, { ok: true, entities, errors }];
  }

  function listWritten({ datasource_prefix, datasource_suffix, limit, from }: JsonObject): JsonObject {
    if (Number(limit) > MAX_LISTED) throw new Refusal(422, "invalid_request", `At most ${MAX_LISTED} entities`);
    const found = data.listWrittenBy(toText(datasource_prefix), toText(datasource_suffix));
    // Pages are smaller than asked for, so that a few entities are many pages.
    const start = Number(from ?? 0);
    const end = start + PAGE_SIZE;
    return { ok: true, entities: found.slice(start, end), next: end < found.length ? String(end) : null };
  }

  function search(blueprint: string, { query, include, limit = 200, from }: JsonObject): JsonObject {
    const { combinator, rules } = query as unknown as {
      combinator: string;
      rules: Parameters<StrictPortData["search"]>[1];
    };
    if (combinator !== "and" || Number(limit) > 1000)
      throw new Refusal(422, "invalid_request", "The search is not valid");
    const found = data.search(blueprint, rules, include as readonly string[] | undefined);
    const start = Number(from ?? 0);
    const end = start + Number(limit);
    return { ok: true, entities: found.slice(start, end), next: end < found.length ? String(end) : null };
  }

  function handleIntegration(
    method: string,
    [id = "", ...rest]: readonly string[],
    body: JsonObject,
  ): [number, JsonObject] {
    const key = method === "POST" && id === "" ? toText(body["installationId"]) : id;
    const found = integrations.get(key);
    if (method === "POST" && id === "") {
      if (found !== undefined) throw new Refusal(409, "identifier_taken", `Integration "${key}" exists`);
      integrations.set(key, { config: {}, ...body });
      return [200, { ok: true, integration: { config: {}, ...body } }];
    }
    if (found === undefined) throw new Refusal(404, "not_found", `Integration "${key}" was not found`);
    const kind = rest.join(" ");
    if (method === "GET" && kind === "resync-request") return [200, { ok: true, request: null }];
    if (method === "POST" && kind.startsWith("kinds ")) return [200, { ok: true }];
    if (method === "PATCH") {
      const changes: JsonObject = kind === "resync-state" ? { resyncState: { ...body, updatedAt: "now" } } : body;
      integrations.set(key, { ...found, ...changes });
    } else if (method !== "GET" || kind !== "") throw notFound({ method, path: rest.join("/") });
    return [200, { ok: true, integration: integrations.get(key) ?? {} }];
  }

  const url = await new Promise<string>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
  return Object.assign(strict, {
    url,
    data,
    received,
    expireTokens: () => void generation++,
    answerNext: (...answers: readonly PlannedAnswer[]) => void planned.push(...answers),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function toFlags(query: Readonly<Record<string, string>>) {
  if (query["upsert"] !== "true") throw new Refusal(409, "identifier_taken", "Only upserts are expected here");
  return {
    merge: query["merge"] === "true",
    createMissing: query["create_missing_related_entities"] === "true",
    validatesOnly: query["validation_only"] === "true",
  };
}

function notFound({ method, path }: { readonly method: string; readonly path: string }): Refusal {
  return new Refusal(404, "not_found", `${method} ${path} was not found`);
}
