import { must } from "../../../src/runtime/errors.ts";
import { Random } from "../../jq/random.ts";
import { ALL_ISSUES, PROJECTS, RELEASES, USERS } from "../mapping.ts";
import type { ChaosRow } from "../row.ts";
import { withWorld } from "../world.ts";

/** Parents name their subtasks and subtasks their parents, some of them in a circle, and the family changes. */
export const cycles: ChaosRow = {
  name: "cycles",
  run: ({ seed, isQuick, findings, plant }) =>
    withWorld(
      {
        seed,
        site: { projects: 3, users: 20, issues: 500 },
        // The issues come before what they point at.
        resources: [ALL_ISSUES, RELEASES, USERS, PROJECTS],
        plant,
      },
      async (world) => {
        const random = new Random(seed);
        const { site } = world.jira;
        for (let round = 0; round <= (isQuick ? 2 : 10); round++) {
          await world.sync();
          findings.add(`round ${round}`, await world.compare());
          const issues = [...site.liveIssues()];
          for (let circle = 0; circle < 10; circle++) {
            const members = random.some(issues, 2, 4);
            for (const [index, member] of members.entries()) {
              const parent = must(members[(index + 1) % members.length], "a circle has no end");
              site.editIssue(site.issues.keyOf(member), { parent: parent.n });
            }
          }
        }
        return { entities: (await world.keys()).length };
      },
    ),
};
