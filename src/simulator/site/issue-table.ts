import { firstIssueId, toPlainIssue, type Issue } from "./issue.ts";
import type { IssueGenerator } from "./issue-generator.ts";
import type { Numbering } from "./numbering.ts";
import type { SiteProject } from "./projects.ts";

export type IssueChanges = Partial<Omit<Issue, "n">>;

/** What search still believes about an issue until its index has caught up. */
interface StaleView {
  readonly issue: Issue | undefined;
  readonly untilMs: number;
}

/**
 * All issues: the generated ones as functions of their number, and over them what was edited, created and deleted.
 * Memory grows with the edits alone.
 */
export class IssueTable {
  readonly #generator: IssueGenerator;
  readonly #numbering: Numbering;
  readonly #projects: readonly SiteProject[];
  /** Edited and created issues; undefined stands for a deleted one. */
  readonly #edited = new Map<number, Issue | undefined>();
  /** Keys that the generator does not know, `project index:number` -> issue; also those a moved issue had before. */
  readonly #keys = new Map<string, number>();
  readonly #formerKeys = new Map<number, readonly string[]>();
  /** Parents that gained children by edits. */
  readonly #adopted = new Map<number, Set<number>>();
  readonly #lastNumbers: number[];
  readonly #stale = new Map<number, StaleView[]>();
  #end: number;
  /** Grows with every change, so that what was worked out from the issues knows when it is old. */
  revision = 0;

  constructor(generator: IssueGenerator, projects: readonly SiteProject[]) {
    this.#generator = generator;
    this.#numbering = generator.parts.numbering;
    this.#projects = projects;
    this.#end = this.#numbering.issues;
    this.#lastNumbers = projects.map((project) => this.#numbering.countOf(project.index));
  }

  /** One more than the greatest serial number in use. */
  get end(): number {
    return this.#end;
  }

  find(n: number): Issue | undefined {
    if (this.#edited.size > 0 && this.#edited.has(n)) return this.#edited.get(n);
    return n >= 0 && n < this.#numbering.issues && Number.isInteger(n) ? this.#generator.at(n) : undefined;
  }

  /** By id or by key, also one that the issue had before it moved. */
  findByIdOrKey(idOrKey: string): Issue | undefined {
    const n = this.serialOf(idOrKey);
    return n === undefined ? undefined : this.find(n);
  }

  /** The serial number behind an id or a key, whether or not the issue still exists. */
  serialOf(idOrKey: string): number | undefined {
    if (/^\d{1,15}$/.test(idOrKey)) return Number(idOrKey) - firstIssueId;
    const [, projectKey = "", number = ""] = /^([^\s-]+)-(\d{1,9})$/.exec(idOrKey) ?? [];
    const project = this.#projects.find((candidate) => candidate.key === projectKey.toUpperCase());
    if (project === undefined) return undefined;
    return this.#keys.get(`${project.index}:${Number(number)}`) ?? this.#numbering.find(project.index, Number(number));
  }

  formerKeysOf(n: number): readonly string[] {
    return this.#formerKeys.get(n) ?? [];
  }

  keyOf(issue: Issue): string {
    return `${this.#projects[issue.projectIndex]?.key}-${issue.number}`;
  }

  childrenOf(n: number): Issue[] {
    const generated = n < this.#numbering.issues ? this.#generator.childrenOf(n) : [];
    const adopted = this.#adopted.get(n);
    const candidates = adopted === undefined ? generated : [...new Set([...generated, ...adopted])];
    return candidates.flatMap((child) => {
      const issue = this.find(child);
      return issue?.parent === n ? [issue] : [];
    });
  }

  /** What search sees: for `lagMs` after a change, the issue as it was before. */
  indexed(n: number, nowMs: number): Issue | undefined {
    const views = this.#stale.get(n);
    if (views === undefined) return this.find(n);
    const current = views.filter((view) => view.untilMs > nowMs);
    if (current.length === 0) this.#stale.delete(n);
    return current.length === 0 ? this.find(n) : current[0]?.issue;
  }

  /** Whether some issue looks different to search than it is; such an answer must not be remembered. */
  hasStale(nowMs: number): boolean {
    for (const n of this.#stale.keys()) this.indexed(n, nowMs);
    return this.#stale.size > 0;
  }

  change(issue: Issue, changes: IssueChanges, indexedAtMs: number): Issue {
    const changed = { ...toPlainIssue(issue), ...changes };
    this.#put(issue.n, changed, indexedAtMs);
    return changed;
  }

  create(fields: Omit<Issue, "n" | "number">, indexedAtMs: number): Issue {
    const n = this.#end++;
    const created = { ...fields, n, number: this.#takeNumber(fields.projectIndex, n) };
    this.#put(n, created, indexedAtMs);
    return created;
  }

  /** Gives the issue a new key in another project; the old key goes on finding it. */
  move(issue: Issue, projectIndex: number, changes: IssueChanges, indexedAtMs: number): Issue {
    this.#keys.set(`${issue.projectIndex}:${issue.number}`, issue.n);
    this.#formerKeys.set(issue.n, [...this.formerKeysOf(issue.n), this.keyOf(issue)]);
    const number = this.#takeNumber(projectIndex, issue.n);
    return this.change(issue, { ...changes, projectIndex, number }, indexedAtMs);
  }

  delete(issue: Issue, indexedAtMs: number): void {
    this.#put(issue.n, undefined, indexedAtMs);
  }

  addProject(): void {
    this.#lastNumbers.push(0);
  }

  #takeNumber(projectIndex: number, n: number): number {
    const number = (this.#lastNumbers[projectIndex] ?? 0) + 1;
    this.#lastNumbers[projectIndex] = number;
    this.#keys.set(`${projectIndex}:${number}`, n);
    return number;
  }

  #put(n: number, issue: Issue | undefined, indexedAtMs: number): void {
    this.revision++;
    if (indexedAtMs > 0) {
      this.#stale.set(n, [...(this.#stale.get(n) ?? []), { issue: this.find(n), untilMs: indexedAtMs }]);
    }
    this.#edited.set(n, issue);
    if (issue?.parent !== undefined) {
      const adopted = this.#adopted.get(issue.parent) ?? new Set();
      this.#adopted.set(issue.parent, adopted.add(n));
    }
  }
}
