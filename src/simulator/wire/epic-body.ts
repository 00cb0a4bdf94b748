import { toIssueId, type Issue } from "../site/issue.ts";
import type { Wire } from "./wire.ts";

/** An epic as the agile API answers it: little, and with a number for an id. */
export function toEpicBody(wire: Wire, epic: Issue): object {
  const id = toIssueId(epic.n);
  return {
    id: Number(id),
    key: wire.site.issues.keyOf(epic),
    self: wire.agile(`/epic/${id}`),
    name: epic.summary,
    summary: epic.summary,
    color: { key: `color_${1 + (epic.n % 9)}` },
    issueColor: { key: "purple" },
    done: wire.site.workflows.statuses[epic.statusIndex]?.category === "done",
  };
}
