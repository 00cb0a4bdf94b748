/**
 * What the Terraform provider calls for its resources: create, read, update, delete. What it reads back must be what it
 * sent, since every difference shows as a change that is never done.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Api } from "../../bench/conformance/api.ts";
import { openWire, type Document, type WireClient } from "./wire.fixture.ts";

let api: Api;
let terraform: WireClient;
beforeAll(async () => {
  ({ api, client: terraform } = await openWire("2.10.1"));
  await terraform.signIn(api.credentials);
});
afterAll(() => api.close());

const BLUEPRINTS = "/v1/blueprints";
/** The provider leaves out of its reads what is computed. */
const AS_READ = "?exclude_calculated_properties=true";
const MAPS = ["mirrorProperties", "calculationProperties", "aggregationProperties"];
const BY_SERVER = ["createdAt", "createdBy", "updatedAt", "updatedBy"];

/** What the state of a resource is compared with: without what the server adds and nobody configures. */
function toState(read: Document): Document {
  const kept = Object.entries(read).filter(([key, value]) => {
    const isEmptyMap = MAPS.includes(key) && Object.keys(value as object).length === 0;
    return !BY_SERVER.includes(key) && !isEmptyMap;
  });
  return Object.fromEntries(kept);
}

const MICROSERVICE = {
  identifier: "microservice",
  title: "Microservice",
  icon: "Terraform",
  description: "",
  schema: {
    properties: {
      language: { type: "string", title: "Language", enum: ["go", "node"], enumColors: { go: "blue", node: "green" } },
      url: { type: "string", format: "url", spec: "embedded-url", specAuthentication: toAuthentication() },
      replicas: { type: "number", minimum: 0, maximum: 9, default: 1 },
      isCritical: { type: "boolean", default: false },
      labels: { type: "array", items: { type: "string", format: "user" }, minItems: 0, maxItems: 3 },
      settings: { type: "object", default: { a: 1 }, unknownKeyword: { kept: [true] } },
    },
    required: ["language"],
  },
  relations: { domain: { target: "domain", title: "Domain", required: false, many: false } },
};
const DOMAIN = { identifier: "domain", title: "Domain", schema: { properties: {}, required: [] }, relations: {} };

function toAuthentication(): object {
  const url = "https://example.com/oauth";
  return { clientId: "x", authorizationUrl: url, tokenUrl: url, authorizationScope: ["openid"] };
}

test("a blueprint reads back as it was sent, with nothing that was never set", async () => {
  for (const blueprint of [DOMAIN, MICROSERVICE]) {
    const path = `${BLUEPRINTS}?create_catalog_page=false`;
    const created = await terraform.get("POST", path, "blueprint", blueprint);
    const read = await terraform.get("GET", `${BLUEPRINTS}/${blueprint.identifier}${AS_READ}`, "blueprint");
    expect(read).toEqual(created);
    expect(toState(read)).toEqual(blueprint);
    expect(new Date(String(read["createdAt"])).toISOString()).toBe(read["createdAt"]);
  }
});

test("a blueprint is updated by the whole of it: what is left out goes, and may come back with another type", async () => {
  const path = `${BLUEPRINTS}/microservice`;
  const { url, ...rest } = MICROSERVICE.schema.properties;
  const withProperties = (properties: Document): Document => {
    return { ...MICROSERVICE, schema: { properties, required: ["language"] } };
  };
  const put = async (blueprint: Document): Promise<void> => {
    expect(toState(await terraform.get("PUT", path, "blueprint", blueprint))).toEqual(blueprint);
    expect(toState(await terraform.get("GET", path + AS_READ, "blueprint"))).toEqual(blueprint);
  };
  await put(withProperties(rest));
  await put(withProperties({ ...rest, url: { type: "number" } }));
  expect((await terraform.call("PUT", path, withProperties({ ...rest, url }))).status).toBe(422);
  await put(withProperties(rest));
  await put(withProperties({ ...rest, url }));
});

