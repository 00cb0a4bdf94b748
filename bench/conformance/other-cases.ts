import {
  assertOk,
  encode,
  getBlueprint,
  unauthorized,
  unreadable,
  type Case,
  type Make,
  type OperationCases,
} from "./case.ts";

const migration =
  (toCase: (id: string) => Case): Make =>
  async ({ api, newEntity }) => {
    const { blueprint } = await newEntity();
    const answer = await api.send("DELETE", `${getBlueprint(blueprint["identifier"])}/all-entities`);
    assertOk(answer);
    return toCase(String(answer.body["migrationId"]));
  };

export const OTHER_CASES: Readonly<Record<string, OperationCases>> = {
  "POST /v1/auth/access_token": {
    valid: [
      ({ api }) => ({
        method: "POST",
        path: "/v1/auth/access_token",
        body: api.credentials,
        status: 200,
        has: { tokenType: "Bearer" },
      }),
    ],
    invalid: [
      () => ({
        method: "POST",
        path: "/v1/auth/access_token",
        body: { clientId: "x", clientSecret: "y" },
        status: 401,
        code: "unauthorized",
      }),
      () => ({
        method: "POST",
        path: "/v1/auth/access_token",
        body: { clientId: "x" },
        status: 422,
        code: "invalid_request",
      }),
      ...unreadable("POST", "/v1/auth/access_token"),
    ],
  },
  "GET /v1/organization": {
    valid: [
      () => ({ method: "GET", path: "/v1/organization", status: 200, has: { organization: { name: "Quayside" } } }),
    ],
    invalid: unauthorized("GET", "/v1/organization"),
  },
  "GET /v1/audit-log": {
    valid: [
      async ({ newEntity }) => {
        const { blueprint, identifier } = await newEntity();
        const path = `/v1/audit-log?resources=entity&entity=${encode(identifier)}&blueprint=${encode(String(blueprint["identifier"]))}`;
        return {
          method: "GET",
          path,
          status: 200,
          has: { audits: [{ action: "CREATE", status: "SUCCESS", context: { entity: identifier } }] },
        };
      },
    ],
    invalid: [
      () => ({ method: "GET", path: "/v1/audit-log?from=x", status: 422, code: "invalid_request" }),
      () => ({ method: "GET", path: "/v1/audit-log?action=READ", status: 422, code: "invalid_request" }),
      ...unauthorized("GET", "/v1/audit-log"),
    ],
  },
  "GET /v1/migrations": {
    valid: [() => ({ method: "GET", path: "/v1/migrations?status=COMPLETED", status: 200, has: {} })],
    invalid: unauthorized("GET", "/v1/migrations"),
  },
  "POST /v1/migrations": {
    valid: [
      async ({ newEntity }) => {
        const sourceBlueprint = (await newEntity()).blueprint["identifier"];
        const mapping = { entity: { identifier: ".identifier", title: '"moved"' } };
        return {
          method: "POST",
          path: "/v1/migrations",
          body: { sourceBlueprint, mapping },
          status: 200,
          has: { migration: { sourceBlueprint } },
        };
      },
    ],
    invalid: [
      () => ({
        method: "POST",
        path: "/v1/migrations",
        body: { sourceBlueprint: "absent", mapping: { entity: {} } },
        status: 404,
        code: "not_found",
      }),
      () => ({
        method: "POST",
        path: "/v1/migrations",
        body: { sourceBlueprint: "_team" },
        status: 422,
        code: "invalid_request",
      }),
      () => ({
        method: "POST",
        path: "/v1/migrations",
        body: { sourceBlueprint: "_team", mapping: { entity: { title: "|" } } },
        status: 422,
        code: "invalid_request",
      }),
      ...unauthorized("POST", "/v1/migrations"),
      ...unreadable("POST", "/v1/migrations"),
    ],
  },
  "GET /v1/migrations/{migration_id}": {
    valid: [
      migration((id) => ({
        method: "GET",
        path: `/v1/migrations/${id}`,
        status: 200,
        has: { migration: { id, deleteEntities: true } },
      })),
    ],
    invalid: [
      () => ({ method: "GET", path: "/v1/migrations/absent", status: 404, code: "not_found" }),
      ...unauthorized("GET", "/v1/migrations/x"),
    ],
  },
  "POST /v1/migrations/{migration_id}/cancel": {
    valid: [
      async ({ api }) => {
        const start = { sourceBlueprint: "_team", mapping: { entity: {} } };
        // They run one after another, so that the last has not begun.
        const started = await Promise.all(Array.from({ length: 20 }, () => api.send("POST", "/v1/migrations", start)));
        for (const answer of started) assertOk(answer);
        const { migrations } = (await api.send("GET", "/v1/migrations")).body as { migrations: { id: string }[] };
        const id = migrations[0]?.id ?? "";
        const has = { migration: { id, status: "PENDING_CANCELLATION" } };
        return { method: "POST", path: `/v1/migrations/${id}/cancel`, status: 200, has };
      },
    ],
    invalid: [
      () => ({ method: "POST", path: "/v1/migrations/absent/cancel", status: 404, code: "not_found" }),
      ...unauthorized("POST", "/v1/migrations/absent/cancel"),
    ],
  },
};
