import { EVERYTHING } from "../mapping.ts";
import { Findings, type ChaosRow } from "../row.ts";
import { withWorld } from "../world.ts";

/** Without this the other rows prove nothing: a first sync gives what the oracle says, and a second one writes nothing. */
export const undisturbed: ChaosRow = {
  name: "undisturbed",
  run: ({ seed, isQuick, plant }) =>
    withWorld(
      { seed, site: { projects: 6, users: 30, issues: isQuick ? 500 : 3000 }, resources: EVERYTHING, plant },
      async (world) => {
        const findings = new Findings();
        const first = await world.sync();
        findings.expect("first sync", first.status === "completed", `the run is ${first.status}`);
        findings.add("first sync", await world.compare());
        const before = await world.quayside.store.feed.lastSeq();
        await world.sync();
        const writes = (await world.quayside.store.feed.lastSeq()) - before;
        findings.expect("second sync", writes === 0, `${writes} changes although nothing changed`);
        findings.add("second sync", await world.compare());
        return { problems: findings.problems, figures: { entities: (await world.keys()).length } };
      },
    ),
};
