import { FastClock } from "../../../src/jira/fast-clock.fixture.ts";
import { Edits } from "../edits.ts";
import { EVERYTHING } from "../mapping.ts";
import type { ChaosRow } from "../row.ts";
import { withWorld } from "../world.ts";

const FAULT_RATE = 0.1;

/** A tenth of all requests goes wrong, in every way there is. Nothing is lost meanwhile, and nothing afterwards. */
export const faults: ChaosRow = {
  name: "faults at 10 %",
  run: ({ seed, isQuick, findings, plant }) =>
    withWorld(
      {
        seed,
        site: { projects: 12, users: 30, issues: isQuick ? 800 : 6000 },
        resources: EVERYTHING,
        plant,
        clock: new FastClock(),
        timeoutMs: 500,
      },
      async (world) => {
        const edits = new Edits(world.jira.site, seed);
        const rounds = isQuick ? 3 : 12;
        let completed = 0;
        for (let round = 1; round <= rounds; round++) {
          world.jira.faults.set({ rate: FAULT_RATE, retryAfterSeconds: 1 });
          const { status } = await world.sync();
          world.jira.faults.set({ rate: 0 });
          if (status === "completed") {
            completed++;
            findings.add(`round ${round}`, await world.compare());
          }
          edits.mix(world.jira.site.countIssues() / 10);
        }
        findings.expect("all rounds", completed > 0, "no run came to its end");
        await world.sync();
        findings.add("after the faults", await world.compare());
        return { rounds, completed, requests: world.jira.requests.total };
      },
    ),
};
