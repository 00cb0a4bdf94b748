import { listBoards, readPerBoard, type ListedBoard } from "../boards.ts";
import { Gaps } from "../incomplete-read-error.ts";
import type { JiraSession } from "../jira-session.ts";
import type { Kind, ReadOptions } from "../kind.ts";
import { collectOffsets } from "../paging/offset-walk.ts";
import { walkTokens } from "../paging/token-walk.ts";
import type { ScannedElement } from "../scan-elements.ts";
import { SelectorReader } from "../selector-reader.ts";
import { toPages } from "../to-page.ts";
import { toRawObject } from "../to-raw-object.ts";

const DEFAULT_JQL = "updated >= -1w OR statusCategory != Done";
const PAGE_SIZE = 500;

export interface BacklogSelector {
  /** Undefined means the whole backlog. */
  readonly jql: string | undefined;
  readonly fields: readonly string[] | undefined;
  /** False asks the older endpoint, which Atlassian is taking away. */
  readonly useSoftwareApi: boolean;
}

/** The issues of each board's backlog, with `__boardId`. An issue in two backlogs is two objects. */
export const backlogKind: Kind<BacklogSelector> = {
  name: "backlog",
  changes: { since: "none", events: [] },

  parseSelector(selector) {
    const reader = new SelectorReader("backlog", selector);
    const jql = reader.optionalJql("jql", DEFAULT_JQL);
    const fields = reader.strings("fields");
    const useSoftwareApi = reader.boolean("useSoftwareApi", true);
    reader.finish();
    return { jql, fields, useSoftwareApi };
  },

  async *read(session, selector, options) {
    const gaps = new Gaps("backlog");
    const boards = await listBoards(session, options.signal);
    const read = (board: ListedBoard, signal: AbortSignal): Promise<readonly ScannedElement[]> =>
      readBacklog(session, board, selector, { ...options, signal });
    const limits = { what: "backlog", signal: options.signal, gaps };
    for await (const { board, result } of readPerBoard(session, boards, limits, read)) {
      const issues = result.map((element) =>
        toRawObject(element, {
          kind: "backlog",
          idPrefix: `${board.id}/`,
          enrichment: { __boardId: Number(board.id) },
          site: session.selfRewrite,
        }),
      );
      for (const page of toPages(issues, options)) yield { objects: page.objects, skipped: page.skipped };
    }
    gaps.throwIfAny();
  },
};

async function readBacklog(
  session: JiraSession,
  board: ListedBoard,
  { jql, fields, useSoftwareApi }: BacklogSelector,
  options: ReadOptions,
): Promise<readonly ScannedElement[]> {
  const mapped = options.fields === "all" || options.fields.length === 0 ? undefined : options.fields;
  const names = (fields ?? mapped)?.join(",");
  const request = { parameters: { boardId: board.id }, query: { jql, fields: names }, signal: options.signal };
  if (!useSoftwareApi) {
    return collectOffsets({
      client: session.client,
      path: "/rest/agile/1.0/board/{boardId}/backlog",
      request,
      model: "named",
      items: "issues",
      pageSize: PAGE_SIZE,
      what: "backlog issue",
    });
  }
  const pages = walkTokens({
    client: session.client,
    method: "GET",
    path: "/rest/software/1.0/board/{boardId}/backlog",
    request: { ...request, query: { ...request.query, maxResults: PAGE_SIZE } },
    items: "issues",
    members: ["id", "key"],
  });
  const issues = new Map<string, ScannedElement>();
  for await (const elements of pages) {
    for (const element of elements) {
      const { id } = element.members;
      if (id !== undefined) issues.set(id, element);
    }
  }
  return [...issues.values()];
}
