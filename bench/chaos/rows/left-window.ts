import { compareKeys } from "../content.ts";
import { closeIssues } from "../edits.ts";
import { EVERYTHING } from "../mapping.ts";
import type { ChaosRow } from "../row.ts";
import { withWorld } from "../world.ts";

const DAY_MS = 86_400_000;
const SITE = { projects: 6, users: 30, issues: 600 };

/**
 * The selection names a span of time (`updated >= -1w`), and issues leave it by nothing but time. They go as if they had
 * been deleted, what points at them stays whole by a stub, and one that is touched comes back.
 */
export const leftWindow: ChaosRow = {
  name: "issues leave a window of time",
  run: ({ seed, isQuick, findings, plant }) =>
    withWorld({ seed, site: SITE, resources: EVERYTHING, plant }, async (world) => {
      await world.sync();
      let left = 0;
      const rounds = isQuick ? 2 : 10;
      for (let round = 1; round <= rounds; round++) {
        const keys = [...world.jira.site.issueKeys()];
        closeIssues(world.jira.site, keys.slice(round * 20, round * 20 + 10));
        await world.sync({ mode: "chosen" });
        const before = await world.expect();
        world.passTime(2.6 * DAY_MS);
        await world.sync({ mode: "chosen" });
        findings.add(`round ${round}`, await world.compare());
        const after = await world.expect();
        left += [...before.keys()].filter((key) => !after.has(key)).length;
        // Some come back.
        for (const key of keys.slice(0, 5)) world.jira.site.editIssue(key, { summary: `Touched in ${round}` });
        await world.sync({ mode: "chosen" });
        findings.add(`round ${round}, touched`, await world.compare());
      }
      findings.expect("all rounds", left > 0, "no issue left the window");
      return { rounds, left };
    }),
};

/** More than a fifth at once wait for a person, as with anything that goes. */
export const leftWindowAtOnce: ChaosRow = {
  name: "too many leave a window of time at once",
  run: ({ seed, findings, plant }) =>
    withWorld({ seed, site: SITE, resources: EVERYTHING, plant }, async (world) => {
      const keys = [...world.jira.site.issueKeys()];
      closeIssues(world.jira.site, keys.slice(0, keys.length / 2));
      await world.sync();
      const before = await world.keys();
      world.passTime(8 * DAY_MS);
      for (const mode of ["chosen", "verifying"] as const) {
        await world.sync({ mode });
        findings.add(mode, compareKeys(await world.keys(), before));
      }
      return { entities: before.length };
    }),
};
