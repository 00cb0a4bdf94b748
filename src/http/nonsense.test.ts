import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBlueprints, openTestApp, type Method, type TestApp } from "./test-app.fixture.ts";

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
  await createBlueprints(api);
});
afterAll(() => api.close());

const RUNS = Number(process.env["QUAYSIDE_FUZZ_RUNS"] ?? 400);

const ODD = [
  "",
  ".",
  "..",
  "/",
  "%",
  "%2F",
  "a/b",
  "__proto__",
  "constructor",
  "toString",
  "🦆",
  "é",
  "\u0000",
  "\ud800",
];
const TELLING = ["issue", "I-1", "$identifier", "properties", "^(a+)+$", "(?=x)", "["];
const LONG = ["a".repeat(1001), "x".repeat(900_000)];
const oddTexts = fc.constantFrom(...ODD, ...TELLING, ...LONG);
const texts = fc.oneof({ weight: 3, arbitrary: oddTexts }, { weight: 1, arbitrary: fc.string({ unit: "binary" }) });
const segments = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("issue", "person", "I-1") },
  { weight: 1, arbitrary: texts.map(toSegment) },
);

/** As a client would write it into a path; lone surrogates have no encoding. */
function toSegment(text: string): string {
  return encodeURIComponent(text.slice(0, 1100).toWellFormed()) || "-";
}

const keys = fc.oneof(
  fc.constantFrom("identifier", "title", "team", "icon", "properties", "relations", "schema", "calculationProperties"),
  fc.constantFrom(
    "query",
    "combinator",
    "rules",
    "property",
    "operator",
    "value",
    "entities",
    "limit",
    "from",
    "config",
  ),
  fc.constantFrom(
    "status",
    "points",
    "labels",
    "created",
    "project",
    "watchers",
    "type",
    "pattern",
    "format",
    "target",
  ),
  oddTexts,
);
const values = fc.oneof(
  { weight: 6, arbitrary: texts },
  {
    weight: 4,
    arbitrary: fc.constantFrom("and", "or", "=", "in", "between", "relatedTo", "string", "number", "date-time"),
  },
  { weight: 2, arbitrary: fc.constantFrom(null, true, 0, -1, 1e308, 20, 1001, [], {}) },
);

const { document } = fc.letrec<{ document: unknown }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    values,
    fc.array(tie("document"), { maxLength: 4 }),
    fc.array(fc.tuple(keys, tie("document")), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

/** What some route takes, so that nonsense also meets rows that exist. */
const sensible = fc.constantFrom<unknown>(
  { identifier: "I-1", properties: { status: "Open", points: 1 }, relations: { watchers: ["I-1"] } },
  { properties: { points: 2 } },
  { title: "🦆" },
  { entities: [{ identifier: "I-1" }, { identifier: "__proto__" }, { identifier: "日本" }] },
  { entities: ["I-1", "none"] },
  { query: { combinator: "and", rules: [] } },
  { query: { combinator: "or", rules: [{ property: "points", operator: ">", value: 0 }] } },
  { combinator: "and", rules: [{ property: "$title", operator: "contains", value: "%_\\" }] },
  { identifier: "issue", title: "Issue", schema: { properties: {} } },
  { config: { resources: [] } },
);

/** Beside documents: texts that are no JSON, keys that JSON.parse gives and literals do not, and great depth. */
const bodies = fc.oneof(
  { weight: 6, arbitrary: document.map((value) => JSON.stringify(value)) },
  { weight: 12, arbitrary: sensible.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.constant('{"identifier":"I-2","properties":{"__proto__":{"x":1}},"__proto__":[]}') },
  { weight: 1, arbitrary: fc.constant(`{"query":${'{"rules":['.repeat(150)}${"]}".repeat(150)}}`) },
  { weight: 1, arbitrary: fc.constant("[".repeat(500_000)) },
);

const queries = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom("upsert", "merge", "include", "run_id", "limit"), oddTexts), texts), {
    maxLength: 3,
  })
  .map((pairs) => pairs.map(([key, value]) => `${toSegment(key)}=${toSegment(value)}`).join("&"));

const ROUTES: readonly (readonly [Method, (a: string, b: string) => string])[] = [
  ["POST", () => "/v1/blueprints"],
  ["GET", (a) => `/v1/blueprints/${a}`],
  ["PUT", (a) => `/v1/blueprints/${a}`],
  ["PATCH", (a) => `/v1/blueprints/${a}`],
  ["DELETE", (a) => `/v1/blueprints/${a}x`],
  ["POST", (a) => `/v1/blueprints/${a}/entities`],
  ["GET", (a) => `/v1/blueprints/${a}/entities`],
  ["POST", (a) => `/v1/blueprints/${a}/entities/bulk`],
  ["GET", (a, b) => `/v1/blueprints/${a}/entities/${b}`],
  ["PUT", (a, b) => `/v1/blueprints/${a}/entities/${b}`],
  ["PATCH", (a, b) => `/v1/blueprints/${a}/entities/${b}`],
  ["DELETE", (a, b) => `/v1/blueprints/${a}/entities/${b}`],
  ["POST", (a) => `/v1/blueprints/${a}/bulk/entities/delete`],
  ["POST", (a) => `/v1/blueprints/${a}/entities/search`],
  ["POST", (a) => `/v1/blueprints/${a}/entities/search/count`],
  ["POST", () => "/v1/entities/search"],
  ["POST", () => "/v1/blueprints/entities/datasource-entities"],
  ["POST", () => "/v1/auth/access_token"],
  ["POST", () => "/v1/integration"],
  ["PATCH", (a) => `/v1/integration/${a}`],
  ["PATCH", (a) => `/v1/integration/${a}/config`],
  ["POST", (a, b) => `/v1/integration/${a}/kinds/${b}/examples`],
];

test("no nonsense makes the server fail: every answer is below 500, as JSON", async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ROUTES),
      segments,
      segments,
      queries,
      bodies,
      async (route, a, b, query, body) => {
        const [method, toPath] = route;
        const response = await api.send(method, `${toPath(a, b)}?${query}`, method === "GET" ? undefined : body);
        const text = await response.text();
        expect(response.status, text.slice(0, 500)).toBeLessThan(500);
        if (response.ok) accepted++;
        expect(() => void JSON.parse(text)).not.toThrow();
      },
    ),
    { numRuns: RUNS, interruptAfterTimeLimit: 50_000 },
  );
  expect(accepted).toBeGreaterThan(RUNS / 40);
  expect(api.logged).toEqual([]);
});

test("the server is still in order afterwards", async () => {
  expect((await api.app.request("/health/ready")).status).toBe(200);
  const last = { identifier: "last", title: "Last", schema: { properties: {} } };
  expect((await api.send("POST", "/v1/blueprints", last)).status).toBe(201);
  expect((await api.send("POST", "/v1/blueprints/last/entities", { identifier: "last" })).status).toBe(201);
  expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
});
