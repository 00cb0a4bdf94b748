import type { Json, JsonObject } from "../model/json.ts";
import type { Gaps } from "./incomplete-read-error.ts";
import type { JiraSession } from "./jira-session.ts";
import { walkTokens } from "./paging/token-walk.ts";
import { scanElements, type ScannedElement } from "./scan-elements.ts";

const CHANGES_PER_PAGE = 10_000;

/**
 * Issues that were expanded by `changelog` carry their newest changes only. For each that was cut: the member as it
 * would be with all of them, newest first, by the issue's id.
 */
export async function completeChangelogs(
  session: JiraSession,
  issues: readonly ScannedElement[],
  { signal, gaps }: { readonly signal: AbortSignal; readonly gaps: Gaps },
): Promise<ReadonlyMap<string, JsonObject>> {
  const cut = issues.filter(isCut).map(({ members: { id = "" } }) => id);
  const histories = new Map<string, JsonObject[]>();
  if (cut.length === 0) return new Map();
  const pages = walkTokens({
    client: session.client,
    method: "POST",
    path: "/rest/api/3/changelog/bulkfetch",
    request: { body: { issueIdsOrKeys: cut, maxResults: CHANGES_PER_PAGE }, signal },
    items: "issueChangeLogs",
    members: ["issueId"],
  });
  try {
    for await (const logs of pages) {
      for (const { bytes, members } of logs) {
        const { issueId = "" } = members;
        const changes = scanElements(bytes, ["changeHistories"], []).elements ?? [];
        histories.set(issueId, [...(histories.get(issueId) ?? []), ...changes.map(toHistory)]);
      }
    }
  } catch (error) {
    gaps.add(`the changelog of ${cut.length} issues`, error);
    return new Map();
  }
  return new Map([...histories].map(([id, changes]) => [id, toChangelog(changes)]));
}

function isCut({ bytes }: ScannedElement): boolean {
  const { elements, facts } = scanElements(bytes, ["changelog", "histories"], []);
  return elements !== undefined && typeof facts["total"] === "number" && elements.length < facts["total"];
}

/** In this list Jira may write the time as a number; everywhere else it is a text. */
function toHistory({ bytes }: ScannedElement): JsonObject {
  const history = JSON.parse(bytes.toString("utf8")) as JsonObject; // Jira lists objects
  const created: Json = history["created"] ?? null;
  return typeof created === "number"
    ? { ...history, created: new Date(created).toISOString().replace("Z", "+0000") }
    : history;
}

function toChangelog(oldestFirst: readonly JsonObject[]): JsonObject {
  const { length } = oldestFirst;
  return { changelog: { startAt: 0, maxResults: length, total: length, histories: oldestFirst.toReversed() } };
}
