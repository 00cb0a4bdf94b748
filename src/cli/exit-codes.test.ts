import { expect, test } from "vitest";
import type { Run } from "../store/run-store.ts";
import type { PreviewedChanges } from "../sync/preview-resync.ts";
import { EXIT_CODES, toPreviewExitCode, toRunExitCode } from "./exit-codes.ts";

function toRun(change: Partial<Run>): Run {
  const counts = { attempt: 1, startedAtMs: 0, savedAtMs: 0, deleted: 0, stubs: 0, failureCount: 0, warningCount: 0 };
  const lists = { resources: [], failures: [] };
  return { id: "r", dataSource: "jira/test", trigger: "manual", status: "completed", ...counts, ...lists, ...change };
}

test.each([
  [{}, "ok"],
  [{ held: 1 }, "held"],
  [{ held: 1, failureCount: 1 }, "incomplete"],
  [{ status: "incomplete", held: 1 }, "incomplete"],
  [{ warningCount: 1 }, "ok"],
  [{ status: "aborted" }, "interrupted"],
] as const)("a run with %j ends as %s", (change, name) => {
  expect(toRunExitCode(toRun(change))).toBe(EXIT_CODES[name]);
});

test("a dry run says whether anything would change, unless there is something worse to say", () => {
  const change: PreviewedChanges = {
    created: 1,
    updated: 0,
    deleted: 0,
    samples: { created: ["A"], updated: [], deleted: [] },
  };
  const code = (run: Partial<Run>, changes: ReadonlyMap<string, PreviewedChanges>) =>
    toPreviewExitCode({ run: toRun(run), changes, held: [] });
  expect(code({}, new Map())).toBe(EXIT_CODES.ok);
  expect(code({}, new Map([["issue", change]]))).toBe(EXIT_CODES.changes);
  expect(code({ failureCount: 1 }, new Map([["issue", change]]))).toBe(EXIT_CODES.incomplete);
  // What is held from earlier runs is no news of this one.
  expect(code({ held: 1 }, new Map())).toBe(EXIT_CODES.ok);
});
