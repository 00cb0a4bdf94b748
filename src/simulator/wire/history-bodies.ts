import type { HistoryEntry } from "../site/history.ts";
import type { Issue } from "../site/issue.ts";
import type { IssueRenderer } from "./issue-renderer.ts";
import { toJsonBytes } from "./utf8-bytes.ts";

/** Inside an issue the changelog is cut; the rest is at its own resource. */
const historiesInside = 40;

export function renderHistoryEntry(entry: HistoryEntry, { wire, fragments }: IssueRenderer): string {
  const author = fragments.user(entry.authorIndex);
  return (
    `{"id":"${entry.id}","author":${author},"created":"${wire.date(entry.createdMs)}",` +
    `"items":${toJsonBytes(entry.items)}}`
  );
}

/** The `changelog` of an expanded issue, newest first. */
export function renderChangelog(issue: Issue, renderer: IssueRenderer): string {
  const entries = renderer.wire.site.history.list(issue).toReversed();
  const shown = entries.slice(0, historiesInside);
  const histories = shown.map((entry) => renderHistoryEntry(entry, renderer)).join(",");
  return `{"startAt":0,"maxResults":${shown.length},"total":${entries.length},"histories":[${histories}]}`;
}