test("a blueprint with everything that can be set reads back with all of it", async () => {
  const blueprint = {
    ...MICROSERVICE,
    mirrorProperties: { domainTitle: { path: "domain.$title", title: "Domain" } },
    calculationProperties: {
      shout: {
        calculation: ".properties.language | ascii_upcase",
        type: "string",
        title: "Shout",
        colorized: true,
        colors: { GO: "red" },
      },
    },
    aggregationProperties: {
      others: {
        title: "Others",
        target: "microservice",
        calculationSpec: { calculationBy: "entities", func: "average", averageOf: "day", measureTimeBy: "$createdAt" },
        query: { combinator: "and", rules: [{ property: "$title", operator: "!=", value: "x" }] },
        type: "number",
      },
    },
    ownership: { type: "Direct", title: "Owners" },
    changelogDestination: { type: "WEBHOOK", url: "https://example.com/hook", agent: true },
    includeInGlobalSearch: true,
  };
  const path = `${BLUEPRINTS}/microservice`;
  expect(toState(await terraform.get("PUT", path, "blueprint", blueprint))).toEqual(blueprint);
  expect(toState(await terraform.get("GET", path + AS_READ, "blueprint"))).toEqual(blueprint);
  await terraform.get("PUT", path, "blueprint", MICROSERVICE);
});

const ENTITIES = `${BLUEPRINTS}/microservice/entities`;
const WRITE = "upsert=true&run_id=";

test("an entity reads back with every property of its blueprint, and a PUT without a property unsets it", async () => {
  await terraform.get("POST", `${BLUEPRINTS}/domain/entities?${WRITE}`, "entity", {
    identifier: "d",
    title: "D",
    properties: {},
    relations: {},
    blueprint: "domain",
  });
  const sent = {
    identifier: "auth",
    title: "Auth",
    icon: "Lock",
    blueprint: "microservice",
    team: ["blue"],
    properties: {
      language: "go",
      url: "https://example.com",
      replicas: 2,
      labels: ["a", "b"],
      settings: { deep: [1] },
    },
    relations: { domain: "d" },
  };
  const created = await terraform.get("POST", `${ENTITIES}?${WRITE}`, "entity", sent);
  const path = `${ENTITIES}/auth`;
  const read = await terraform.get("GET", path + AS_READ, "entity");
  expect(read).toMatchObject({ ...sent, properties: { ...sent.properties, isCritical: false } });
  expect(toProperties(created)).toMatchObject(toProperties(read));
  const { url: _, settings: __, ...properties } = sent.properties;
  const updated = await terraform.get("PUT", `${path}?${WRITE}`, "entity", { ...sent, properties, relations: {} });
  expect(toProperties(updated)).toMatchObject({ ...properties, url: null, settings: { a: 1 } });
  expect(updated["relations"]).toEqual({ domain: null });
  const nulled = { ...sent, icon: null, team: null, properties: { ...sent.properties, labels: null } };
  expect(await terraform.get("PUT", `${path}?${WRITE}`, "entity", nulled)).toMatchObject({
    team: [],
    properties: { labels: null },
  });
});

function toProperties(entity: Document): Document {
  return entity["properties"] as Document; // every entity has them
}

test("an entity gets another identifier by PUT, and so does a blueprint", async () => {
  const body = { identifier: "login", title: "Login", blueprint: "microservice", properties: { language: "node" } };
  await terraform.get("PUT", `${ENTITIES}/auth?${WRITE}`, "entity", body);
  expect((await terraform.call("GET", `${ENTITIES}/auth`)).status).toBe(404);
  const read = await terraform.get("GET", `${BLUEPRINTS}/microservice${AS_READ}`, "blueprint");
  const renamed = { ...toState(read), identifier: "service" };
  expect(await terraform.get("PUT", `${BLUEPRINTS}/microservice`, "blueprint", renamed)).toMatchObject(renamed);
  expect(await terraform.get("GET", `${BLUEPRINTS}/service/entities/login`, "entity")).toMatchObject({
    blueprint: "service",
  });
  await terraform.get("PUT", `${BLUEPRINTS}/service`, "blueprint", toState(read));
});

