import {
  ABSENT,
  BLUEPRINTS,
  encode,
  getBlueprint,
  reads,
  unauthorized,
  unreadable,
  type Document,
  type Make,
  type OperationCases,
} from "./case.ts";
import { toBlueprint } from "./documents.ts";

const refusedBlueprint =
  (change: Document, status = 422, code = "invalid_request"): Make =>
  ({ newName, dice }) => ({
    method: "POST",
    path: BLUEPRINTS,
    body: { ...toBlueprint(newName(), dice), ...change },
    status,
    code,
  });

const withoutComputed = ({ identifier, title, icon, schema, relations }: Document): Document => {
  return { identifier, title, icon, schema, relations };
};

const renames = (segment: string, key: string, from: string): OperationCases => ({
  valid: [
    async ({ newEntity, index }) => {
      const { blueprint } = await newEntity();
      const path = `${getBlueprint(blueprint["identifier"])}/${segment}/${from}/rename`;
      return {
        method: "PATCH",
        path,
        body: { [key]: `renamed-${index}` },
        status: 200,
        has: { blueprint: { identifier: blueprint["identifier"] } },
      };
    },
  ],
  invalid: [
    async ({ newBlueprint }) => ({
      method: "PATCH",
      path: `${getBlueprint((await newBlueprint()).identifier)}/${segment}/absent/rename`,
      body: { [key]: "x" },
      status: 404,
      code: "not_found",
    }),
    async ({ newBlueprint }) => ({
      method: "PATCH",
      path: `${getBlueprint((await newBlueprint()).identifier)}/${segment}/${from}/rename`,
      body: { [key]: "a b" },
      status: 422,
      code: "invalid_request",
    }),
    () => ({
      method: "PATCH",
      path: `${ABSENT}/${segment}/x/rename`,
      body: { [key]: "y" },
      status: 404,
      code: "not_found",
    }),
    ...unauthorized("PATCH", `${ABSENT}/${segment}/x/rename`),
    ...unreadable("PATCH", `${ABSENT}/${segment}/x/rename`),
  ],
});

