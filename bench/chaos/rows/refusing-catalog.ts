import { compareKeys } from "../content.ts";
import { Edits } from "../edits.ts";
import { ALL_ISSUES, PROJECTS, RELEASES, USERS } from "../mapping.ts";
import type { Meddle } from "../quayside.ts";
import { withSession } from "../meddling.ts";
import type { ChaosRow } from "../row.ts";
import { withWorld } from "../world.ts";

const REFUSED_EVERY = 3;
const RESOURCES = [PROJECTS, USERS, RELEASES, ALL_ISSUES];

/** The catalog takes some pages and fails on others. Nothing goes because of that, and all of it comes later. */
export const refusingCatalog: ChaosRow = {
  name: "a catalog that fails",
  run: ({ seed, isQuick, findings, plant }) =>
    withWorld(
      { seed, site: { projects: 6, users: 30, issues: isQuick ? 500 : 1500 }, resources: RESOURCES, plant },
      async (world) => {
        const edits = new Edits(world.jira.site, seed);
        const rounds = isQuick ? 2 : 10;
        let pages = 0;
        let refused = 0;
        await world.sync();
        for (let round = 1; round <= rounds; round++) {
          const before = await world.expect();
          // Jira tells of edits alone, so after other changes the product is told to read everything.
          const isTold = round % 2 === 0;
          const changes = Math.ceil(world.jira.site.countIssues() / 10);
          if (isTold) edits.mix(changes);
          else world.jira.site.drift(changes);
          const meddle: Meddle = (seams) => ({
            ...seams,
            sink: withSession(seams.sink, (session) => ({
              ...session,
              putPage: (entities) => {
                if (++pages % REFUSED_EVERY !== 0) return session.putPage(entities);
                refused++;
                return Promise.reject(new Error("the catalog is busy"));
              },
            })),
          });
          await world.sync({ meddle });
          const after = await world.expect();
          const keys = new Set(await world.keys());
          const stayed = [...before.keys()].filter((key) => after.has(key));
          findings.add(
            `round ${round}, during`,
            compareKeys(
              stayed.filter((key) => keys.has(key)),
              stayed,
            ),
          );
          await world.sync({ mode: isTold ? "verifying" : "chosen" });
          findings.add(`round ${round}, after`, await world.compare());
        }
        findings.expect("all rounds", refused > 0, "the catalog refused nothing");
        return { rounds, refused };
      },
    ),
};
