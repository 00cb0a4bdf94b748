import { hashText } from "../random.ts";
import type { SortKey } from "../search/issue-order.ts";
import { Refusal, refuse } from "../server/answer.ts";

/** What a page token remembers between requests; the server keeps nothing. */
export interface PageToken {
  readonly nowMs: number;
  readonly after: SortKey;
  readonly madeMs: number;
}

const lifeMs = 7 * 86_400_000;

export function writeToken(query: string, token: PageToken): string {
  return Buffer.from(JSON.stringify([hashText(query), token.nowMs, token.madeMs, ...token.after])).toString(
    "base64url",
  );
}

/** Refuses a token that is older than a week, not one of ours, or of another query. */
export function readToken(token: string | undefined, query: string, nowMs: number): PageToken | undefined {
  if (token === undefined || token === "") return undefined;
  const parts = decode(token);
  const [hash, searchMs, madeMs, ...after] = Array.isArray(parts) ? (parts as unknown[]) : [];
  if (
    hash !== hashText(query) ||
    typeof searchMs !== "number" ||
    typeof madeMs !== "number" ||
    nowMs - madeMs > lifeMs
  ) {
    throw new Refusal(refuse(400, ["The provided next page token is invalid or expired."]));
  }
  // Written by writeToken for this query: the hash says so.
  return { nowMs: searchMs, madeMs, after: after as SortKey };
}

function decode(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
