import { HTTPException } from "hono/http-exception";
import { expect, test } from "vitest";
import { CatalogError } from "../catalog/catalog-error.ts";
import {
  AbortError,
  AuthenticationError,
  ConfigurationError,
  ConflictError,
  InputError,
  LimitError,
  NotAllowedError,
  NotFoundError,
  QuaysideError,
  UpstreamError,
} from "../runtime/errors.ts";
import { toErrorResponse } from "./error-response.ts";

const MESSAGE = "what went wrong";

test.each([
  [new InputError(MESSAGE), 422, "invalid_request"],
  [new LimitError(MESSAGE), 422, "invalid_request"],
  [new AuthenticationError(MESSAGE), 401, "unauthorized"],
  [new NotAllowedError(MESSAGE), 403, "missing_permissions"],
  [new NotFoundError(MESSAGE), 404, "not_found"],
  [new ConflictError(MESSAGE), 409, "identifier_taken"],
  [new CatalogError("has_dependents", MESSAGE), 403, "has_dependents"],
  [new HTTPException(400, { message: MESSAGE }), 400, "bad_request"],
  [new HTTPException(413, { message: MESSAGE }), 413, "bad_request"],
])("what the client can mend is told: %s", (thrown, status, error) => {
  expect(toErrorResponse(thrown)).toMatchObject({ status, body: { ok: false, error, message: MESSAGE } });
});

test.each([
  [new UpstreamError(MESSAGE, { method: "GET", url: "http://x" }), 502],
  [new ConfigurationError(MESSAGE), 500],
  [new AbortError(MESSAGE), 503],
  [new QuaysideError("internal", MESSAGE, { details: { secret: MESSAGE } }), 500],
  [new HTTPException(500, { message: MESSAGE }), 500],
  [new TypeError(MESSAGE), 500],
  [MESSAGE, 500],
  [undefined, 500],
])("what is ours is not: %s", (thrown, status) => {
  const response = toErrorResponse(thrown);
  expect(response).toMatchObject({ status, body: { ok: false, error: "internal_error" } });
  expect(JSON.stringify(response)).not.toContain(MESSAGE);
});

test("every problem of an input is in the details", () => {
  const problems = [{ code: "type", message: "must be text", path: ["a", 0] }];
  expect(toErrorResponse(new InputError(MESSAGE, problems)).body.details).toEqual({ problems });
});
