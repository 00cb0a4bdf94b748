import { z } from "@hono/zod-openapi";
import type { ErrorStatus } from "../error-response.ts";

const errorBody = z
  .object({
    ok: z.literal(false),
    error: z.string().openapi({ description: "A word for programs; docs/api.md lists them", example: "not_found" }),
    message: z.string().openapi({ description: "A sentence for people" }),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi("Error");

/** A success: `ok: true` beside whatever the route answers. */
export function success<T extends z.ZodRawShape>(description: string, shape: T) {
  return {
    description,
    content: { "application/json": { schema: z.object({ ok: z.literal(true), ...shape }) } },
  };
}

const FAILURES = {
  400: "The body is not JSON",
  401: "No token, or one that is not valid any more",
  403: "Refused: something depends on it, or it is protected",
  404: "Not found",
  409: "The identifier is taken",
  413: "The request is larger than 1 MiB",
  422: "The request does not fit the route or the blueprint",
} as const satisfies Partial<Record<ErrorStatus, string>>;

type FailureStatus = keyof typeof FAILURES;

/** The failures of a route, for its documentation: handlers throw, and `error-response.ts` answers. */
export function failures<S extends FailureStatus>(...statuses: readonly S[]) {
  const entries = statuses.map((status) => [status, toFailure(status)] as const);
  return Object.fromEntries(entries) as Record<S, ReturnType<typeof toFailure>>; // one entry per status given
}

function toFailure(status: FailureStatus) {
  return { description: FAILURES[status], content: { "application/json": { schema: errorBody } } };
}

/** A request body that must be there; read as JSON whatever its content type. */
export function jsonBody<T extends z.ZodType>(schema: T) {
  return { required: true, content: { "application/json": { schema } } } as const;
}
