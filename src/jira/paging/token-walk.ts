import { UpstreamError } from "../../runtime/errors.ts";
import type { JsonObject } from "../../model/json.ts";
import type { JiraClient, JiraRequest } from "../jira-client.ts";
import { scanElements, type ScannedElement } from "../scan-elements.ts";

export interface TokenWalk {
  readonly client: JiraClient;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** The token goes into the body of a POST, and into the query of a GET. */
  readonly request: Omit<JiraRequest, "body"> & { readonly body?: JsonObject; readonly signal: AbortSignal };
  /** The member with the array. */
  readonly items: string;
  readonly members: readonly string[];
}

/**
 * Walks through a listing that is paged by `nextPageToken`. A short or empty page is not the end: only `isLast` or a
 * missing token is. Jira has been seen to hand out the same token for ever, so a token that comes again is an error.
 */
export async function* walkTokens(walk: TokenWalk): AsyncGenerator<readonly ScannedElement[], void, undefined> {
  const { client, method, path, request, items, members } = walk;
  const used = new Set<string>();
  let token: string | undefined;
  for (;;) {
    const next = token === undefined ? {} : { nextPageToken: token };
    const page = await client.request(
      method,
      path,
      {
        ...request,
        idempotent: true,
        ...(method === "GET" ? { query: { ...request.query, ...next } } : { body: { ...request.body, ...next } }),
      },
      (bytes) => scanElements(bytes, [items], members),
    );
    if (page.elements !== undefined && page.elements.length > 0) yield page.elements;
    const { isLast, nextPageToken } = page.facts;
    if (isLast === true || typeof nextPageToken !== "string" || nextPageToken === "") return;
    if (used.has(nextPageToken)) {
      throw new UpstreamError(
        `Jira answered the same page token twice for ${path}: the listing cannot be read to its end, try again`,
        { method, url: client.baseUrl + path, status: 200 },
        { retry: {} },
      );
    }
    used.add(nextPageToken);
    token = nextPageToken;
  }
}
