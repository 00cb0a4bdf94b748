import { isJsonObject } from "../model/json.ts";
import type { RawObjectRef } from "../model/raw-object.ts";
import { UpstreamError } from "../runtime/errors.ts";
import { toCountJql, toWalkJql } from "./compose-walk-jql.ts";
import type { JiraSession } from "./jira-session.ts";
import { walkTokens } from "./paging/token-walk.ts";
import type { ScannedElement } from "./scan-elements.ts";
import { toUnexpectedAnswerError } from "./unexpected-answer.ts";

const SEARCH_PATH = "/rest/api/3/search/jql";
/** Jira's own limit, which it keeps to when asked for nothing but ids, keys and a date. */
const IDS_PER_PAGE = 5000;

export interface IssueBatch<Ref> {
  readonly wanted: readonly Ref[];
  readonly others: readonly Ref[];
}

/** The issues that a JQL selects, each once, page by page, without their bodies. */
export async function* listIssueIds(
  session: JiraSession,
  jql: string,
  signal: AbortSignal,
): AsyncGenerator<readonly RawObjectRef[], void, undefined> {
  // What changes meanwhile can come again where one page meets the next; to remember every id would take too much.
  let previous = new Set<string>();
  const pages = walkTokens({
    client: session.client,
    method: "POST",
    path: SEARCH_PATH,
    request: { body: { jql: toWalkJql(jql), maxResults: IDS_PER_PAGE, fields: ["key", "updated"] }, signal },
    items: "issues",
    members: [],
  });
  for await (const elements of pages) {
    const refs = new Map<string, RawObjectRef>();
    for (const [index, element] of elements.entries()) {
      const ref = toRef(element, index, session);
      if (!previous.has(ref.id)) refs.set(ref.id, ref);
    }
    previous = new Set(refs.keys());
    yield [...refs.values()];
  }
}

/** The same issues in pieces with at most `size` that are wanted; others come along at no cost. */
export async function* toIssueBatches<Ref>(
  pages: AsyncIterable<readonly Ref[]>,
  size: number,
  isWanted: (ref: Ref) => boolean = () => true,
): AsyncGenerator<IssueBatch<Ref>, void, undefined> {
  for await (const refs of pages) {
    let wanted: Ref[] = [];
    let others: Ref[] = [];
    for (const ref of refs) {
      if (!isWanted(ref)) {
        others.push(ref);
        continue;
      }
      if (wanted.length === size) {
        yield { wanted, others };
        [wanted, others] = [[], []];
      }
      wanted.push(ref);
    }
    if (wanted.length > 0 || others.length > 0) yield { wanted, others };
  }
}

/** About how many issues a JQL selects, for progress; undefined when Jira does not tell. */
export async function countIssues(session: JiraSession, jql: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const answer = await session.client.postJson("/rest/api/3/search/approximate-count", {
      body: { jql: toCountJql(jql) },
      idempotent: true,
      signal,
      maxAttempts: 2,
    });
    return isJsonObject(answer) && typeof answer["count"] === "number" ? answer["count"] : undefined;
  } catch (error) {
    // The read itself meets everything that is worth telling; a total is not.
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}

function toRef(element: ScannedElement, index: number, { client }: JiraSession): RawObjectRef {
  const issue: unknown = JSON.parse(element.bytes.toString("utf8"));
  const { id, key, fields } = isJsonObject(issue) ? issue : {};
  const updated = isJsonObject(fields) ? fields["updated"] : undefined;
  if (typeof id !== "string") {
    const problem = { code: "missing_id", path: ["issues", index, "id"], message: "an issue without an id" } as const;
    throw toUnexpectedAnswerError({ method: "POST", url: client.baseUrl + SEARCH_PATH }, problem);
  }
  return {
    id,
    ...(typeof key === "string" && { key }),
    ...(typeof updated === "string" && { updated }),
  };
}
