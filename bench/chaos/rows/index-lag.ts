import { compareKeys, type Content } from "../content.ts";
import { closeIssues, Edits } from "../edits.ts";
import { EVERYTHING, OPEN_ISSUES, PROJECTS, RELEASES, USERS } from "../mapping.ts";
import type { ChaosRow } from "../row.ts";
import { withWorld } from "../world.ts";

/** Longer than a round takes: what is changed in one is not found by any search of it. */
const LAG_MS = 3_600_000;
const CHANGED_SHARE = 0.1;

/**
 * Search shows issues as they were before a change, created ones not at all and deleted ones still, while they are read
 * by id as they are. What was there before and after never goes; what search has caught up with is there.
 */
export const indexLag: ChaosRow = {
  name: "search lags behind",
  run: ({ seed, isQuick, findings, plant }) =>
    withWorld(
      {
        seed,
        site: { projects: 6, users: 30, issues: isQuick ? 500 : 3000, indexLagMs: LAG_MS },
        resources: EVERYTHING,
        plant,
        hasProxy: true,
      },
      async (world) => {
        const { site } = world.jira;
        const edits = new Edits(site, seed);
        await world.sync();
        const rounds = isQuick ? 2 : 8;
        let changed = 0;
        for (let round = 1; round <= rounds; round++) {
          const before = await world.expect();
          // Of edits alone Jira tells; the other changes are found by reading everything.
          const isTold = round % 2 === 0;
          const change = (count: number): void => {
            changed += count;
            if (isTold) site.drift(count);
            else edits.mix(count);
          };
          const share = Math.ceil(site.countIssues() * CHANGED_SHARE);
          change(share);
          const pages = Math.ceil(site.countIssues() / 100);
          world.proxy.onRequest = (request) => {
            if (request.endsWith("/issue/bulkfetch")) change(Math.ceil(share / pages));
            return undefined;
          };
          await world.sync({ mode: isTold ? "chosen" : "verifying" });
          world.proxy.onRequest = () => undefined;
          const after = await world.expect();
          const keys = new Set(await world.keys());
          // A stub may go with the one that pointed at it, and come back with another that search does not show yet.
          const isWhole = (content?: Content): boolean => Object.keys(content?.properties ?? {}).length > 0;
          const stayed = [...before.keys()].filter((key) => isWhole(before.get(key)) && isWhole(after.get(key)));
          findings.add(
            `round ${round}, during`,
            compareKeys(
              stayed.filter((key) => keys.has(key)),
              stayed,
            ),
          );
          world.passTime(2 * LAG_MS);
          await world.sync({ mode: isTold ? "chosen" : "verifying" });
          findings.add(`round ${round}, after`, await world.compare());
        }
        return { rounds, changed };
      },
    ),
};

/**
 * Issues are closed, and opened again before search has heard of the first. Then it shows them closed for a while, and
 * a selection of open issues does not list them: none of them goes.
 */
export const passingState: ChaosRow = {
  name: "search shows what has passed",
  run: ({ seed, isQuick, findings, plant }) =>
    withWorld(
      {
        seed,
        site: { projects: 6, users: 30, issues: 500, indexLagMs: LAG_MS },
        resources: [PROJECTS, USERS, RELEASES, OPEN_ISSUES],
        plant,
      },
      async (world) => {
        const { site } = world.jira;
        await world.sync();
        const rounds = isQuick ? 1 : 4;
        let hidden = 0;
        for (let round = 1; round <= rounds; round++) {
          const open = [...site.liveIssues()].filter(
            ({ statusIndex }) => site.workflows.statuses[statusIndex]?.category !== "done",
          );
          const some = open.slice(round * 10, round * 10 + 15).map((issue) => ({
            key: site.issues.keyOf(issue),
            statusIndex: issue.statusIndex,
          }));
          closeIssues(
            site,
            some.map(({ key }) => key),
          );
          world.passTime(LAG_MS / 2);
          for (const { key, statusIndex } of some) site.editIssue(key, { statusIndex });
          world.passTime(LAG_MS * 0.75);
          hidden += some.length;
          for (const mode of ["trusting", "verifying"] as const) {
            const before = await world.keys();
            await world.sync({ mode });
            findings.add(`round ${round}, ${mode}`, compareKeys(await world.keys(), before));
          }
          world.passTime(2 * LAG_MS);
          await world.sync();
          findings.add(`round ${round}, after`, await world.compare());
        }
        return { rounds, hidden };
      },
    ),
};
