import {
  ABSENT,
  BLUEPRINTS,
  encode,
  getBlueprint,
  reads,
  toEntityRequest,
  unauthorized,
  unreadable,
  type Document,
  type Make,
  type OperationCases,
} from "./case.ts";
import { toProperties } from "./documents.ts";

const refusedEntity =
  (method: "POST" | "PUT" | "PATCH", change: Document, status: number, code: string): Make =>
  async (world) => {
    const { path } = await world.newEntity();
    const collection = path.slice(0, path.lastIndexOf("/"));
    return { method, path: method === "POST" ? collection : path, body: change, status, code };
  };

const wrongValue =
  (method: "POST" | "PUT" | "PATCH"): Make =>
  async (world) => {
    const { blueprint, path } = await world.newEntity();
    const { properties } = blueprint["schema"] as { properties: Document }; // as toBlueprint makes it
    const wrong = Object.keys(properties)[world.index % Object.keys(properties).length];
    const body = { properties: toProperties(blueprint, world.dice, wrong) };
    const collection = path.slice(0, path.lastIndexOf("/"));
    return {
      method,
      path: method === "POST" ? collection : path,
      body,
      status: 422,
      code: "blueprint_schema_mismatch",
    };
  };

const refusedEntities = (method: "POST" | "PUT" | "PATCH"): Make[] => [
  wrongValue(method),
  refusedEntity(method, { properties: { unknown: 1 } }, 422, "blueprint_schema_mismatch"),
  refusedEntity(method, { relations: { unknown: "x" } }, 404, "not_found"),
  refusedEntity(method, { relations: { parent: "absent" } }, 404, "not_found"),
  refusedEntity(method, { relations: { parent: ["a", "b"] } }, 422, "relation_many_violation"),
  refusedEntity(method, { identifier: "a b" }, 422, "invalid_request"),
  refusedEntity(method, { title: 1 }, 422, "invalid_request"),
];

