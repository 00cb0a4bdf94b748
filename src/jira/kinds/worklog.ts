import type { RawObject, RawObjectRef, RawPage } from "../../model/raw-object.ts";
import { idsClause, restrictJql } from "../../jql/compose-jql.ts";
import { bulkFetchIssues, ISSUES_PER_FETCH } from "../bulk-fetch-issues.ts";
import { Gaps } from "../incomplete-read-error.ts";
import type { JiraSession } from "../jira-session.ts";
import type { Kind, ReadOptions } from "../kind.ts";
import { listIssueIds, toIssueBatches, type IssueBatch } from "../list-issue-ids.ts";
import { listWorklogs } from "../list-worklogs.ts";
import { mapInOrder } from "../map-in-order.ts";
import { walkChanges } from "../paging/change-walk.ts";
import { collectOffsets } from "../paging/offset-walk.ts";
import { listRefusedIssues } from "../refused-issues.ts";
import { scanElements, type ScannedElement } from "../scan-elements.ts";
import { SelectorReader } from "../selector-reader.ts";
import { toPage } from "../to-page.ts";
import { toRawObject } from "../to-raw-object.ts";

const DEFAULT_JQL = "updated >= -1w";
const PARALLEL_BATCHES = 4;
/** The oldest ones come first; Jira gives up to this many at a time. */
const WORKLOGS_PER_PAGE = 5000;
/** Ids in one JQL, so that it stays within what Jira parses. */
const IDS_PER_JQL = 500;

export interface WorklogSelector {
  /** Selects issues; their worklogs are read. */
  readonly jql: string;
  readonly startedAfter: number | undefined;
  readonly startedBefore: number | undefined;
  readonly expand: string | undefined;
}

/** The worklogs of the issues that a JQL selects, with `__issueKey`. */
export const worklogKind: Kind<WorklogSelector> = {
  name: "worklog",
  changes: { since: "feed", events: ["worklog_created", "worklog_updated", "worklog_deleted"] },

  parseSelector(selector) {
    const reader = new SelectorReader("worklog", selector);
    const jql = reader.jql("jql", DEFAULT_JQL);
    const parameters = reader.nested("apiQueryParams", (nested) => ({
      startedAfter: nested.optionalInteger("startedAfter"),
      startedBefore: nested.optionalInteger("startedBefore"),
      expand: nested.optionalString("expand"),
    }));
    reader.finish();
    return { jql, ...parameters };
  },

  async *read(session, selector, options) {
    const gaps = new Gaps("worklog");
    const batches = toIssueBatches(listIssueIds(session, selector.jql, options.signal), ISSUES_PER_FETCH);
    const limits = { concurrency: PARALLEL_BATCHES, signal: options.signal };
    const read = ({ wanted }: IssueBatch<RawObjectRef>, signal: AbortSignal): Promise<readonly RawObject[]> =>
      readOfIssues(session, wanted, { selector, signal, gaps });
    for await (const worklogs of mapInOrder(batches, limits, read)) {
      if (worklogs.length > 0) yield toPage(worklogs, options);
    }
    gaps.throwIfAny();
  },

  async *readSince(session, selector, sinceMs, options) {
    const gaps = new Gaps("worklog");
    const { signal } = options;
    for await (const ids of walkChanges(session.client, "/rest/api/3/worklog/updated", { sinceMs, signal })) {
      const worklogs = await listWorklogs(session, ids, { expand: selector.expand, signal, gaps });
      yield* toSelectedPage(session, worklogs, selector, options);
    }
    gaps.throwIfAny();
  },

  async readOne(session, selector, id, { signal }) {
    const gaps = new Gaps("worklog");
    const worklogs = await listWorklogs(session, [id], { expand: selector.expand, signal, gaps });
    gaps.throwIfAny();
    const options: ReadOptions = { signal, skip: () => false, fields: [] };
    for await (const page of toSelectedPage(session, worklogs, selector, options)) return page.objects[0];
    return undefined;
  },
};

/**
 * An issue carries its first twenty worklogs, so a hundred issues take one request; only those with more, or with
 * something to expand, are asked singly.
 */
