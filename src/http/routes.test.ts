import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PORT_STATUSES } from "./error-response.ts";
import { openTestApp, type TestApp } from "./test-app.fixture.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/api.md"), "utf8");

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
});
afterAll(() => api.close());

/** Routes under /v1 that answer, in the notation of the documentation; middleware has the method ALL. */
function listRoutes(): string[] {
  return api.app.routes
    .filter(({ method, path }) => method !== "ALL" && path.startsWith("/v1/"))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
}

const documentedRoutes = (markdown: string): string[] =>
  [...markdown.matchAll(/^\| `((?:GET|POST|PUT|PATCH|DELETE) [^`]+)` \|/gm)].map(([, route = ""]) => route);

function documentedCodes(markdown: string): Record<string, number> {
  const rows = [...markdown.matchAll(/^\| (4\d\d) \| `(\w+)` \|/gm)];
  return Object.fromEntries(rows.map(([, status, code = ""]) => [code, Number(status)]).toReversed());
}

test("docs/api.md lists every route, in the order of the API page, and no other", () => {
  expect(documentedRoutes(page)).toEqual([...new Set(listRoutes())]);
  expect(documentedRoutes("| `GET /v1/planted` | |")).toEqual(["GET /v1/planted"]);
});

test("docs/api.md lists every error code of the catalog with its status", () => {
  expect(documentedCodes(page)).toMatchObject(PORT_STATUSES);
  expect(documentedCodes("| 418 | `bad_request` | planted |")).not.toMatchObject(PORT_STATUSES);
});

test("every route is in the OpenAPI document, with a success and the failures it can have", async () => {
  const document = (await (await api.app.request("/openapi.json")).json()) as {
    paths: Record<string, Record<string, { responses: object; summary?: string; requestBody?: unknown }>>;
  };
  for (const route of listRoutes()) {
    const [method = "", path = ""] = route.split(" ");
    const operation = document.paths[path]?.[method.toLowerCase()];
    const statuses = Object.keys(operation?.responses ?? {});
    const expected = ["401", ...(operation?.requestBody === undefined ? [] : ["400", "413", "422"])];
    expect({ route, missing: expected.filter((status) => !statuses.includes(status)) }).toEqual({ route, missing: [] });
    expect(statuses.some((status) => status.startsWith("2"))).toBe(true);
    expect(operation?.summary).toBeTruthy();
  }
});
