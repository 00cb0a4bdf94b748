import { Random } from "../../jq/random.ts";
import { Edits } from "../edits.ts";
import { ALL_ISSUES, PROJECTS, RELEASES, USERS } from "../mapping.ts";
import { Guillotine } from "../meddling.ts";
import { Findings, type ChaosRow } from "../row.ts";
import { withWorld } from "../world.ts";

const RESOURCES = [PROJECTS, USERS, RELEASES, ALL_ISSUES];
const QUICK_CRASHES = 5;

/** The product ends between two of its writes, at each of them in turn. The next sync makes it as if nothing had been. */
export const crash: ChaosRow = {
  name: "end between any two writes",
  run: ({ seed, isQuick, plant }) =>
    withWorld({ seed, site: { projects: 3, users: 20, issues: 300 }, resources: RESOURCES, plant }, async (world) => {
      const findings = new Findings();
      const edits = new Edits(world.jira.site, seed);
      await world.sync();
      edits.mix(30);
      const counter = new Guillotine(Number.POSITIVE_INFINITY, "before");
      await world.sync(counter);
      const steps = Array.from({ length: counter.steps }, (_, index) => index + 1);
      const chosen = isQuick ? new Random(seed).some(steps, QUICK_CRASHES, QUICK_CRASHES) : steps;
      for (const step of chosen) {
        for (const falls of ["before", "after"] as const) {
          edits.mix(30);
          await world.sync(new Guillotine(step, falls)).catch(() => undefined); // the process is gone
          await world.sync();
          findings.add(`${falls} write ${step}`, await world.compare());
        }
      }
      return { problems: findings.problems, figures: { crashes: chosen.length * 2, writes: counter.steps } };
    }),
};
