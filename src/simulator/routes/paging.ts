import type { JiraRequest } from "../server/jira-request.ts";

export interface Slice<T> {
  readonly startAt: number;
  /** What the server grants, which may be less than was asked for. */
  readonly maxResults: number;
  readonly total: number;
  readonly items: readonly T[];
}

/** The part of a list that `startAt` and `maxResults` ask for; a size above the cap is lowered without a word. */
export function takeSlice<T>(request: JiraRequest, items: readonly T[], preset = 50, cap = 100): Slice<T> {
  const startAt = Math.max(0, request.number("startAt", 0));
  const maxResults = Math.min(cap, Math.max(0, request.number("maxResults", preset)));
  return { startAt, maxResults, total: items.length, items: items.slice(startAt, startAt + maxResults) };
}

/** The commonest of Jira's paging models: a bean with `values`, `isLast`, and the address of the next page. */
export function toPageBean<T>(request: JiraRequest, slice: Slice<T>, toBody: (item: T) => unknown): object {
  const { startAt, maxResults, total, items } = slice;
  const isLast = startAt + items.length >= total;
  const url = (start: number): string => {
    const query = new URLSearchParams(request.query);
    query.set("startAt", String(start));
    query.set("maxResults", String(maxResults));
    return `${new URL(request.wire.baseUrl).origin}${request.path}?${query.toString()}`;
  };
  return {
    self: url(startAt),
    ...(isLast ? {} : { nextPage: url(startAt + items.length) }),
    maxResults,
    startAt,
    total,
    isLast,
    values: items.map(toBody),
  };
}