export const ENTITY_CASES: Readonly<Record<string, OperationCases>> = {
  "POST /v1/blueprints/{blueprint_identifier}/entities": {
    valid: [
      async (world) => {
        const { path, body, one } = await toEntityRequest(world);
        return {
          method: "POST",
          path,
          body,
          status: 201,
          has: { entity: body },
          afterwards: { path: one, has: { entity: body } },
        };
      },
      async ({ newEntity, dice }) => {
        const { blueprint, identifier, path } = await newEntity();
        const properties = toProperties(blueprint, dice);
        const collection = path.slice(0, path.lastIndexOf("/"));
        return {
          method: "POST",
          path: `${collection}?upsert=true&merge=true`,
          body: { identifier, properties },
          status: 200,
          has: { entity: { properties } },
          afterwards: { path, has: { entity: { properties } } },
        };
      },
      async (world) => {
        const { path, body, one } = await toEntityRequest(world);
        return {
          method: "POST",
          path: `${path}?validation_only=true`,
          body,
          status: 200,
          afterwards: { path: one, status: 404 },
        };
      },
    ],
    invalid: [
      ...refusedEntities("POST"),
      async ({ newEntity }) => {
        const { identifier, path } = await newEntity();
        return {
          method: "POST",
          path: path.slice(0, path.lastIndexOf("/")),
          body: { identifier },
          status: 409,
          code: "identifier_taken",
        };
      },
      () => ({ method: "POST", path: `${ABSENT}/entities`, body: {}, status: 404, code: "not_found" }),
      ...unauthorized("POST", `${ABSENT}/entities`),
      ...unreadable("POST", `${ABSENT}/entities`),
    ],
  },
  "POST /v1/blueprints/{blueprint_identifier}/entities/bulk": {
    valid: [
      async (world) => {
        const { path, body, one } = await toEntityRequest(world);
        const entities = [body, { identifier: `${body.identifier}.2`, relations: { parent: body.identifier } }];
        const written = entities.map(({ identifier }, index) => ({ index, identifier, created: true }));
        return {
          method: "POST",
          path: `${path}/bulk`,
          body: { entities },
          status: 200,
          has: { entities: written, errors: [] },
          afterwards: { path: one, has: { entity: body } },
        };
      },
      async (world) => {
        const { path, body, one } = await toEntityRequest(world);
        const entities = [body, { identifier: "a b" }];
        return {
          method: "POST",
          path: `${path}/bulk`,
          body: { entities },
          status: 207,
          has: { errors: [{ index: 1, statusCode: 422, error: "invalid_request" }] },
          afterwards: { path: one },
        };
      },
    ],
    invalid: [
      async ({ newBlueprint }) => ({
        method: "POST",
        path: `${getBlueprint((await newBlueprint()).identifier)}/entities/bulk`,
        body: { entities: Array.from({ length: 21 }, () => ({})) },
        status: 422,
        code: "invalid_request",
      }),
      async ({ newBlueprint }) => ({
        method: "POST",
        path: `${getBlueprint((await newBlueprint()).identifier)}/entities/bulk`,
        body: {},
        status: 422,
        code: "invalid_request",
      }),
      () => ({
        method: "POST",
        path: `${ABSENT}/entities/bulk`,
        body: { entities: [{}] },
        status: 404,
        code: "not_found",
      }),
      ...unauthorized("POST", `${ABSENT}/entities/bulk`),
      ...unreadable("POST", `${ABSENT}/entities/bulk`),
    ],
  },
  "GET /v1/blueprints/{blueprint_identifier}/entities": reads(
    ({ path }) => path.slice(0, path.lastIndexOf("/")),
    ({ identifier }) => ({ entities: [{ identifier }] }),
    `${ABSENT}/entities`,
  ),
  "GET /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}": reads(
    ({ path }) => path,
    ({ identifier }) => ({ entity: { identifier, team: [], relations: { parent: null, others: [] } } }),
    `${BLUEPRINTS}/_team/entities/absent`,
  ),
  "GET /v1/blueprints/{blueprint_identifier}/entities-count": reads(
    ({ blueprint }) => `${getBlueprint(blueprint["identifier"])}/entities-count`,
    () => ({ count: 1 }),
    `${ABSENT}/entities-count`,
  ),
  "PUT /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}": {
    valid: [
      async ({ newEntity, newName, index }) => {
        const { identifier, path } = await newEntity();
        const name = index % 2 === 0 ? identifier : newName();
        const body = { identifier: name, title: "New", properties: { text: "put" } };
        return {
          method: "PUT",
          path,
          body,
          status: 200,
          has: { entity: body },
          afterwards: { path: path.slice(0, path.lastIndexOf("/") + 1) + encode(name), has: { entity: body } },
        };
      },
    ],
    invalid: [
      ...refusedEntities("PUT"),
      () => ({ method: "PUT", path: `${BLUEPRINTS}/_team/entities/absent`, body: {}, status: 404, code: "not_found" }),
      ...unauthorized("PUT", `${ABSENT}/entities/x`),
      ...unreadable("PUT", `${ABSENT}/entities/x`),
    ],
  },
  "PATCH /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}": {
    valid: [
      async ({ newEntity, index }) => {
        const { path } = await newEntity();
        const has = { entity: { title: `Patched ${index}`, properties: { text: null } } };
        return {
          method: "PATCH",
          path,
          body: { title: `Patched ${index}`, properties: { text: null } },
          status: 200,
          has,
          afterwards: { path, has },
        };
      },
    ],
    invalid: [
      ...refusedEntities("PATCH"),
      refusedEntity("PATCH", { unknown: 1 }, 422, "invalid_request"),
      () => ({
        method: "PATCH",
        path: `${BLUEPRINTS}/_team/entities/absent`,
        body: {},
        status: 404,
        code: "not_found",
      }),
      ...unauthorized("PATCH", `${ABSENT}/entities/x`),
      ...unreadable("PATCH", `${ABSENT}/entities/x`),
    ],
  },
  "DELETE /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}": {
    valid: [
      async ({ newEntity }) => {
        const { path } = await newEntity();
        return { method: "DELETE", path, status: 200, afterwards: { path, status: 404 } };
      },
    ],
    invalid: [
      () => ({ method: "DELETE", path: `${BLUEPRINTS}/_team/entities/absent`, status: 404, code: "not_found" }),
      ...unauthorized("DELETE", `${ABSENT}/entities/x`),
    ],
  },
  "DELETE /v1/blueprints/{blueprint_identifier}/all-entities": {
    valid: [
      async ({ newEntity }) => ({
        method: "DELETE",
        path: `${getBlueprint((await newEntity()).blueprint["identifier"])}/all-entities`,
        status: 200,
      }),
    ],
    invalid: [
      () => ({ method: "DELETE", path: `${ABSENT}/all-entities`, status: 404, code: "not_found" }),
      () => ({
        method: "DELETE",
        path: `${BLUEPRINTS}/_user/all-entities?delete_blueprint=true`,
        status: 403,
        code: "protected_resource",
      }),
      ...unauthorized("DELETE", `${ABSENT}/all-entities`),
    ],
  },
  "POST /v1/blueprints/{blueprint_identifier}/bulk/entities/delete": {
    valid: [
      async ({ newEntity }) => {
        const { blueprint, identifier, path } = await newEntity();
        return {
          method: "POST",
          path: `${getBlueprint(blueprint["identifier"])}/bulk/entities/delete`,
          body: { entities: [identifier, "absent"] },
          status: 200,
          has: { deletedEntities: [identifier] },
          afterwards: { path, status: 404 },
        };
      },
    ],
    invalid: [
      async ({ newBlueprint }) => ({
        method: "POST",
        path: `${getBlueprint((await newBlueprint()).identifier)}/bulk/entities/delete`,
        body: { entities: Array(101).fill("x") },
        status: 422,
        code: "invalid_request",
      }),
      () => ({
        method: "POST",
        path: `${ABSENT}/bulk/entities/delete`,
        body: { entities: ["x"] },
        status: 404,
        code: "not_found",
      }),
      ...unauthorized("POST", `${ABSENT}/bulk/entities/delete`),
      ...unreadable("POST", `${ABSENT}/bulk/entities/delete`),
    ],
  },
};
