import { compareKeys } from "../content.ts";
import { Edits } from "../edits.ts";
import { EVERYTHING } from "../mapping.ts";
import type { ChaosRow } from "../row.ts";
import { withWorld } from "../world.ts";

const DRIFT = 0.1;

/** A tenth of the issues changes while they are read. What was there before and after never goes. */
export const drift: ChaosRow = {
  name: "drift of 10 % during the walk",
  run: ({ seed, isQuick, findings, plant }) =>
    withWorld(
      {
        seed,
        site: { projects: 6, users: 30, issues: isQuick ? 800 : 5000 },
        resources: EVERYTHING,
        plant,
        hasProxy: true,
      },
      async (world) => {
        const edits = new Edits(world.jira.site, seed);
        await world.sync();
        const rounds = isQuick ? 2 : 8;
        let changed = 0;
        for (let round = 1; round <= rounds; round++) {
          const before = await world.expect();
          const pages = Math.ceil(world.jira.site.countIssues() / 100);
          const share = Math.ceil((world.jira.site.countIssues() * DRIFT) / pages);
          world.proxy.onRequest = (request) => {
            if (!request.endsWith("/issue/bulkfetch")) return undefined;
            edits.mix(share);
            changed += share;
            return undefined;
          };
          await world.sync({ mode: round % 2 === 0 ? "trusting" : "verifying" });
          world.proxy.onRequest = () => undefined;
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
          await world.sync();
          findings.add(`round ${round}, after`, await world.compare());
        }
        return { rounds, changed };
      },
    ),
};
