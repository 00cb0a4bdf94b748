import { Edits } from "../edits.ts";
import { ALL_ISSUES, PROJECTS, RELEASES, USERS } from "../mapping.ts";
import type { ChaosRow } from "../row.ts";
import { withWorld } from "../world.ts";

/** Issues get other keys, and with them other identifiers: one entity before, one after, and none of the old ones. */
export const keyMoves: ChaosRow = {
  name: "key moves",
  run: ({ seed, isQuick, findings, plant }) =>
    withWorld(
      {
        seed,
        site: { projects: 6, users: 30, issues: 500 },
        resources: [PROJECTS, USERS, RELEASES, ALL_ISSUES],
        plant,
      },
      async (world) => {
        const edits = new Edits(world.jira.site, seed);
        await world.sync();
        let moved = 0;
        for (let round = 1; round <= (isQuick ? 2 : 10); round++) {
          const moves = edits.move(50);
          moved += moves.length;
          // Some go back, and get a third key; some were edited on the way.
          for (const { from, to } of moves.slice(0, 10)) world.jira.site.moveIssue(to, from.split("-")[0] ?? "");
          for (const { to } of moves.slice(10, 20)) world.jira.site.editIssue(to, { summary: `Moved in ${round}` });
          await world.sync();
          findings.add(`round ${round}`, await world.compare());
        }
        return { moved };
      },
    ),
};
