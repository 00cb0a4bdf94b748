import { compareKeys } from "../content.ts";
import { Edits } from "../edits.ts";
import { ALL_ISSUES, PROJECTS, RELEASES, USERS } from "../mapping.ts";
import type { ChaosRow } from "../row.ts";
import { withWorld } from "../world.ts";

const ISSUES = 600;
const RESOURCES = [PROJECTS, USERS, RELEASES, ALL_ISSUES];

/** What is deleted in Jira goes, as long as it is not suspiciously much at once. */
export const believedDeletions: ChaosRow = {
  name: "deletes of 1, 10 and 19 % go through",
  run: ({ seed, findings, plant }) =>
    withWorld(
      { seed, site: { projects: 6, users: 30, issues: ISSUES }, resources: RESOURCES, plant },
      async (world) => {
        const edits = new Edits(world.jira.site, seed);
        await world.sync();
        let deleted = 0;
        for (const percent of [1, 10, 19]) {
          const count = Math.floor((world.jira.site.countIssues() * percent) / 100);
          deleted += edits.deleteLeaves(count).length;
          await world.sync();
          findings.add(`${percent} %`, await world.compare());
        }
        return { deleted };
      },
    ),
};

/** More than a fifth, and more than 20, wait for a person. */
export const heldDeletions: ChaosRow = {
  name: "a delete of 21 % is held",
  run: ({ seed, findings, plant }) =>
    withWorld(
      { seed, site: { projects: 6, users: 30, issues: ISSUES }, resources: RESOURCES, plant },
      async (world) => {
        await world.sync();
        const before = await world.keys();
        const count = Math.ceil((world.jira.site.countIssues() * 21) / 100);
        new Edits(world.jira.site, seed).deleteLeaves(count);
        for (const attempt of ["first", "second"]) {
          await world.sync();
          findings.add(`${attempt} sync`, compareKeys(await world.keys(), before));
        }
        return { deleted: count };
      },
    ),
};
