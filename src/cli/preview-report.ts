import { styleText } from "node:util";
import type { PreviewedChanges, SyncPreview } from "../sync/preview-resync.ts";
import { toKindTable, toProblems } from "./run-report.ts";

/** What a resync would do, by kind and by blueprint, with a few samples. */
export function toPreviewReport({ run, changes, held }: SyncPreview): string {
  const kinds = toKindTable(run, ["create", "update", "fail"]);
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
