import { HTTPException } from "hono/http-exception";
import { CatalogError, type PortCode } from "../catalog/catalog-error.ts";
import { InputError, QuaysideError, type ErrorCode } from "../runtime/errors.ts";

export type ErrorStatus = 400 | 401 | 403 | 404 | 409 | 413 | 422 | 500 | 502 | 503;

/** Port's error envelope. */
export interface ErrorBody {
  readonly ok: false;
  readonly error: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface ErrorResponse {
  readonly status: ErrorStatus;
  readonly body: ErrorBody;
}

/** Status and `error` of everything that can be thrown: the only place that knows them. */
const RESPONSES: Readonly<Record<ErrorCode, { readonly status: ErrorStatus; readonly error: string }>> = {
  invalid_input: { status: 422, error: "invalid_request" },
  authentication_failed: { status: 401, error: "unauthorized" },
  not_allowed: { status: 403, error: "missing_permissions" },
  not_found: { status: 404, error: "not_found" },
  conflict: { status: 409, error: "identifier_taken" },
  limit_exceeded: { status: 422, error: "invalid_request" },
  upstream_failed: { status: 502, error: "internal_error" },
  configuration_invalid: { status: 500, error: "internal_error" },
  aborted: { status: 503, error: "internal_error" },
  internal: { status: 500, error: "internal_error" },
};

/** What the catalog refuses carries Port's own code. */
export const PORT_STATUSES: Readonly<Record<PortCode, ErrorStatus>> = {
  bad_request: 400,
  invalid_request: 422,
  not_found: 404,
  identifier_taken: 409,
  blueprint_schema_mismatch: 422,
  required_relation: 422,
  relation_many_violation: 422,
  has_dependents: 403,
  protected_resource: 403,
  protected_entity: 403,
  inherited_ownership_enabled: 422,
  team_inheritance_enabled: 422,
  invalid_inherited_ownership_path: 422,
};

/** What a client is told about whatever was thrown. Of failures that are ours it learns nothing but that they happened. */
export function toErrorResponse(thrown: unknown): ErrorResponse {
  // What is wrong with a request before anything looks into it: its size, its JSON.
  if (thrown instanceof HTTPException && (thrown.status === 400 || thrown.status === 413)) {
    return { status: thrown.status, body: { ok: false, error: "bad_request", message: thrown.message } };
  }
  if (!(thrown instanceof QuaysideError)) return toFailure({ status: 500, error: "internal_error" });
  const { status, error } =
    thrown instanceof CatalogError
      ? { status: PORT_STATUSES[thrown.portCode], error: thrown.portCode }
      : RESPONSES[thrown.code];
  if (status >= 500) return toFailure({ status, error });
  const details = thrown instanceof InputError ? { problems: thrown.problems } : thrown.details;
  return { status, body: { ok: false, error, message: thrown.message, ...(details && { details }) } };
}

function toFailure({ status, error }: { readonly status: ErrorStatus; readonly error: string }): ErrorResponse {
  const message = "The server failed to answer: its log tells why, under the trace id of this response";
  return { status, body: { ok: false, error, message } };
}
