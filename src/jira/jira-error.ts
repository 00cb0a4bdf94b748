import type { IncomingHttpHeaders } from "node:http";
import {
  AuthenticationError,
  ConflictError,
  NotAllowedError,
  NotFoundError,
  type QuaysideError,
  toMessage,
  UpstreamError,
} from "../runtime/errors.ts";
import { readErrorBody } from "./error-body.ts";
import { describeCredentials, hostSetting, type JiraSettings } from "./jira-settings.ts";
import { readRefusedIssues } from "./refused-issues.ts";
import { toUnexpectedAnswerError, UnexpectedAnswer } from "./unexpected-answer.ts";

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly settings: JiraSettings;
}

/** The error for an answer that is not a success: what Jira said, and which setting to look at. */
export function toAnswerError(
  answer: { readonly status: number; readonly headers: IncomingHttpHeaders; readonly bytes: Buffer },
  asked: Asked,
): QuaysideError {
  const { status, headers } = answer;
  const { method, url, settings } = asked;
  const said = readErrorBody(answer.bytes);
  const place = url.origin + url.pathname;
  const message = (advice: string): string =>
    `Jira answered ${status} for ${place}${said === "" ? "" : ` (${said})`}: ${advice}`;
  const details = { status, trace: headers["atl-traceid"] };
  switch (status) {
    case 401:
      // The credentials are good, so what needs no such scope can still be read.
      return /scope does not match/i.test(said)
        ? new NotAllowedError(message(adviseOnScope(settings)), { details })
        : new AuthenticationError(message(`check ${describeCredentials(settings)}`), { details });
    case 403:
      return headers["x-seraph-loginreason"] === "AUTHENTICATION_DENIED"
        ? new AuthenticationError(message("log in once in a browser, Jira wants a CAPTCHA to be solved"), { details })
        : new NotAllowedError(message("the Jira account lacks the permission for this"), { details });
    case 404:
      return new NotFoundError(
        message(`it does not exist or the Jira account cannot see it; the host is that of ${hostSetting(settings)}`),
        { details },
      );
    case 409:
      return new ConflictError(message("somebody else changes the same thing; try again"), { details });
    default:
      return new UpstreamError(
        message(status < 400 ? adviseOnRedirect(headers.location, settings) : adviseOnStatus(status, said)),
        { method, url: place, status },
        { details, retry: status === 408 || status === 429 || status >= 500 ? {} : "no" },
      );
  }
}

/** The error for a request that got no answer, or an answer that broke off. */
export function toNetworkError(cause: unknown, { method, url, settings }: Asked): QuaysideError {
  const asked = { method, url: url.origin + url.pathname };
  const advice = `check that ${hostSetting(settings)} is the address of a Jira`;
  if (cause instanceof UnexpectedAnswer) return toUnexpectedAnswerError(asked, cause.problem, advice);
  if (cause instanceof SyntaxError) {
    const message = `no whole JSON: ${cause.message}`;
    return toUnexpectedAnswerError(asked, { code: "not_json", path: [], message }, advice);
  }
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
  const remedy = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)
    ? "its certificate is not trusted: name the authority's certificate in NODE_EXTRA_CA_CERTS or QUAYSIDE_EXTRA_CA_FILE"
    : `check ${hostSetting(settings)}, and HTTPS_PROXY if there is a proxy`;
  return new UpstreamError(
    `Cannot reach Jira at ${url.host} (${[code, toMessage(cause)].filter(Boolean).join(": ")}): ${remedy}`,
    asked,
    { cause, retry: {} },
  );
}

function adviseOnScope(settings: JiraSettings): string {
  return `the token lacks a scope for this; make one with read:jira-work, read:jira-user and, for boards, the scopes of Jira Software, and put it into ${describeCredentials(settings)}`;
}

function adviseOnRedirect(location: string | undefined, settings: JiraSettings): string {
  return `it leads elsewhere ("${location ?? ""}"); ${hostSetting(settings)} has to be the address at which Jira itself answers`;
}

function adviseOnStatus(status: number, said: string): string {
  if (status === 400 && readRefusedIssues(said).length > 0) {
    return "the query names an issue that is gone or that the Jira account cannot see; take it out of the selector's jql";
  }
  if (status === 400) return "Jira does not understand the request; if it names a JQL or a field, correct the selector";
  if (status === 429) return "the limit of requests is spent for longer than Quayside waits; try again later";
  if (status === 410) return "this version of Jira no longer has it";
  return status >= 500 ? "Jira has a problem of its own; try again later" : "Jira refuses the request";
}
