import type { IncomingHttpHeaders } from "node:http";

const NUMBER = /^\d+(\.\d+)?$/;

/** The moment before which Jira does not want to be asked again, from whichever header says so. */
export function readRetryAfter(headers: IncomingHttpHeaders, nowMs: number): number | undefined {
  return (
    toMoment(headers["retry-after"], nowMs) ??
    toMoment(headers["beta-retry-after"], nowMs) ??
    toMoment(headers["x-ratelimit-reset"], nowMs)
  );
}

/** A number of seconds, an HTTP date or an ISO date. */
function toMoment(value: string | readonly string[] | undefined, nowMs: number): number | undefined {
  const text = (typeof value === "string" ? value : value?.[0])?.trim();
  if (!text) return undefined;
  if (NUMBER.test(text)) return nowMs + Number(text) * 1000;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? undefined : dateMs;
}
