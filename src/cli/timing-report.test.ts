import { expect, test } from "vitest";
import { toTimingReport } from "./timing-report.ts";

const COUNTS = { evaluations: 2000, failures: 3, fallBacks: 0 };

test("expressions come with what they cost, each in one line", () => {
  const timings = [
    { ...COUNTS, source: ".fields\n  | keys", milliseconds: 12.34 },
    { ...COUNTS, source: ".key", evaluations: 0, milliseconds: 0 },
  ];
  expect(toTimingReport(timings)).toBe(
    [
      "expression      objects  failed  by real jq    ms  us each",
      "--------------  -------  ------  ----------  ----  -------",
      ".fields | keys    2,000       3           0  12.3     6.17",
      ".key                  0       3           0   0.0     0.00",
    ].join("\n"),
  );
});

test("long expressions and long lists are cut", () => {
  const timings = Array.from({ length: 40 }, () => ({ ...COUNTS, source: `.${"a".repeat(100)}`, milliseconds: 1 }));
  const lines = toTimingReport(timings).split("\n");
  expect(lines).toHaveLength(32);
  expect(lines[2]).toMatch(/^\.a{76}\.\.\. {2}/);
});
