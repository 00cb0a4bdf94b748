import type { Site } from "../../src/simulator/site/site.ts";
import { Random } from "../jq/random.ts";

/** What people do to a Jira, at random from a seed. */
export class Edits {
  readonly #site: Site;
  readonly #random: Random;

  constructor(site: Site, seed: number) {
    this.#site = site;
    this.#random = new Random(seed);
  }

  /** Mostly edits, and now and then an issue that comes, goes or moves, or a person with a new name. */
  mix(count: number): void {
    for (let edit = 0; edit < count; edit++) {
      const dice = this.#random.next();
      if (dice < 0.76) this.#site.drift(1);
      else if (dice < 0.84) this.deleteLeaves(1);
      else if (dice < 0.92) this.#site.createIssue({ project: this.#project(), summary: `Came ${edit}` });
      else if (dice < 0.98) this.move(1);
      else this.#site.renameUser(this.#random.pick(this.#site.people).accountId, `Renamed ${edit}`);
    }
  }

  /** Issues that have no children, so that exactly these go. */
  deleteLeaves(count: number): readonly string[] {
    const leaves = [...this.#site.liveIssues()].filter(({ n }) => this.#site.issues.childrenOf(n).length === 0);
    const keys = this.#random.some(leaves, count, count).map((issue) => this.#site.issues.keyOf(issue));
    for (const key of keys) this.#site.deleteIssue(key);
    return keys;
  }

  /** Each to another project; the keys before and after. */
  move(count: number): readonly { readonly from: string; readonly to: string }[] {
    const keys = this.#random.some([...this.#site.issueKeys()], count, count);
    return keys.flatMap((from) => {
      const isThere = [...this.#site.issueKeys()].includes(from); // it may have moved along with another
      const others = this.#site.projectKeys().filter((key) => key !== from.split("-")[0]);
      return isThere ? [{ from, to: this.#site.moveIssue(from, this.#random.pick(others)) }] : [];
    });
  }

  #project(): string {
    return this.#random.pick(this.#site.projectKeys());
  }
}

/** Moves issues to the first status of their workflow that is done, and so touches them. */
export function closeIssues(site: Site, keys: readonly string[]): void {
  for (const key of keys) {
    const statuses = site.projects[site.getIssue(key).projectIndex]?.workflow.statuses ?? [];
    const done = statuses.find((index) => site.workflows.statuses[index]?.category === "done");
    if (done !== undefined) site.editIssue(key, { statusIndex: done });
  }
}
