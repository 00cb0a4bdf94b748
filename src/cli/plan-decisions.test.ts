import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConflictError, NotFoundError, UpstreamError } from "../runtime/errors.ts";
import { forgetDecision, isOver, leaveDecision, listDecisions } from "./plan-decisions.ts";

test("a decision stays until it is forgotten; other files are none", () => {
  const folder = mkdtempSync(join(tmpdir(), "quayside-decisions-"));
  const decision = { plan: "4a7c-1", decision: "approve", by: "maria" } as const;
  expect(listDecisions(folder)).toEqual([]);
  leaveDecision(folder, decision);
  leaveDecision(folder, decision);
  writeFileSync(join(folder, "decisions", "notes.txt"), "");
  expect(listDecisions(folder)).toEqual([decision]);
  forgetDecision(folder, decision);
  forgetDecision(folder, decision);
  expect(listDecisions(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

test("a decision is over when its plan is gone or decided, not when the catalog does not answer", () => {
  const errors = [new NotFoundError("x"), new ConflictError("x"), new UpstreamError("x", { method: "GET", url: "x" })];
  expect(errors.map(isOver)).toEqual([true, true, false]);
});
