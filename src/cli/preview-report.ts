import { styleText } from "node:util";
import type { PreviewedChanges, SyncPreview } from "../sync/preview-resync.ts";
import { toProblems } from "./run-report.ts";
import { toTextTable } from "./text-table.ts";

/** What a resync would do, by kind and by blueprint, with a few samples. */
export function toPreviewReport({ run, changes, held }: SyncPreview): string {
  const kinds = toTextTable(
    ["kind", "listed", "unchanged", "mapped", "filtered", "create", "update", "fail", "vanished"],
    run.resources.map(({ kind, counts, status }) => [
      status === "completed" ? kind : `${kind} (${status})`,
      counts.listed,
      counts.unchanged,
      counts.mapped,
      counts.filtered,
      counts.created,
      counts.updated,
      counts.failed + counts.rejected,
      counts.vanished,
    ]),
  );
  const blueprints = [...changes].flatMap(([blueprint, change]) => toChangeLines(blueprint, change));
  const plans = held.map(({ kind, entities, known }) =>
    styleText("yellow", `would be held: the removal of ${entities} of ${known} entities of ${kind}`),
  );
  const head = styleText("green", "Dry run: nothing was written.");
  const none = changes.size === 0 && held.length === 0 ? ["Nothing would change."] : [];
  return [head, kinds, ...blueprints, ...plans, ...none, ...toProblems(run)].join("\n");
}

function toChangeLines(blueprint: string, { samples, ...counts }: PreviewedChanges): string[] {
  return (["created", "updated", "deleted"] as const)
    .filter((change) => counts[change] > 0)
    .map((change) => {
      const more = counts[change] > samples[change].length ? ", ..." : "";
      return `${blueprint}: ${counts[change]} would be ${change}: ${samples[change].join(", ")}${more}`;
    });
}
