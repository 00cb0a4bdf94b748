import { idsClause, keysClause, restrictJql, updatedSinceClause } from "../../jql/compose-jql.ts";
import { toWalkJql } from "../compose-walk-jql.ts";
import { assertSeesProjects } from "../jira-session.ts";
import type { Kind } from "../kind.ts";
import { issueKind, parseIssueSelector, toFields, type IssueSelector } from "../kinds/issue.ts";
import { walkOffsets } from "../paging/offset-walk.ts";
import { unlessGone } from "../refused-issues.ts";
import { toPage } from "../to-page.ts";
import { toRawObject } from "../to-raw-object.ts";

const DEFAULT_JQL = "status != Done";
/** Administrators may have set a lower limit. */
const PAGE_SIZE = 500;

/** A Data Center still has the search with `startAt` and `total`, and sends bodies with it. */
export const serverIssueKind: Kind<IssueSelector> = {
  name: "issue",
  changes: issueKind.changes,

  parseSelector: (selector) => parseIssueSelector("issue", selector, DEFAULT_JQL),

  async *read(session, selector, options) {
    const { jql, expand } = selector;
    let isEmpty = true;
    const pages = walkOffsets({
      client: session.client,
      method: "POST",
      path: "/rest/api/2/search",
      request: {
        body: { jql: toWalkJql(jql), fields: toFields(selector, options.fields), ...(expand.length > 0 && { expand }) },
        signal: options.signal,
      },
      model: "named",
      items: "issues",
      pageSize: PAGE_SIZE,
      what: "issue",
    });
    for await (const { elements, total } of pages) {
      isEmpty = false;
      const objects = elements.map((element) => toRawObject(element, { kind: "issue" }));
      yield toPage(objects, options, total);
    }
    if (isEmpty) await assertSeesProjects(session, options.signal);
  },

  readSince(session, selector, sinceMs, options) {
    const jql = restrictJql(selector.jql, updatedSinceClause(sinceMs));
    return serverIssueKind.read(session, { ...selector, jql }, options);
  },

  async readOne(session, selector, id, { signal, fields }) {
    const jql = restrictJql(selector.jql, /^\d+$/.test(id) ? idsClause([id]) : keysClause([id]));
    const options = { signal, fields, skip: () => false };
    return unlessGone(id, async () => {
      for await (const page of serverIssueKind.read(session, { ...selector, jql }, options)) return page.objects[0];
      return undefined;
    });
  },
};
