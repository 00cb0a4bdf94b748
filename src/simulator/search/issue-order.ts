import { toFieldName } from "../../jql/jql-fields.ts";
import type { JqlOrderBy } from "../../jql/jql-query.ts";
import type { Issue } from "../site/issue.ts";
import type { Site } from "../site/site.ts";

/** A place in an order: what the issue sorted by, then its serial number. */
export type SortKey = readonly (string | number)[];

export interface IssueOrder {
  /** Whether the order is that of serial numbers, so that a search can walk instead of sort. */
  readonly isSerial: boolean;
  readonly isDescending: boolean;
  keyOf(issue: Issue): SortKey;
  compare(left: SortKey, right: SortKey): number;
}

type KeyPart = (issue: Issue, site: Site) => string | number;

/** Sorts behind every value. */
const last = "\uffff";

const parts: Readonly<Record<string, KeyPart>> = {
  assignee: (issue, site) =>
    issue.assigneeIndex === undefined ? last : (site.people[issue.assigneeIndex]?.displayName ?? last),
  created: (issue) => issue.createdMs,
  due: (issue) => issue.dueDate ?? last,
  issuetype: (issue) => issue.typeIndex,
  priority: (issue) => -issue.priorityIndex,
  project: (issue, site) => site.projects[issue.projectIndex]?.name ?? last,
  rank: (issue) => issue.n,
  reporter: (issue, site) => site.people[issue.reporterIndex]?.displayName ?? last,
  resolved: (issue) => issue.resolvedMs ?? Number.MAX_SAFE_INTEGER,
  status: (issue) => issue.statusIndex,
  summary: (issue) => issue.summary,
  updated: (issue) => issue.updatedMs,
};

/** Without ORDER BY the newest come first. A field that cannot be sorted by is passed over, as Jira does it. */
export function toIssueOrder(orderBy: JqlOrderBy | undefined, site: Site): IssueOrder {
  const sorts = (orderBy?.sorts ?? []).flatMap(({ field, direction }) => {
    const name = toFieldName(field);
    const isDescending = direction === "desc";
    if (name === "issuekey" && field.name.toLowerCase() !== "id") {
      return [
        { part: (issue: Issue) => site.projects[issue.projectIndex]?.key ?? last, isDescending },
        { part: (issue: Issue) => issue.number, isDescending },
      ];
    }
    const part = name === "issuekey" ? (issue: Issue) => issue.n : parts[name];
    return part === undefined ? [] : [{ part, isDescending }];
  });
  const first = (orderBy?.sorts ?? [])[0];
  const isSerial = sorts.length === 0 || ["created", "id"].includes(first?.field.name.toLowerCase() ?? "");
  const isDescending = sorts.length === 0 || sorts[0]?.isDescending === true;
  return {
    isSerial,
    isDescending,
    keyOf: (issue) => [...sorts.map(({ part }) => part(issue, site)), issue.n],
    compare: (left, right) => {
      for (let at = 0; at < left.length; at++) {
        const [one, other] = [left[at] ?? 0, right[at] ?? 0];
        if (one === other) continue;
        const isReversed = at < sorts.length ? sorts[at]?.isDescending === true : sorts.length === 0;
        return (one < other ? -1 : 1) * (isReversed ? -1 : 1);
      }
      return 0;
    },
  };
}
