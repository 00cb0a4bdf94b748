import type { JsonObject } from "../../model/json.ts";
import type { JiraClient, JiraRequest } from "../jira-client.ts";
import { scanPage, type ScannedElement, type ScannedPage } from "../scan-elements.ts";
import { UnexpectedAnswer } from "../unexpected-answer.ts";
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
      (bytes) => {
        const { elements, facts } = scanPage(bytes, [items], members);
        return { elements, next: toNext(facts) };
      },
    );
    return page;
  };
  for await (const { elements } of walkCursors(client.baseUrl + path, readPage)) {
    if (elements.length > 0) yield elements;
  }
}

/** A token that cannot be one is not the end: whoever took it for that would miss all that comes after. */
function toNext({ isLast, nextPageToken = null }: ScannedPage["facts"]): string | undefined {
  if (isLast === true || nextPageToken === null || nextPageToken === "") return undefined;
  if (typeof nextPageToken === "string") return nextPageToken;
  const message = `the token of the next page is ${JSON.stringify(nextPageToken)}`;
  throw new UnexpectedAnswer({ code: "invalid_token", path: ["nextPageToken"], message });
}
