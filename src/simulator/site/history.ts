import { createRandom } from "../random.ts";
import { compareIssues, toHistoryItem, type HistoryItem } from "./compare-issues.ts";
import { toPlainIssue, type Issue } from "./issue.ts";
import type { IssueGenerator } from "./issue-generator.ts";
import type { SiteTables } from "./site-tables.ts";

/** One save of an issue: who changed what, when. */
export interface HistoryEntry {
  readonly id: string;
  /** Serial number of the issue. */
  readonly n: number;
  readonly authorIndex: number;
  readonly createdMs: number;
  readonly items: readonly HistoryItem[];
}

const firstId = 100000;
/** Generated entries of issue `n` have the ids from `firstId + n * perIssue` on. */
const perIssue = 4;

/** How issues came to be what they are: a generated past, and every edit since. */
export class History {
  readonly #site: SiteTables;
  readonly #generator: IssueGenerator;
  readonly #added = new Map<number, HistoryEntry[]>();
  #nextId: number;

  constructor(site: SiteTables, generator: IssueGenerator) {
    this.#site = site;
    this.#generator = generator;
    this.#nextId = firstId + generator.parts.numbering.issues * perIssue;
  }

  /** Oldest first. */
  list(issue: Issue): HistoryEntry[] {
    return [...this.#generate(issue.n), ...(this.#added.get(issue.n) ?? [])];
  }

  record(before: Issue, after: Issue, authorIndex: number): HistoryEntry {
    return this.add(after.n, authorIndex, compareIssues(before, after, this.#site));
  }

  add(n: number, authorIndex: number, items: readonly HistoryItem[]): HistoryEntry {
    const entry = this.describe(n, authorIndex, items);
    this.#added.set(n, [...(this.#added.get(n) ?? []), entry]);
    return entry;
  }

  /** An entry that is told of but not kept: that an issue was made is no part of its changelog. */
  describe(n: number, authorIndex: number, items: readonly HistoryItem[]): HistoryEntry {
    return { id: String(this.#nextId++), n, authorIndex, createdMs: this.#site.now(), items };
  }

  /** A generated issue that left its first status has one step behind it, and some were assigned on the way. */
  #generate(n: number): HistoryEntry[] {
    if (n >= this.#generator.parts.numbering.issues) return [];
    const issue = this.#generator.at(n);
    const statusIndex = this.#site.projects[issue.projectIndex]?.workflow.statuses[0] ?? issue.statusIndex;
    const start = { ...toPlainIssue(issue), statusIndex, resolutionIndex: undefined, assigneeIndex: undefined };
    const assigned = toHistoryItem("assignee", start, issue, this.#site);
    const moved = compareIssues(
      start,
      { ...start, statusIndex: issue.statusIndex, resolutionIndex: issue.resolutionIndex },
      this.#site,
    );
    const wasAssigned = issue.assigneeIndex !== undefined && createRandom(this.#site.options.seed)(n, 801) % 2 === 0;
    const steps = [...(wasAssigned ? [assigned] : []), ...(moved.length > 0 ? [moved] : [])];
    return steps.map((items, place) => ({
      id: String(firstId + n * perIssue + place),
      n,
      authorIndex: issue.assigneeIndex ?? issue.reporterIndex,
      createdMs: place === steps.length - 1 ? issue.statusChangedMs : issue.createdMs,
      items,
    }));
  }
}
