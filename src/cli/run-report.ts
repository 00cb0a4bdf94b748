import { styleText } from "node:util";
import type { ItemFailure, Run } from "../store/run-store.ts";
import { toTextTable } from "./text-table.ts";

/** Failures shown at the end of a run, one per sort. */
const MAX_SHOWN = 5;

/** What a person wants to know at the end of a resync. */
export function toRunReport(run: Run): string {
  const seconds = ((run.endedAtMs ?? run.startedAtMs) - run.startedAtMs) / 1000;
  const head = `Resync ${run.status} in ${seconds.toFixed(1)} s: ${toChanges(run)}`;
  const color = run.status === "completed" && (run.held ?? 0) === 0 ? "green" : "yellow";
  const table = toKindTable(run, ["created", "updated", "failed"]);
  return [styleText(color, head), table, ...toProblems(run)].join("\n");
}

/** What became of the objects of each resource; `verbs` are the headings of what was written, or would be. */
export function toKindTable({ resources }: Run, verbs: readonly [string, string, string]): string {
  return toTextTable(
    ["kind", "listed", "unchanged", "mapped", "filtered", ...verbs, "vanished"],
    resources.map(({ kind, counts, status }) => [
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
}

function toChanges(run: Run): string {
  const sum = (name: "created" | "updated"): number =>
    run.resources.reduce((total, resource) => total + resource.counts[name], 0);
  const parts = [`${sum("created")} created`, `${sum("updated")} updated`, `${run.deleted} deleted`];
  if (run.stubs > 0) parts.push(`${run.stubs} stubs for related entities outside of the selection`);
  return parts.join(", ");
}

/** What went wrong, and what waits for a decision. */
export function toProblems(run: Run): string[] {
  const broken = run.resources.flatMap(({ kind, index, error }) =>
    error === undefined ? [] : [styleText("red", `resource ${index} (${kind}): ${error}`)],
  );
  const errors = `${run.failureCount} objects failed, for example:`;
  const warnings = `${run.warningCount} values could not be computed and are null, for example:`;
  const doubts = (run.doubts ?? []).map((doubt) => styleText("yellow", `mapping: ${doubt}`));
  return [
    ...broken,
    ...doubts,
    ...toHeld(run),
    ...toSamples(run, "error", errors),
    ...toSamples(run, "warning", warnings),
  ];
}

function toHeld({ held = 0, viewer }: Run): string[] {
  const plans = held === 1 ? "1 removal waits" : `${held} removals wait`;
  const hidden = viewer?.hidden ?? [];
  return [
    ...(held > 0 ? [styleText("yellow", `${plans} for a decision: quayside plans`)] : []),
    ...(hidden.length > 0
      ? [
          styleText(
            "yellow",
            `no longer seen, and not known as archived or deleted: ${hidden.join(", ")}. Nothing of theirs was removed`,
          ),
        ]
      : []),
  ];
}

function toSamples(run: Run, level: ItemFailure["level"], head: string): string[] {
  const failures = run.failures.filter((failure) => failure.level === level);
  if (failures.length === 0) return [];
  return [styleText("yellow", head), ...firstOfEachSort(failures).slice(0, MAX_SHOWN).map(toFailureLine)];
}

function firstOfEachSort(failures: readonly ItemFailure[]): readonly ItemFailure[] {
  const sorts = new Map(
    failures.toReversed().map((failure) => [`${failure.bucket} ${failure.code} ${failure.field}`, failure]),
  );
  return [...sorts.values()].toReversed();
}

function toFailureLine({ object, field, expression, message }: ItemFailure): string {
  const place = field === undefined ? "" : `, ${field}`;
  return `- ${object}${place}: ${message}${expression === undefined ? "" : ` (in ${expression})`}`;
}
