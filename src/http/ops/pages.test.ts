import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../test-app.fixture.ts";

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
});
afterAll(() => api.close());

test("the front page says where the API page and the credentials are", async () => {
  const page = await (await api.app.request("/")).text();
  expect(page).toContain('href="/docs"');
  expect(page).toContain("/data/credentials.json");
  expect(page).toContain("1.2.3");
});

test("the API page loads nothing but files of this server, and all of them are there", async () => {
  const page = await (await api.app.request("/docs")).text();
  const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    const response = await api.app.request(file);
    expect({ file, isOurs: file.startsWith("/docs/"), status: response.status }).toEqual({
      file,
      isOurs: true,
      status: 200,
    });
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(50);
  }
});

test("the API page serves no file that it was not made for", async () => {
  for (const path of ["/docs/package.json", "/docs/..%2Fpackage.json", "/docs/constructor"]) {
    expect((await api.app.request(path)).status).toBe(404);
  }
});

test("the OpenAPI document resolves: every reference leads to a component", async () => {
  const text = await (await api.app.request("/openapi.json")).text();
  const document = JSON.parse(text) as { openapi: string; components: { schemas: object } };
  expect(document.openapi).toBe("3.1.0");
  const references = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = ""]) => name);
  expect(references.length).toBeGreaterThan(10);
  expect(references.filter((name) => !Object.hasOwn(document.components.schemas, name))).toEqual([]);
});

test("health tells whether the store answers", async () => {
  const broken = await openTestApp();
  expect(await (await broken.app.request("/health/ready")).json()).toEqual({
    ok: true,
    status: "ready",
    version: "1.2.3",
  });
  await broken.closeStore();
  for (const path of ["/health", "/health/ready"]) {
    const response = await broken.app.request(path);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ok: false, status: "unavailable", version: "1.2.3" });
  }
  expect((await broken.app.request("/health/live")).status).toBe(200);
  await broken.close();
});
