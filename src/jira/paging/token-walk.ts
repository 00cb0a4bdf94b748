import type { JsonObject } from "../../model/json.ts";
import type { JiraClient, JiraRequest } from "../jira-client.ts";
import { scanPage, type ScannedElement, type ScannedPage } from "../scan-elements.ts";
import { walkCursors } from "./cursor-walk.ts";

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
 * missing token is.
 */
export async function* walkTokens(walk: TokenWalk): AsyncGenerator<readonly ScannedElement[], void, undefined> {
  const { client, method, path, request, items, members } = walk;
  const readPage = async (token: string | undefined) => {
    const next = token === undefined ? {} : { nextPageToken: token };
    const page = await client.request(
      method,
      path,
      {
        ...request,
        idempotent: true,
        ...(method === "GET" ? { query: { ...request.query, ...next } } : { body: { ...request.body, ...next } }),
      },
      (bytes) => scanPage(bytes, [items], members),
    );
    return { elements: page.elements, next: toNext(page) };
  };
  for await (const { elements } of walkCursors(client.baseUrl + path, readPage)) {
    if (elements.length > 0) yield elements;
  }
}

function toNext({ facts }: ScannedPage): string | undefined {
  const { isLast, nextPageToken } = facts;
  return isLast !== true && typeof nextPageToken === "string" && nextPageToken !== "" ? nextPageToken : undefined;
}
