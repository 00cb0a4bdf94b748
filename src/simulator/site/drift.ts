import { createRandom, toFraction, type Random } from "../random.ts";
import type { Issue } from "./issue.ts";
import type { Site } from "./site.ts";
import { labels, things, verbs } from "./vocabulary.ts";

/** Edits as people make them, every other one a change of status. Which ones come depends on the seed alone. */
export class Drift {
  readonly #site: Site;
  readonly #random: Random;
  #edits = 0;

  constructor(site: Site) {
    this.#site = site;
    this.#random = createRandom(site.options.seed);
  }

  /** One edit; the key of the issue, or undefined when there is none to edit. */
  step(): string | undefined {
    const serial = this.#edits++;
    const issue = this.#pickIssue(this.#random(serial, 901));
    if (issue === undefined) return undefined;
    const key = this.#site.issues.keyOf(issue);
    const dice = this.#random(serial, 902);
    const pick = <T>(list: readonly T[], shift: number, fallback: T): T =>
      list[(dice >>> shift) % list.length] ?? fallback;
    const statuses = this.#site.projects[issue.projectIndex]?.workflow.statuses ?? [];
    switch (dice % 4) {
      case 0:
      case 1:
        this.#site.editIssue(key, { statusIndex: pick(statuses, 8, issue.statusIndex) });
        break;
      case 2:
        this.#site.editIssue(key, { assigneeIndex: (dice >>> 8) % this.#site.people.length });
        break;
      default:
        this.#site.editIssue(key, {
          summary: `${pick(verbs, 4, "Fix")} ${pick(things, 8, "error page")}`,
          labels: [pick(labels, 16, "docs")],
        });
    }
    return key;
  }

  /** A live issue, the newer the more likely: that is what people work on. */
  #pickIssue(random: number): Issue | undefined {
    const { end } = this.#site.issues;
    const start = end - 1 - Math.floor(end * toFraction(random) ** 2);
    for (let step = 0; step < end; step++) {
      const issue = this.#site.issues.find((start + end - step) % end);
      if (issue && this.#site.projects[issue.projectIndex]?.state === "live") return issue;
    }
    return undefined;
  }
}
