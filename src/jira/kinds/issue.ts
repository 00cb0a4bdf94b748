import type { JsonObject } from "../../model/json.ts";
import type { RawObject, RawObjectRef, RawPage } from "../../model/raw-object.ts";
import { idsClause, keysClause, restrictJql, updatedSinceClause } from "../../jql/compose-jql.ts";
import { bulkFetchIssues, ISSUES_PER_FETCH } from "../bulk-fetch-issues.ts";
import { completeChangelogs } from "../complete-changelogs.ts";
import { findUnlistedIssues } from "../find-unlisted-issues.ts";
import { Gaps } from "../incomplete-read-error.ts";
import { assertSeesProjects, type JiraSession } from "../jira-session.ts";
import type { Kind, ReadOptions } from "../kind.ts";
import { countIssues, listIssueIds, toIssueBatches, type IssueBatch } from "../list-issue-ids.ts";
import { mapInOrder } from "../map-in-order.ts";
import { unlessGone } from "../refused-issues.ts";
import { SelectorReader } from "../selector-reader.ts";
import { scanPage, type ScannedElement } from "../scan-elements.ts";
import { toRawObject } from "../to-raw-object.ts";

export const DEFAULT_ISSUE_JQL = "(statusCategory != Done) OR (created >= -1w) OR (updated >= -1w)";

export interface IssueSelector {
  readonly jql: string;
  /** Names as Jira takes them (`*all`, `summary`, `-comment`); undefined means what the mapping reads. */
  readonly fields: readonly string[] | undefined;
  readonly expand: readonly string[];
}

const PARALLEL_FETCHES = 8;

export const issueKind: Kind<IssueSelector> = {
  name: "issue",
  changes: {
    since: "jql",
    events: ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted"],
  },

  parseSelector: (selector) => parseIssueSelector("issue", selector),

  read: (session, selector, options) => readIssues(session, selector, options),

  readSince(session, selector, sinceMs, options) {
    return readIssues(session, { ...selector, jql: restrictJql(selector.jql, updatedSinceClause(sinceMs)) }, options);
  },

  async readOne(session, selector, id, { signal, fields }) {
    const isId = /^\d+$/.test(id);
    const body: JsonObject = {
      jql: restrictJql(selector.jql, isId ? idsClause([id]) : keysClause([id])),
      fields: toFields(selector, fields),
      maxResults: 1,
      ...(selector.expand.length > 0 && { expand: selector.expand.join(",") }),
      // The index may lag behind what made the caller ask.
      ...(isId && { reconcileIssues: [Number(id)] }),
    };
    const search = { body, signal, idempotent: true };
    const page = await unlessGone(id, () =>
      session.client.request("POST", "/rest/api/3/search/jql", search, (bytes) =>
        scanPage(bytes, ["issues"], ["id", "key"]),
      ),
    );
    const element = page?.elements[0];
    if (element === undefined) return undefined;
    const gaps = new Gaps("issue");
    const changelogs = await loadChangelogs(session, selector, [element], { signal, gaps });
    gaps.throwIfAny();
    const enrichment = changelogs.get(element.members["id"] ?? "");
    return toRawObject(element, { kind: "issue", site: session.selfRewrite, enrichment });
  },

  findUnlisted: (session, selector, ids, signal) => findUnlistedIssues(session, selector.jql, ids, signal),
};

export function parseIssueSelector(kind: string, selector: JsonObject, defaultJql = DEFAULT_ISSUE_JQL): IssueSelector {
  const reader = new SelectorReader(kind, selector);
  const jql = reader.jql("jql", defaultJql);
  const fields = reader.optionalString("fields");
  const expand = reader.optionalString("expand");
  reader.finish();
  return { jql, fields: fields === undefined ? undefined : splitNames(fields), expand: splitNames(expand ?? "") };
}

/** What to ask Jira for: the selector's own words, or else what the mapping reads. */
export function toFields(selector: IssueSelector, mapped: ReadOptions["fields"]): readonly string[] {
  if (selector.fields !== undefined) return selector.fields;
  if (mapped === "all") return ["*all"];
  return mapped.length > 0 ? mapped : ["key"];
}

function splitNames(text: string): readonly string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** Ids first, in pages of thousands, then bodies by the hundred: the only way in which reading can go in parallel. */
async function* readIssues(
  session: JiraSession,
  selector: IssueSelector,
  options: ReadOptions,
): AsyncGenerator<RawPage, void, undefined> {
  const gaps = new Gaps("issue");
  const fields = toFields(selector, options.fields);
  let expectedTotal: number | undefined;
  const counting = countIssues(session, selector.jql, options.signal).then(
    (count) => void (expectedTotal = count),
    () => undefined, // the read meets the same error, and reports it
  );
  let isEmpty = true;
  const read = async ({ wanted, others }: IssueBatch<RawObjectRef>, signal: AbortSignal): Promise<RawPage> => {
    const fetch = { session, fields, expand: selector.expand, signal, gaps };
    const elements = await bulkFetchIssues(
      fetch,
      wanted.map(({ id }) => id),
    );
    const changelogs = await loadChangelogs(session, selector, elements, { signal, gaps });
    const elementOf = new Map(elements.map((element) => [element.members["id"], element]));
    const toObject = ({ id, updated }: RawObjectRef): RawObject[] => {
      const element = elementOf.get(id);
      const options = { kind: "issue", updated, site: session.selfRewrite, enrichment: changelogs.get(id) };
      return element ? [toRawObject(element, options)] : [];
    };
    return { objects: wanted.flatMap(toObject), skipped: others };
  };
  const listed = listIssueIds(session, selector.jql, options.signal);
  const batches = toIssueBatches(listed, ISSUES_PER_FETCH, (ref) => !options.skip(ref));
  for await (const page of mapInOrder(batches, { concurrency: PARALLEL_FETCHES, signal: options.signal }, read)) {
    isEmpty = false;
    yield { ...page, ...(expectedTotal !== undefined && { expectedTotal }) };
  }
  await counting;
  if (isEmpty) await assertSeesProjects(session, options.signal);
  gaps.throwIfAny();
}

/** The whole changelogs of issues where they were asked for and Jira cut them. */
async function loadChangelogs(
  session: JiraSession,
  { expand }: IssueSelector,
  issues: readonly ScannedElement[],
  options: { readonly signal: AbortSignal; readonly gaps: Gaps },
): Promise<ReadonlyMap<string, JsonObject>> {
  return expand.includes("changelog") ? completeChangelogs(session, issues, options) : new Map();
}
