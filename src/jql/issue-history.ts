import { isObject, parseInstant, toItem } from "./issue-value.ts";
import type { RawObject } from "./issue-value.ts";
import { EMPTY } from "./jql-value.ts";
import type { JqlChange, JqlFieldValue } from "./jql-value.ts";

/** The fields with one value whose history Jira can be asked for, and what they hold. */
const HISTORY_SHAPES: Readonly<Record<string, "named" | "user">> = {
  assignee: "user",
  priority: "named",
  reporter: "user",
  resolution: "named",
  status: "named",
};

/** The changes of a field, oldest first, from the `changelog` of an issue; undefined when it is absent or cut. */
export function readChanges(changelog: unknown, field: string): JqlChange[] | undefined {
  const shape = HISTORY_SHAPES[field];
  if (shape === undefined || !isObject(changelog) || !Array.isArray(changelog["histories"])) return undefined;
  const histories: readonly unknown[] = changelog["histories"];
  if (changelog["total"] !== histories.length) return undefined;
  return histories
    .filter(isObject)
    .flatMap((history) => toChanges(history, field, shape))
    .sort((left, right) => left.atMs - right.atMs);
}

function toChanges(history: RawObject, field: string, shape: "named" | "user"): JqlChange[] {
  const { created, items, author } = history;
  // An ISO text, or epoch milliseconds in bulk answers.
  const atMs = typeof created === "number" ? created : parseInstant(String(created));
  if (atMs === undefined || !Array.isArray(items)) return [];
  const user = isObject(author) ? toItem(author, "user") : undefined;
  return items
    .filter(isObject)
    .filter((item) => item["field"] === field)
    .map((item) => ({
      atMs,
      author: user?.type === "user" ? user : undefined,
      from: toValue(item["from"], item["fromString"], shape),
      to: toValue(item["to"], item["toString"], shape),
    }));
}

function toValue(id: unknown, name: unknown, shape: "named" | "user"): JqlFieldValue {
  if (typeof id !== "string" || id === "") return EMPTY;
  const label = typeof name === "string" ? name : undefined;
  return shape === "named"
    ? { type: "named", id, name: label }
    : { type: "user", accountId: id, username: id, displayName: label };
}
