import { Random } from "../jq/random.ts";
import { damage, PROGRAMS, toBigText, toHostileName, toHostileValue } from "./hostile.ts";
import {
  toBigEntity,
  toBlueprintName,
  toEntity,
  toIdentifier,
  toLasting,
  toProperty,
  toQuery,
  toScratch,
  toScratchBlueprint,
} from "./world.ts";

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

interface Draft {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

type Make = (random: Random) => Draft;

const encode = encodeURIComponent;
const blueprint = (name: string): string => `/v1/blueprints/${encode(name)}`;
const entities = (random: Random): string => `${blueprint(toBlueprintName(random))}/entities`;
const entity = (random: Random): string => `${entities(random)}/${encode(toIdentifier(random))}`;
const integration = (random: Random): string => `/v1/integration/int-${random.integer(1, 3)}`;
const flags = (random: Random): string => {
  const names = ["upsert=true", "merge=true", "create_missing_related_entities=true", "validation_only=true"];
  return random.chance(0.8) ? `upsert=true&${random.some(names, 0, 2).join("&")}` : random.some(names, 0, 4).join("&");
};
const views = (random: Random): string =>
  random
    .some(
      [
        "exclude_calculated_properties=true",
        "attach_title_to_relation=True",
        "include=identifier,properties.text",
        "exclude=title&exclude=relations",
        "attach_identifier_to_title_mirror_properties=1",
      ],
      0,
      3,
    )
    .join("&");
const range = (random: Random): object => ({
  timeRange: {
    preset: random.pick(["today", "lastWeek", "last12Months"]),
    timeZone: random.pick(["UTC", "Asia/Kolkata"]),
  },
  timeInterval: random.pick(["hour", "day", "isoWeek", "month", "quarter"]),
});
const config = (random: Random): unknown =>
  random.pick([
    {},
    null,
    { resources: [] },
    "resources: []",
    {
      resources: [
        {
          kind: "issue",
          selector: { query: "true" },
          port: { entity: { mappings: { identifier: ".key", blueprint: '"x"', title: random.pick(PROGRAMS) } } },
        },
      ],
    },
  ]);

/** What can be asked, and how often it is. */
const MAKERS: readonly (readonly [number, Make])[] = [
  [14, (r) => ({ method: "POST", path: `${entities(r)}?${flags(r)}`, body: toEntity(r) })],
  [
    8,
    (r) => ({
      method: "POST",
      path: `${entities(r)}/bulk?${flags(r)}`,
      body: { entities: r.list(r.integer(1, 20), () => toEntity(r)) },
    }),
  ],
  [0.3, (r) => ({ method: "POST", path: `${entities(r)}?upsert=true`, body: toBigEntity(r) })],
  [0.3, (r) => ({ method: "POST", path: entities(r), body: { properties: { text: "made" } } })],
  [4, (r) => ({ method: "PUT", path: entity(r), body: { ...toEntity(r), identifier: undefined } })],
  [1, (r) => ({ method: "PUT", path: entity(r), body: toEntity(r) })],
  [6, (r) => ({ method: "PATCH", path: entity(r), body: { ...toEntity(r), identifier: undefined } })],
  [8, (r) => ({ method: "GET", path: `${entity(r)}?${views(r)}` })],
  [2, (r) => ({ method: "GET", path: `${entities(r)}?${views(r)}` })],
  [3, (r) => ({ method: "GET", path: `${blueprint(toBlueprintName(r))}/entities-count` })],
  [3, (r) => ({ method: "DELETE", path: `${entity(r)}?delete_dependents=${r.pick(["true", "false"])}` })],
  [
    2,
    (r) => ({
      method: "POST",
      path: `${blueprint(toBlueprintName(r))}/bulk/entities/delete`,
      body: { entities: r.list(3, () => toIdentifier(r)) },
    }),
  ],
  [
    8,
    (r) => ({
      method: "POST",
      path: `${entities(r)}/search?${views(r)}`,
      body: { query: toQuery(r), limit: r.integer(1, 50) },
    }),
  ],
  [2, (r) => ({ method: "POST", path: "/v1/entities/search", body: toQuery(r) })],
  [3, (r) => ({ method: "POST", path: `${entities(r)}/search/count`, body: { query: toQuery(r) } })],
  [
    2,
    (r) => ({
      method: "POST",
      path: `${entities(r)}/top-search`,
      body: { query: toQuery(r), sort: [{ property: toProperty(r), order: r.pick(["asc", "desc"]) }], limit: 20 },
    }),
  ],
  [1, (r) => ({ method: "POST", path: `${entities(r)}/top-search`, body: { groupBy: { property: toProperty(r) } } })],
  [
    2,
    (r) => ({
      method: "POST",
      path: "/v1/entities/aggregate",
      body: {
        func: r.pick(["count", "sum", "average", "min", "max", "median", "countValues"]),
        property: toProperty(r),
        query: toQuery(r),
      },
    }),
  ],
  [
    2,
    (r) => ({
      method: "POST",
      path: "/v1/entities/aggregate-over-time",
      body: {
        blueprint: toLasting(r),
        query: toQuery(r),
        measureTimeBy: r.pick(["$createdAt", "when"]),
        aggregationType: "countEntities",
        func: "count",
        ...(r.chance(0.5) && { breakdownProperty: toProperty(r) }),
        ...range(r),
      },
    }),
  ],
  [
    2,
    (r) => ({
      method: "POST",
      path: "/v1/entities/properties-history",
      body: {
        blueprintIdentifier: toLasting(r),
        entityIdentifier: toIdentifier(r),
        propertyNames: ["text", "number"],
        ...range(r),
      },
    }),
  ],
  [
    2,
    (r) => ({
      method: "POST",
      path: "/v1/blueprints/entities/datasource-entities",
      body: { datasource_prefix: "fuzz", datasource_suffix: r.pick(["", "/exporter"]), limit: 10 },
    }),
  ],
  [3, (r) => ({ method: "GET", path: blueprint(toBlueprintName(r)) })],
  [1, () => ({ method: "GET", path: "/v1/blueprints" })],
  [
    2,
    (r) => ({
      method: "PATCH",
      path: blueprint(toLasting(r)),
      body: { title: r.pick(["One", "Two"]), description: null },
    }),
  ],
  [3, (r) => ({ method: "POST", path: "/v1/blueprints", body: toScratchBlueprint(toScratch(r), r) })],
  [2, (r) => toPut(r)],
  [2, (r) => ({ method: "PATCH", path: blueprint(toScratch(r)), body: toScratchPart(r) })],
  [
    1,
    (r) => ({
      method: "PATCH",
      path: `${blueprint(toScratch(r))}/properties/${r.pick(["text", "number", "renamed"])}/rename`,
      body: { newPropertyName: r.pick(["text", "number", "renamed"]) },
    }),
  ],
  [
    1,
    (r) => ({
      method: "PATCH",
      path: `${blueprint(toScratch(r))}/relations/${r.pick(["parent", "others"])}/rename`,
      body: { newRelationIdentifier: r.pick(["parent", "others", "third"]) },
    }),
  ],
  [1.5, (r) => ({ method: "DELETE", path: blueprint(toScratch(r)) })],
  [
    0.7,
    (r) => ({
      method: "DELETE",
      path: `${blueprint(toScratch(r))}/all-entities?delete_blueprint=${r.pick(["true", "false"])}`,
    }),
  ],
  [
    1,
    (r) => ({
      method: "POST",
      path: "/v1/integration",
      body: {
        installationId: `int-${r.integer(1, 3)}`,
        installationAppType: r.pick(["jira", "k8s"]),
        version: "1",
        config: config(r),
      },
    }),
  ],
  [2, (r) => ({ method: "GET", path: integration(r) })],
  [1, (r) => ({ method: "PATCH", path: integration(r), body: { title: r.pick(["x", null]), flag: r.next() } })],
  [1, (r) => ({ method: "PATCH", path: `${integration(r)}/config`, body: { config: config(r) } })],
  [
    1,
    (r) => ({
      method: "PATCH",
      path: `${integration(r)}/resync-state`,
      body: { status: "running", lastResyncStart: "x" },
    }),
  ],
  [0.3, (r) => ({ method: "DELETE", path: integration(r) })],
  [
    1,
    (r) => ({
      method: "POST",
      path: `${integration(r)}/ingest/logs`,
      body: {
        logs: r.list(r.integer(0, 5), () => ({
          message: "m",
          level: "INFO",
          timestamp: 1e9,
          extra: { event_id: "e" },
        })),
      },
    }),
  ],
  [
    1,
    (r) => ({
      method: "POST",
      path: `${integration(r)}/ingest/syncMetrics`,
      body: {
        syncKindsMetrics: [
          {
            eventId: `e${r.integer(1, 99)}`,
            kindIdentifier: "issue-0",
            syncState: "completed",
            metrics: { phase: {} },
          },
        ],
      },
    }),
  ],
  [
    1,
    (r) => ({
      method: "GET",
      path: `${integration(r)}/logs?limit=${r.integer(0, 300)}&level=${r.pick(["INFO", "ERROR"])}`,
    }),
  ],
  [
    0.5,
    (r) => ({
      method: "POST",
      path: `${integration(r)}/kinds/${encode(r.pick(["issue", "apps/v1"]))}/examples`,
      body: { examples: [{ a: 1 }] },
    }),
  ],
  [0.5, (r) => ({ method: "GET", path: `${integration(r)}/kinds` })],
  [
    2,
    (r) => ({
      method: "GET",
      path: `/v1/audit-log?limit=${r.integer(1, 50)}&entity=${encode(toIdentifier(r))}&includes=${r.pick(["context", "diff"])}`,
    }),
  ],
  [0.3, (r) => ({ method: "GET", path: `/v1/audit-log?resources=${r.pick(["entity", "blueprint"])}` })],
  [
    0.5,
    (r) => ({
      method: "POST",
      path: "/v1/migrations",
      body: { sourceBlueprint: toScratch(r), mapping: { entity: { title: r.pick([".identifier", ...PROGRAMS]) } } },
    }),
  ],
  [0.5, () => ({ method: "GET", path: "/v1/migrations" })],
  [1, () => ({ method: "GET", path: "/v1/organization" })],
  [
    0.5,
    (r) => ({
      method: "GET",
      path: r.pick(["/health/ready", "/openapi.json", "/", "/v1/blueprints/system/_user/structure"]),
    }),
  ],
];
const TOTAL = MAKERS.reduce((total, [weight]) => total + weight, 0);

function toPut(random: Random): Draft {
  const name = toScratch(random);
  const identifier = random.chance(0.2) ? toScratch(random) : name;
  return { method: "PUT", path: blueprint(name), body: toScratchBlueprint(identifier, random) };
}

function toScratchPart(random: Random): object {
  const whole = toScratchBlueprint("x", random);
  const key = random.pick(["schema", "calculationProperties", "title", "relations", "mirrorProperties"]);
  return { [key]: whole[key] };
}

/** How often a request is not left as it should be. */
const DAMAGED = 0.4;

/** The request with this number: the same for the same seed, whatever was answered to those before. */
export function toRequest(seed: number, index: number, token: string): FuzzRequest {
  const random = new Random(seed, index);
  let ticket = random.next() * TOTAL;
  const [, make] = MAKERS.find(([weight]) => (ticket -= weight) < 0) ??
    MAKERS[0] ?? [0, () => ({ method: "GET", path: "/" })];
  const draft = make(random);
  const headers = {
    authorization: `Bearer ${token}`,
    "user-agent": random.pick(["fuzz/1/exporter", "fuzz/2"]),
    "content-type": "application/json",
  };
  const isDamaged = random.chance(DAMAGED);
  return isDamaged
    ? (DAMAGES[random.integer(0, DAMAGES.length - 1)]?.(draft, headers, random) ?? toSent(draft, headers))
    : toSent(draft, headers);
}

function toSent({ method, path, body }: Draft, headers: FuzzRequest["headers"]): FuzzRequest {
  return { method, path, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
}

type Damage = (draft: Draft, headers: FuzzRequest["headers"], random: Random) => FuzzRequest;

const damageBody: Damage = (draft, headers, random) => {
  let body = draft.body ?? toHostileValue(random);
  for (let times = random.integer(1, 3); times > 0; times--) body = damage(body, random);
  return toSent({ ...draft, method: draft.method === "GET" ? "POST" : draft.method, body }, headers);
};

const damagePath: Damage = (draft, headers, random) => {
  const [path = "", query] = draft.path.split("?");
  const segments = path.split("/");
  const name = toHostileName(random);
  segments[random.integer(2, segments.length - 1)] = random.chance(0.8)
    ? encodeURIComponent(name.toWellFormed())
    : name.toWellFormed();
  return toSent({ ...draft, path: segments.join("/") + (query === undefined ? "" : `?${query}`) }, headers);
};

const damageQuery: Damage = (draft, headers, random) => {
  const name = random.pick(["limit", "include", "upsert", "from", "run_id", "resources", "byField", "timestamp", "x"]);
  const value = encodeURIComponent(toHostileName(random).toWellFormed());
  const path = `${draft.path}${draft.path.includes("?") ? "&" : "?"}${name}=${value}${random.pick(["", `&${name}=`, "&%", "&=&&"])}`;
  return toSent({ ...draft, path }, headers);
};

const RAW: readonly (string | Uint8Array)[] = [
  "",
  "{",
  "null",
  "[]",
  '"text"',
  "{}{}",
  "NaN",
  '{"a":1,"a":{"b":2}}',
  "\uFEFF{}",
  "[".repeat(100_000),
  '{"a":'.repeat(5000),
  "\u0000",
  Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d),
  '{"\\ud800":1}',
];

const sendRaw: Damage = (draft, headers, random) => {
  const body = random.chance(0.05) ? JSON.stringify({ x: toBigText(random) }) : random.pick(RAW);
  const method = draft.method === "GET" ? "POST" : draft.method;
  return { method, path: draft.path, headers, body };
};

const sendOtherwise: Damage = (draft, headers, random) => {
  const sent = toSent(draft, headers);
  const method = random.pick(["PUT", "PATCH", "DELETE", "OPTIONS", "POST", "HEAD", "GET"]);
  const { body, ...bare } = sent;
  const isBare = method === "GET" || method === "HEAD" || body === undefined;
  return random.pick<FuzzRequest>([
    isBare ? { ...bare, method } : { ...sent, method },
    { ...sent, headers: { ...headers, authorization: random.pick(["", "Bearer", "Bearer a.b.c", "Basic eDp5"]) } },
    {
      ...sent,
      headers: {
        ...headers,
        "content-type": random.pick(["text/plain", "application/xml", "x", "multipart/form-data"]),
      },
    },
    { ...sent, headers: { ...headers, "user-agent": "x".repeat(5000) } },
    { ...sent, headers: { ...headers, "content-encoding": "gzip" } },
  ]);
};

/** Bodies most of all, since most can be wrong with them. */
const DAMAGES: readonly Damage[] = [
  damageBody,
  damageBody,
  damageBody,
  damageBody,
  damageBody,
  damagePath,
  damagePath,
  damageQuery,
  sendRaw,
  sendOtherwise,
];
