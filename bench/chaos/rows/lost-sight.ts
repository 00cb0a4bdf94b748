import { compareKeys } from "../content.ts";
import { ALL_ISSUES, PROJECTS, RELEASES, USERS } from "../mapping.ts";
import type { MeddledAnswer } from "../meddling-proxy.ts";
import type { ChaosRow } from "../row.ts";
import { withWorld, type World } from "../world.ts";

/** More than 20 of each kind, and no project so large that its loss alone would look like too much. */
const SITE = { projects: 24, users: 40, issues: 600 };
const RESOURCES = [PROJECTS, USERS, RELEASES, ALL_ISSUES];

interface SightCase {
  readonly name: string;
  lose(world: World): void;
  restore(world: World): void;
}

/** Jira shows less than there is. No entity goes, and when Jira shows it again everything is as it should be. */
function lostSight(name: string, cases: readonly SightCase[]): ChaosRow {
  return {
    name,
    run: ({ seed, findings, plant }) =>
      withWorld({ seed, site: SITE, resources: RESOURCES, plant, hasProxy: true }, async (world) => {
        await world.sync();
        for (const each of cases) {
          const before = await world.keys();
          each.lose(world);
          for (const mode of ["trusting", "verifying"] as const) {
            await world.sync({ mode }).catch(() => undefined); // refusing to run at all is an answer too
            findings.add(`${each.name}, ${mode}`, compareKeys(await world.keys(), before));
          }
          each.restore(world);
          await world.sync();
          findings.add(`${each.name}, restored`, await world.compare());
        }
        return { cases: cases.length, entities: (await world.keys()).length };
      }),
  };
}

function setBrowsable({ jira: { site } }: World, which: (index: number) => boolean, isBrowsable: boolean): void {
  for (const [index, { key }] of site.projects.entries()) {
    if (which(index)) site.projectEdits.setBrowsable(key, isBrowsable);
  }
}

export const oneProjectLost = lostSight(
  "permission lost on one project",
  [0, 11, 23].map((lost) => ({
    name: `project ${lost}`,
    lose: (world) => setBrowsable(world, (index) => index === lost, false),
    restore: (world) => setBrowsable(world, (index) => index === lost, true),
  })),
);

export const allProjectsLost = lostSight("permission lost on all projects", [
  {
    name: "all projects",
    lose: (world) => {
      setBrowsable(world, () => true, false);
      world.jira.site.deniedPermissions.add("BROWSE_PROJECTS");
    },
    restore: (world) => {
      setBrowsable(world, () => true, true);
      world.jira.site.deniedPermissions.clear();
    },
  },
]);

const LISTINGS: Readonly<Record<string, readonly [listing: RegExp, empty: unknown]>> = {
  project: [/\/project\/search$/, { values: [], isLast: true, total: 0, startAt: 0, maxResults: 100 }],
  user: [/\/users\/search$/, []],
  release: [/\/project\/[^/]+\/version$/, { values: [], isLast: true, total: 0, startAt: 0, maxResults: 500 }],
  issue: [/\/search\/jql$/, { issues: [], isLast: true }],
};

const FORBIDDEN: MeddledAnswer = { status: 403, body: { errorMessages: ["You are not allowed."], errors: {} } };

/** Something else is answered than Jira would, to all of these requests or to the last of `count`. */
function answering(name: string, requests: RegExp, answer: MeddledAnswer, count = 1): SightCase {
  return {
    name,
    lose: ({ proxy }) => {
      let asked = 0;
      proxy.onRequest = (request) => (requests.test(request) && ++asked >= count ? answer : undefined);
    },
    restore: ({ proxy }) => {
      proxy.onRequest = () => undefined;
    },
  };
}

export const emptyAnswer = lostSight(
  "an empty 200 for one kind",
  Object.entries(LISTINGS).map(([kind, [requests, body]]) => answering(kind, requests, { status: 200, body })),
);

export const forbiddenKind = lostSight("a 403 on one kind", [
  ...Object.entries(LISTINGS).map(([kind, [requests]]) => answering(kind, requests, FORBIDDEN)),
  // So few that nothing else than the refusal tells that they are not gone.
  answering("release, from the last project on", /\/project\/[^/]+\/version$/, FORBIDDEN, SITE.projects),
  answering("issue, from the last page on", /\/issue\/(bulkfetch|\d+)$/, FORBIDDEN, SITE.issues / 100),
]);
