import { Random } from "../../jq/random.ts";
import { Edits } from "../edits.ts";
import { ALL_ISSUES, PROJECTS, RELEASES, USERS } from "../mapping.ts";
import { Guillotine } from "../meddling.ts";
import type { ChaosRow } from "../row.ts";
import { withWorld } from "../world.ts";

const RESOURCES = [PROJECTS, USERS, RELEASES, ALL_ISSUES];
const QUICK_OTHERS = 4;

/** The product ends between two of its writes, at each of them in turn. The next sync makes it as if nothing had been. */
export const crash: ChaosRow = {
  name: "end between any two writes",
  run: ({ seed, isQuick, findings, plant }) =>
    withWorld({ seed, site: { projects: 3, users: 20, issues: 300 }, resources: RESOURCES, plant }, async (world) => {
      const edits = new Edits(world.jira.site, seed);
      await world.sync();
      edits.mix(30);
      const counter = new Guillotine(Number.POSITIVE_INFINITY, "before");
      await world.sync(counter);
      const points = counter.writes.flatMap((name, index) =>
        (["before", "after"] as const).map((falls) => ({ name, step: index + 1, falls })),
      );
      // Most can go wrong when a page was just remembered.
      const isRemembered = ({ name, falls }: (typeof points)[number]): boolean =>
        name === "recordPage" && falls === "after";
      const others = points.filter((point) => !isRemembered(point));
      const some = new Random(seed).some(others, QUICK_OTHERS, QUICK_OTHERS);
      const chosen = isQuick ? [...points.filter(isRemembered), ...some] : points;
      for (const { name, step, falls } of chosen) {
        edits.mix(30);
        await world.sync(new Guillotine(step, falls)).catch(() => undefined); // the process is gone
        await world.sync();
        findings.add(`${falls} write ${step} (${name})`, await world.compare());
      }
      return { crashes: chosen.length, writes: counter.writes.length };
    }),
};
