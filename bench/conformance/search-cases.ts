import {
  ABSENT,
  assertOk,
  EVERYTHING,
  getBlueprint,
  toEntityRequest,
  unauthorized,
  unreadable,
  type Case,
  type Document,
  type Make,
  type OperationCases,
} from "./case.ts";

const search =
  (body: unknown, status = 422, code = "invalid_request"): Make =>
  async ({ newBlueprint }) => ({
    method: "POST",
    path: `${getBlueprint((await newBlueprint()).identifier)}/entities/search`,
    body,
    status,
    code,
  });

/** Rules that find the one entity there is. */
const RULES: readonly ((identifier: string) => Document)[] = [
  (value) => ({ property: "$identifier", operator: "=", value }),
  (value) => ({ property: "$identifier", operator: "in", value: [value, "x"] }),
  (value) => ({ property: "$identifier", operator: "beginsWith", value: value.slice(0, 2) }),
  () => ({ property: "$identifier", operator: "!=", value: "x" }),
  () => ({ property: "$updatedAt", operator: "between", value: { preset: "today" } }),
  () => ({ property: "$team", operator: "isNotEmpty" }),
  () => ({ property: "parentTitle", operator: "isEmpty" }),
  (value) => ({ combinator: "or", rules: [{ property: "$identifier", operator: "contains", value }] }),
  (value) => ({ property: { path: ["others"] }, operator: "matchAny", value }),
  () => ({ propertySchema: { type: "string" }, operator: "!=", value: "no such text" }),
];

const found: Make = async (world) => {
  const { blueprint, path, body } = await toEntityRequest(world);
  assertOk(await world.api.send("POST", path, body));
  const rule = RULES[world.index % RULES.length]?.(body.identifier);
  const query = {
    combinator: "and",
    rules: [rule, { property: "$blueprint", operator: "=", value: blueprint.identifier }],
  };
  return {
    method: "POST",
    path: `${path}/search`,
    body: { query },
    status: 200,
    has: { entities: [{ identifier: body.identifier }], next: null },
  };
};

const inAll =
  (toCase: (found: Case) => Omit<Case, "method" | "status">): Make =>
  async (world) => ({ method: "POST", status: 200, ...toCase(await found(world)) });

const queryOf = ({ body }: Case): unknown => (body as { query: unknown }).query;

export const SEARCH_CASES: Readonly<Record<string, OperationCases>> = {
  "POST /v1/entities/search": {
    valid: [
      inAll((case_) => ({
        path: "/v1/entities/search",
        body: queryOf(case_),
        has: { entities: (case_.has as { entities: unknown }).entities },
      })),
    ],
    invalid: [
      () => ({
        method: "POST",
        path: "/v1/entities/search",
        body: { rules: [] },
        status: 422,
        code: "invalid_request",
      }),
      () => ({
        method: "POST",
        path: "/v1/entities/search",
        body: { combinator: "and", rules: [{ property: "absent", operator: "=", value: 1 }] },
        status: 422,
        code: "invalid_request",
      }),
      ...unauthorized("POST", "/v1/entities/search"),
      ...unreadable("POST", "/v1/entities/search"),
    ],
  },
  "POST /v1/blueprints/{blueprint_identifier}/entities/search": {
    valid: [found],
    invalid: [
      search({}),
      search({ query: { rules: [] } }),
      search({ query: EVERYTHING, limit: 1001 }),
      search({ query: EVERYTHING, from: "x" }),
      search({ query: { combinator: "and", rules: [{ property: "absent", operator: "=", value: 1 }] } }),
      search({ query: { combinator: "and", rules: [{ property: "$title", operator: "~", value: 1 }] } }),
      () => ({
        method: "POST",
        path: `${ABSENT}/entities/search`,
        body: { query: EVERYTHING },
        status: 404,
        code: "not_found",
      }),
      ...unauthorized("POST", `${ABSENT}/entities/search`),
      ...unreadable("POST", `${ABSENT}/entities/search`),
    ],
  },
  "POST /v1/entities/aggregate": {
    valid: [
      inAll((case_) => ({
        path: "/v1/entities/aggregate",
        body: { func: "count", query: queryOf(case_) },
        has: { result: 1 },
      })),
    ],
    invalid: [
      () => ({
        method: "POST",
        path: "/v1/entities/aggregate",
        body: { func: "mode", query: EVERYTHING },
        status: 422,
        code: "invalid_request",
      }),
      () => ({
        method: "POST",
        path: "/v1/entities/aggregate",
        body: { func: "sum", query: EVERYTHING },
        status: 422,
        code: "invalid_request",
      }),
      ...unauthorized("POST", "/v1/entities/aggregate"),
      ...unreadable("POST", "/v1/entities/aggregate"),
    ],
  },
};
