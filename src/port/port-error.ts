import type { JsonObject } from "../model/json.ts";
import { AuthenticationError, NotFoundError, toMessage, UpstreamError, type QuaysideError } from "../runtime/errors.ts";

interface Asked {
  readonly method: string;
  readonly url: string;
}

/** What an answer that is no success means. `details.error` is Port's own word for it. */
export function toAnswerError(
  answer: Asked & { readonly status: number; readonly body: JsonObject | undefined },
): QuaysideError {
  const { method, url, status, body } = answer;
  const said = typeof body?.["message"] === "string" ? `: ${body["message"]}` : "";
  const what = `The remote catalog answered ${status} for ${method} ${url}${said}`;
  const details = { status, error: typeof body?.["error"] === "string" ? body["error"] : "" };
  if (status === 401) {
    return new AuthenticationError(`${what}. Check OCEAN__PORT__CLIENT_ID and OCEAN__PORT__CLIENT_SECRET`, { details });
  }
  if (status === 403 && (details.error === "" || details.error === "missing_permissions")) {
    return new AuthenticationError(`${what}. Give the client of OCEAN__PORT__CLIENT_ID the permission`, { details });
  }
  if (status === 404 && body !== undefined) return new NotFoundError(what, { details });
  if (status === 404) return toNoApiError({ method, url, status });
  const retry = status === 408 || status === 429 || status >= 500 ? {} : "no";
  return new UpstreamError(what, { method, url, status }, { details, retry });
}

/** Something answered that does not speak Port's API. */
export function toNoApiError({ method, url, status }: Asked & { readonly status: number }): UpstreamError {
  return new UpstreamError(
    `The answer ${status} for ${method} ${url} is not one of a Port API: check OCEAN__PORT__BASE_URL`,
    { method, url, status },
  );
}

export function toNetworkError(cause: unknown, { method, url }: Asked): UpstreamError {
  return new UpstreamError(
    `Cannot reach the remote catalog for ${method} ${url} (${toMessage(cause)}): check OCEAN__PORT__BASE_URL and the network`,
    { method, url },
    { cause, retry: {} },
  );
}
