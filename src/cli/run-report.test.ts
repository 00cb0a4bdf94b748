import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { ItemFailure, Run } from "../store/run-store.ts";
import { NO_COUNTS } from "../sync/run-recorder.ts";
import { toRunReport } from "./run-report.ts";

const failure = (level: ItemFailure["level"], object: string, field: string): ItemFailure => ({
  level,
  bucket: "b",
  object,
  code: "expression_failed",
  field,
  expression: ".a | keys",
  message: "null has no keys",
});

function toRun(change: Partial<Run>): Run {
  return {
    id: "r",
    dataSource: "jira/test",
    trigger: "manual",
    status: "completed",
    attempt: 1,
    startedAtMs: 1000,
    savedAtMs: 3500,
    endedAtMs: 3500,
    resources: [
      {
        bucket: "b",
        kind: "issue",
        index: 0,
        fingerprint: "f",
        status: "completed",
        counts: { ...NO_COUNTS, listed: 3, created: 2, failed: 1 },
      },
    ],
    deleted: 4,
    stubs: 0,
    failures: [],
    failureCount: 0,
    warningCount: 0,
    ...change,
  };
}

const report = (change: Partial<Run> = {}): string => stripVTControlCharacters(toRunReport(toRun(change)));

test("the first line says how it went, how long it took and what changed", () => {
  expect(report().split("\n")[0]).toBe("Resync completed in 2.5 s: 2 created, 0 updated, 4 deleted");
  expect(report({ stubs: 5 })).toContain("5 stubs for related entities outside of the selection");
});

test("a resource that could not be read is named with the reason", () => {
  const [resource] = toRun({}).resources;
  if (resource === undefined) throw new Error("there is one");
  const text = report({ status: "incomplete", resources: [{ ...resource, status: "failed", error: "planted" }] });
  expect(text).toContain("issue (failed)");
  expect(text).toContain("resource 0 (issue): planted");
});

test("removals that wait for a decision and projects that are hidden are told", () => {
  const viewer = { accountId: "me", projects: ["AB"], hidden: ["CD", "EF"] };
  expect(report({ held: 2, viewer })).toContain("2 removals wait for a decision: quayside plans");
  expect(report({ held: 2, viewer })).toContain("no longer seen, and not known as archived or deleted: CD, EF.");
  expect(report({ held: 0, viewer: { ...viewer, hidden: [] } })).not.toMatch(/wait|no longer/);
});

test("of failures the first of each sort is shown, errors and warnings apart, with field and expression", () => {
  const failures = [
    failure("warning", "A-1", "properties.x"),
    failure("error", "A-2", "identifier"),
    failure("error", "A-3", "identifier"),
  ];
  const text = report({ failures, failureCount: 2, warningCount: 1 });
  expect(text).toContain(
    "2 objects failed, for example:\n- A-2, identifier: null has no keys (in .a | keys)\n1 values",
  );
  expect(text).toContain("null, for example:\n- A-1, properties.x");
  expect(text).not.toContain("A-3");
});
