/** `npm run chaos` puts the sync through more than a test has time for; here it is seen to be able to pass and to fail. */
import { expect, test } from "vitest";
import { PLANTED_BUGS } from "../bench/chaos/planted-bugs.ts";
import { Findings } from "../bench/chaos/row.ts";
import { believedDeletions } from "../bench/chaos/rows/deletions.ts";

test("deletions up to a fifth go through, by an oracle that shares no code with the sync", async () => {
  const findings = new Findings({ stopsAtFirst: false });
  await believedDeletions.run({ seed: 1, isQuick: true, findings, plant: (seams) => seams });
  expect(findings.problems).toEqual([]);
});

const bugs = PLANTED_BUGS.filter(({ row }) => row === believedDeletions);
test.each(bugs.map((bug) => [bug.name, bug] as const))(
  "a sync that would %s is found out",
  async (_, { row, plant }) => {
    const findings = new Findings({ stopsAtFirst: true });
    await expect(row.run({ seed: 1, isQuick: true, findings, plant })).rejects.toThrow();
    expect(findings.problems).toHaveLength(1);
  },
);
