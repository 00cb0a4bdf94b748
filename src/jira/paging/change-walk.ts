import { isJsonObject, type Json } from "../../model/json.ts";
import { UpstreamError } from "../../runtime/errors.ts";
import type { JiraClient } from "../jira-client.ts";
import { walkCursors } from "./cursor-walk.ts";

/**
 * Walks through a feed of changes since a time, oldest first, and yields ids. Only the time in `nextPage` is taken: its
 * host is the wrong one behind the API gateway. Jira leaves the last minute out of these feeds.
 */
export async function* walkChanges(
  client: JiraClient,
  path: "/rest/api/3/worklog/updated" | "/rest/api/3/worklog/deleted",
  options: { readonly sinceMs: number; readonly signal: AbortSignal },
): AsyncGenerator<readonly string[], void, undefined> {
  const readPage = async (since: string = String(options.sinceMs)) => {
    const answer = await client.getJson(path, { query: { since }, signal: options.signal });
    if (!isJsonObject(answer) || !Array.isArray(answer["values"])) {
      throw new UpstreamError(`Jira sent no list for ${path}`, { method: "GET", url: path, status: 200 });
    }
    const { values, lastPage, nextPage } = answer;
    const next = lastPage === true || typeof nextPage !== "string" ? null : new URL(nextPage).searchParams.get("since");
    return { ids: values.flatMap(toId), next: next ?? undefined };
  };
  for await (const { ids } of walkCursors(client.baseUrl + path, readPage)) yield ids;
}

function toId(value: Json): string[] {
  const id = isJsonObject(value) ? value["worklogId"] : undefined;
  return typeof id === "number" || typeof id === "string" ? [String(id)] : [];
}