test("the data source finds over all blueprints, whatever its flags hold", async () => {
  const pointer = "exclude_calculated_properties=0xc000123456&attach_title_to_relation=0xc000654321";
  const query = { combinator: "and", rules: [{ property: "$blueprint", operator: "=", value: "microservice" }] };
  const path = `/v1/entities/search?${pointer}&include=identifier,blueprint,properties.language,createdAt`;
  const { body } = await terraform.call("POST", path, query);
  expect(body).toMatchObject({
    matchingBlueprints: ["microservice"],
    entities: [{ identifier: "login", blueprint: "microservice", properties: { language: "node" } }],
  });
});

test("an entity without identifier and title is made, and one that points nowhere is not", async () => {
  const bare = { title: "", blueprint: "microservice", properties: { language: "go" }, relations: {} };
  const made = await terraform.get("POST", `${ENTITIES}?${WRITE}`, "entity", bare);
  expect(made["identifier"]).toMatch(/^e_\w{16}$/);
  await terraform.get("DELETE", `${ENTITIES}/${String(made["identifier"])}?delete_dependents=false&run_id=`, "ok");
  const missing = { ...bare, identifier: "x", relations: { domain: "nowhere" } };
  expect(await terraform.call("POST", `${ENTITIES}?${WRITE}`, missing)).toMatchObject({ status: 404 });
  const stub = `${ENTITIES}?${WRITE}&create_missing_related_entities=true`;
  expect(await terraform.get("POST", stub, "entity", missing)).toMatchObject({ relations: { domain: "nowhere" } });
  await terraform.get("DELETE", `${ENTITIES}/x`, "ok");
});

test("a system blueprint is read with its structure, and gets what is merged with it", async () => {
  const base = await terraform.get("GET", `${BLUEPRINTS}/system/_user/structure`, "blueprint");
  const read = await terraform.get("GET", `${BLUEPRINTS}/_user`, "blueprint");
  const { properties } = base["schema"] as { properties: Document };
  const schema = { properties: { ...properties, age: { type: "number" } }, required: [] };
  const relations = { manager: { target: "_user", title: "Manager", required: true, many: false } };
  const merged = await terraform.get("PUT", `${BLUEPRINTS}/_user`, "blueprint", {
    ...toState(read),
    schema,
    relations,
  });
  expect(merged).toMatchObject({ schema, relations });
  const restored = await terraform.get("PUT", `${BLUEPRINTS}/_user`, "blueprint", { ...toState(base), relations: {} });
  expect(toState(restored)).toEqual(toState(read));
  expect((await terraform.call("GET", `${BLUEPRINTS}/system/microservice/structure`)).status).toBe(404);
});

test("an integration reads back as sent; a null clears its title", async () => {
  const sent = {
    installationId: "my-kube",
    installationAppType: "kubernetes",
    title: "Kube",
    version: "1.33.7",
    config: {
      createMissingRelatedEntities: true,
      resources: [{ kind: "pods", selector: { query: "true" }, port: {} }],
    },
    changelogDestination: { type: "WEBHOOK", url: "https://example.com", agent: true },
  };
  const path = "/v1/integration/my-kube";
  expect(await terraform.get("POST", "/v1/integration", "integration", sent)).toMatchObject(sent);
  expect(await terraform.get("GET", path, "integration")).toMatchObject(sent);
  expect(await terraform.get("PATCH", path, "integration", { ...sent, title: null })).toMatchObject({
    ...sent,
    title: null,
  });
  await terraform.get("DELETE", path, "ok");
  expect((await terraform.call("GET", path)).status).toBe(404);
});

test("a blueprint with entities says what is in the way, and goes with them when it is told to", async () => {
  const refused = await terraform.call("DELETE", `${BLUEPRINTS}/microservice?delete_actions=true`);
  expect(JSON.stringify(refused.body)).toContain("has_dependents");
  const path = `${BLUEPRINTS}/microservice/all-entities?delete_blueprint=true`;
  const id = await terraform.get<string>("DELETE", path, "migrationId");
  let status: unknown;
  do ({ status } = await terraform.get("GET", `/v1/migrations/${id}`, "migration"));
  while (!["COMPLETED", "FAILURE", "CANCELLED"].includes(String(status)));
  expect(status).toBe("COMPLETED");
  expect((await terraform.call("GET", `${BLUEPRINTS}/microservice`)).status).toBe(404);
});
