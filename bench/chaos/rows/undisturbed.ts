import { EVERYTHING } from "../mapping.ts";
import type { ChaosRow } from "../row.ts";
import { withWorld } from "../world.ts";

/** Without this the other rows prove nothing: a first sync gives what the oracle says, and a second one writes nothing. */
export const undisturbed: ChaosRow = {
  name: "undisturbed",
  run: ({ seed, isQuick, findings, plant }) =>
    withWorld(
      { seed, site: { projects: 6, users: 30, issues: isQuick ? 500 : 3000 }, resources: EVERYTHING, plant },
      async (world) => {
        const first = await world.sync();
        findings.expect("first sync", first.status === "completed", `the run is ${first.status}`);
        findings.add("first sync", await world.compare());
        const before = await world.quayside.store.feed.lastSeq();
        await world.sync();
        const changes = await world.quayside.store.feed.listAfter(before, 1000);
        const written = changes.filter(({ subject }) => subject === "entity").map(({ identifier }) => identifier);
        findings.expect("second sync", written.length === 0, `${written.length} written anew, as ${written[0]}`);
        findings.add("second sync", await world.compare());
        return { entities: (await world.keys()).length };
      },
    ),
};