async function readOfIssues(
  session: JiraSession,
  refs: readonly RawObjectRef[],
  { selector, signal, gaps }: { selector: WorklogSelector; signal: AbortSignal; gaps: Gaps },
): Promise<readonly RawObject[]> {
  const fetch = { session, fields: ["worklog"], expand: [], signal, gaps };
  const ids = refs.map(({ id }) => id);
  const issues = await bulkFetchIssues(fetch, ids);
  const all = await Promise.all(
    issues.map(async (issue) => {
      const { id = "", key = "" } = issue.members;
      const { elements, facts } = scanElements(issue.bytes, ["fields", "worklog", "worklogs"], MEMBERS);
      const isWhole = elements !== undefined && elements.length === facts["total"];
      const needsMore = !isWhole || (elements.length > 0 && selector.expand !== undefined);
      try {
        const worklogs = needsMore ? await readOfIssue(session, id, selector, signal) : elements;
        return worklogs.filter((worklog) => isInPeriod(worklog, selector)).map((each) => toWorklog(session, each, key));
      } catch (error) {
        gaps.add(`the worklogs of issue ${key}`, error);
        return [];
      }
    }),
  );
  return all.flat();
}

function readOfIssue(
  session: JiraSession,
  issueId: string,
  { startedAfter, startedBefore, expand }: WorklogSelector,
  signal: AbortSignal,
): Promise<readonly ScannedElement[]> {
  return collectOffsets({
    client: session.client,
    path: "/rest/api/3/issue/{issueId}/worklog",
    request: { parameters: { issueId }, query: { startedAfter, startedBefore, expand }, signal },
    model: "named",
    items: "worklogs",
    pageSize: WORKLOGS_PER_PAGE,
    members: MEMBERS,
    what: "worklog",
  });
}

/** Those of the worklogs whose issue the selector's JQL selects, and which lie in its period. */
async function* toSelectedPage(
  session: JiraSession,
  worklogs: readonly ScannedElement[],
  selector: WorklogSelector,
  options: ReadOptions,
): AsyncGenerator<RawPage, void, undefined> {
  const issueIds = [...new Set(worklogs.flatMap(({ members: { issueId } }) => issueId ?? []))];
  const keys = new Map<string, string>();
  for (let start = 0; start < issueIds.length; start += IDS_PER_JQL) {
    const refs = await listSelected(session, selector, issueIds.slice(start, start + IDS_PER_JQL), options.signal);
    for (const { id, key = "" } of refs) keys.set(id, key);
  }
  const selected = worklogs.flatMap((worklog) => {
    const key = keys.get(worklog.members["issueId"] ?? "");
    return key !== undefined && isInPeriod(worklog, selector) ? [toWorklog(session, worklog, key)] : [];
  });
  if (selected.length > 0) yield toPage(selected, options);
}

/** Those of the issues that the selector's JQL selects. Ones that are gone by now may spoil a query: it is asked without them. */
async function listSelected(
  session: JiraSession,
  selector: WorklogSelector,
  issueIds: readonly string[],
  signal: AbortSignal,
): Promise<readonly RawObjectRef[]> {
  if (issueIds.length === 0) return [];
  const jql = restrictJql(selector.jql, idsClause(issueIds));
  const selected: RawObjectRef[] = [];
  try {
    for await (const refs of listIssueIds(session, jql, signal)) selected.push(...refs);
    return selected;
  } catch (error) {
    const refused = new Set(listRefusedIssues(error));
    const others = issueIds.filter((id) => !refused.has(id));
    if (others.length === issueIds.length) throw error;
    return listSelected(session, selector, others, signal);
  }
}

const MEMBERS = ["id", "issueId", "started"] as const;

function isInPeriod({ members }: ScannedElement, { startedAfter, startedBefore }: WorklogSelector): boolean {
  if (startedAfter === undefined && startedBefore === undefined) return true;
  const startedMs = Date.parse(members["started"] ?? "");
  return startedMs >= (startedAfter ?? -Infinity) && startedMs <= (startedBefore ?? Infinity);
}

function toWorklog(session: JiraSession, element: ScannedElement, issueKey: string): RawObject {
  const enrichment = { __issueKey: issueKey };
  return toRawObject(element, { kind: "worklog", enrichment, site: session.selfRewrite });
}
