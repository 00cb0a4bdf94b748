import { compareKeys } from "../content.ts";
import { OPEN_ISSUES, PROJECTS, RELEASES, URGENT_ISSUES, USERS } from "../mapping.ts";
import type { ChaosRow } from "../row.ts";
import { withWorld, type World } from "../world.ts";

const SITE = { projects: 3, users: 20, issues: 500 };
const RESOURCES = [PROJECTS, USERS, RELEASES, OPEN_ISSUES, URGENT_ISSUES];
/** Places in Jira's list of priorities. */
const HIGHEST = 0;
const LOW = 3;

/** Issues of which both resources, only the first, or only the second know. */
function listShared({ jira: { site } }: World): Readonly<Record<"both" | "open" | "urgent", readonly string[]>> {
  const keys = (isOpen: boolean, isUrgent: boolean): readonly string[] =>
    [...site.liveIssues()]
      .filter(({ statusIndex, priorityIndex, n }) => {
        const isDone = site.workflows.statuses[statusIndex]?.category === "done";
        const isAlone = site.issues.childrenOf(n).length === 0;
        return isAlone && isDone !== isOpen && (priorityIndex === HIGHEST) === isUrgent;
      })
      .map((issue) => site.issues.keyOf(issue));
  return { both: keys(true, true), open: keys(true, false), urgent: keys(false, true) };
}

/** Moves an issue to the first status of its workflow that is done, or is not. */
function setDone({ jira: { site } }: World, key: string, isDone: boolean): void {
  const { projectIndex } = site.getIssue(key);
  const statuses = site.projects[projectIndex]?.workflow.statuses ?? [];
  const statusIndex = statuses.find((index) => (site.workflows.statuses[index]?.category === "done") === isDone) ?? 0;
  site.editIssue(key, { statusIndex });
}

/** An entity that two resources write stays until both let go of it. */
export const sharedEntities: ChaosRow = {
  name: "two resources on one entity",
  run: ({ seed, findings, plant }) =>
    withWorld({ seed, site: SITE, resources: RESOURCES, plant }, async (world) => {
      await world.sync();
      findings.add("first sync", await world.compare());
      const { both } = listShared(world);
      const [first, second] = [both.slice(0, 8), both.slice(8, 16)];
      findings.expect("first sync", second.length > 0, "too few issues are open and urgent");
      const sync = async (step: string): Promise<void> => {
        await world.sync();
        // Only whether the entities are there: what they hold is the matter of the next row.
        const changed = new Set([...first, ...second].map((key) => `issue/${key}`));
        const expected = [...(await world.expect()).keys()].filter((key) => changed.has(key));
        findings.add(
          step,
          compareKeys(
            (await world.keys()).filter((key) => changed.has(key)),
            expected,
          ),
        );
      };
      for (const key of first) setDone(world, key, true);
      for (const key of second) world.jira.site.editIssue(key, { priorityIndex: LOW });
      await sync("one lets go");
      for (const key of first) world.jira.site.editIssue(key, { priorityIndex: LOW });
      for (const key of second) setDone(world, key, true);
      await sync("both let go");
      return { shared: both.length };
    }),
};

/** What a resource wrote on an entity goes with the resource's claim, and what the other one wrote stays. */
export const unMerge: ChaosRow = {
  name: "un-merge",
  run: ({ seed, findings, plant }) =>
    withWorld({ seed, site: SITE, resources: RESOURCES, plant }, async (world) => {
      await world.sync();
      const { both, open, urgent } = listShared(world);
      const changed = both.slice(0, 16);
      for (const [index, key] of changed.entries()) {
        if (index % 2 === 0) world.jira.site.editIssue(key, { priorityIndex: LOW });
        else setDone(world, key, true);
      }
      await world.sync();
      findings.add("one lets go", await world.compare());
      for (const key of open.slice(0, 8)) world.jira.site.editIssue(key, { priorityIndex: HIGHEST });
      for (const key of urgent.slice(0, 8)) setDone(world, key, false);
      await world.sync();
      findings.add("one joins in", await world.compare());
      return { shared: both.length };
    }),
};
