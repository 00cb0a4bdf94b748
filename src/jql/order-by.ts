import { parseIssueKey } from "./issue-key.ts";
import { toFieldName } from "./jql-fields.ts";
import type { JqlOrderBy, JqlSort } from "./jql-query.ts";
import type { JqlContext, JqlFieldValue, JqlItem, JqlSubject } from "./jql-value.ts";

/** The fields that Jira sorts downwards when the query does not say. */
const DESCENDING_BY_DEFAULT: ReadonlySet<string> = new Set([
  "created",
  "lastviewed",
  "priority",
  "resolved",
  "statuscategorychangeddate",
  "updated",
  "votes",
  "watchers",
]);

type Compare<Value> = (left: Value, right: Value) => number;

/**
 * The order of a query as a function for `sort`. Values that are missing or cannot be compared come after all others,
 * and before them in descending order. Equal subjects stay in the order they had.
 */
export function compareByOrder(orderBy: JqlOrderBy, context: Pick<JqlContext, "rank"> = {}): Compare<JqlSubject> {
  const comparisons = orderBy.sorts.map((sort) => toComparison(sort, context));
  return (left, right) => {
    for (const compare of comparisons) {
      const order = compare(left, right);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function toComparison({ field, direction }: JqlSort, context: Pick<JqlContext, "rank">): Compare<JqlSubject> {
  const name = toFieldName(field);
  const isDescending = direction === undefined ? DESCENDING_BY_DEFAULT.has(name) : direction === "desc";
  const compareItems = createItemComparison((nameOrId) => context.rank?.(name, nameOrId));
  return (left, right) => {
    const order = compareFirst(toFirst(left.read(name)), toFirst(right.read(name)), compareItems);
    return isDescending ? -order : order;
  };
}

function toFirst(value: JqlFieldValue | undefined): JqlItem | undefined {
  const item = value?.type === "list" ? value.items[0] : value;
  return item === undefined || item.type === "empty" || item.type === "opaque" ? undefined : item;
}

function compareFirst(left: JqlItem | undefined, right: JqlItem | undefined, compare: Compare<JqlItem>): number {
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  return compare(left, right);
}

function createItemComparison(rank: (nameOrId: string) => number | undefined): Compare<JqlItem> {
  const rankOf = (item: JqlItem): number | undefined => {
    const name = item.type === "named" ? (item.id ?? item.name) : undefined;
    return name === undefined ? undefined : rank(name);
  };
  return (left, right) => {
    if (left.type === "issue" && right.type === "issue") return compareKeys(left.key ?? "", right.key ?? "");
    const leftNumber = toNumber(left) ?? rankOf(left);
    const rightNumber = toNumber(right) ?? rankOf(right);
    return leftNumber !== undefined && rightNumber !== undefined
      ? leftNumber - rightNumber
      : compareTexts(toText(left), toText(right));
  };
}

function compareKeys(left: string, right: string): number {
  const [leftKey, rightKey] = [parseIssueKey(left), parseIssueKey(right)];
  if (leftKey === undefined || rightKey === undefined) return compareTexts(left, right);
  return compareTexts(leftKey.project, rightKey.project) || leftKey.number - rightKey.number;
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function toNumber(item: JqlItem): number | undefined {
  if (item.type === "number") return item.value;
  if (item.type === "date") return item.epochMs;
  return item.type === "day" ? item.day : undefined;
}

function toText(item: JqlItem): string {
  switch (item.type) {
    case "named":
      return (item.name ?? item.key ?? item.id ?? "").toLowerCase();
    case "user":
      return (item.displayName ?? item.username ?? item.accountId ?? "").toLowerCase();
    case "issue":
      return item.key ?? "";
    case "label":
    case "text":
      return item.text.toLowerCase();
    case "number":
    case "date":
    case "day":
    case "opaque":
      return "";
  }
}