export const BLUEPRINT_CASES: Readonly<Record<string, OperationCases>> = {
  "GET /v1/blueprints": {
    valid: [() => ({ method: "GET", path: BLUEPRINTS, status: 200, has: { blueprints: [{ identifier: "_user" }] } })],
    invalid: unauthorized("GET", BLUEPRINTS),
  },
  "POST /v1/blueprints": {
    valid: [
      ({ newName, dice }) => {
        const body = toBlueprint(newName(), dice);
        return {
          method: "POST",
          path: BLUEPRINTS,
          body,
          status: 201,
          has: { blueprint: body },
          afterwards: { path: getBlueprint(body["identifier"]), has: { blueprint: body } },
        };
      },
    ],
    invalid: [
      refusedBlueprint({ identifier: "a b" }),
      refusedBlueprint({ identifier: ".." }),
      refusedBlueprint({ title: "" }),
      refusedBlueprint({ schema: undefined }),
      refusedBlueprint({ schema: { properties: { a: { type: "text" } } } }),
      refusedBlueprint({ schema: { properties: { a: { type: "string", format: "html" } } } }),
      refusedBlueprint({ relations: { a: { target: "absent", many: false, required: false } } }, 404, "not_found"),
      refusedBlueprint({ mirrorProperties: { a: { path: "absent.$title" } } }),
      refusedBlueprint({ calculationProperties: { a: { calculation: ".a |", type: "string" } } }),
      refusedBlueprint({ aggregationProperties: { a: { title: "A", target: "absent" } } }),
      async ({ newBlueprint }) => ({
        method: "POST",
        path: BLUEPRINTS,
        body: await newBlueprint(),
        status: 409,
        code: "identifier_taken",
      }),
      ...unauthorized("POST", BLUEPRINTS),
      ...unreadable("POST", BLUEPRINTS),
    ],
  },
  "GET /v1/blueprints/{identifier}": reads(
    ({ blueprint }) => getBlueprint(blueprint["identifier"]),
    ({ blueprint }) => ({ blueprint }),
    ABSENT,
  ),
  "PUT /v1/blueprints/{identifier}": {
    valid: [
      async ({ newEntity, newName, index }) => {
        const { blueprint, identifier } = await newEntity();
        const name = index % 2 === 0 ? blueprint["identifier"] : newName();
        const body = { ...withoutComputed(blueprint), identifier: name, title: "Other", relations: {} };
        return {
          method: "PUT",
          path: getBlueprint(blueprint["identifier"]),
          body,
          status: 200,
          has: { blueprint: { ...body, mirrorProperties: {} } },
          afterwards: {
            path: `${getBlueprint(name)}/entities/${encode(identifier)}`,
            has: { entity: { blueprint: name } },
          },
        };
      },
    ],
    invalid: [
      () => ({
        method: "PUT",
        path: ABSENT,
        body: { title: "x", schema: { properties: {} } },
        status: 404,
        code: "not_found",
      }),
      async ({ newBlueprint }) => ({
        method: "PUT",
        path: getBlueprint((await newBlueprint()).identifier),
        body: { title: "x" },
        status: 422,
        code: "invalid_request",
      }),
      async ({ newBlueprint }) => ({
        method: "PUT",
        path: getBlueprint((await newBlueprint()).identifier),
        body: { title: "x", schema: { properties: { text: { type: "number" } } } },
        status: 422,
        code: "invalid_request",
      }),
      ...unauthorized("PUT", ABSENT),
      ...unreadable("PUT", ABSENT),
    ],
  },
  "PATCH /v1/blueprints/{identifier}": {
    valid: [
      async ({ newBlueprint, index }) => {
        const blueprint = await newBlueprint();
        const path = getBlueprint(blueprint.identifier);
        const changed = { ...blueprint, title: `Patched ${index}` };
        return {
          method: "PATCH",
          path,
          body: { title: changed.title },
          status: 200,
          has: { blueprint: changed },
          afterwards: { path, has: { blueprint: changed } },
        };
      },
    ],
    invalid: [
      () => ({ method: "PATCH", path: ABSENT, body: { title: "x" }, status: 404, code: "not_found" }),
      async ({ newBlueprint }) => ({
        method: "PATCH",
        path: getBlueprint((await newBlueprint()).identifier),
        body: { title: "" },
        status: 422,
        code: "invalid_request",
      }),
      async ({ newBlueprint }) => ({
        method: "PATCH",
        path: getBlueprint((await newBlueprint()).identifier),
        body: { identifier: "_user" },
        status: 403,
        code: "protected_resource",
      }),
      ...unauthorized("PATCH", ABSENT),
      ...unreadable("PATCH", ABSENT),
    ],
  },
  "DELETE /v1/blueprints/{identifier}": {
    valid: [
      async ({ newBlueprint }) => {
        const path = getBlueprint((await newBlueprint()).identifier);
        return { method: "DELETE", path, status: 200, afterwards: { path, status: 404 } };
      },
    ],
    invalid: [
      () => ({ method: "DELETE", path: ABSENT, status: 404, code: "not_found" }),
      async ({ newEntity }) => ({
        method: "DELETE",
        path: getBlueprint((await newEntity()).blueprint["identifier"]),
        status: 403,
        code: "has_dependents",
      }),
      () => ({ method: "DELETE", path: getBlueprint("_user"), status: 403, code: "protected_resource" }),
      ...unauthorized("DELETE", ABSENT),
    ],
  },
  "PATCH /v1/blueprints/{blueprint_identifier}/properties/{property_identifier}/rename": renames(
    "properties",
    "newPropertyName",
    "text",
  ),
  "PATCH /v1/blueprints/{blueprint_identifier}/mirror/{property_identifier}/rename": renames(
    "mirror",
    "newMirrorName",
    "parentTitle",
  ),
  "PATCH /v1/blueprints/{blueprint_identifier}/relations/{relation_identifier}/rename": renames(
    "relations",
    "newRelationIdentifier",
    "parent",
  ),
};
