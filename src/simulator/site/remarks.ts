import { toFraction, type Random } from "../random.ts";
import type { Description, Issue } from "./issue.ts";
import { blockPoolSize } from "./prose.ts";

/** What people attach to an issue, in order of time: comments and worklogs. */
export interface Remark {
  readonly id: string;
  /** Serial number of the issue. */
  readonly n: number;
  readonly authorIndex: number;
  readonly body: Description | undefined;
  readonly createdMs: number;
  readonly updatedMs: number;
}

export type SiteComment = Remark;

export interface SiteWorklog extends Remark {
  readonly startedMs: number;
  readonly timeSpentSeconds: number;
}

const firstId = 10000;
/** Generated remarks of issue `n` have the ids from `firstId + n * perIssue` on. */
const perIssue = 4;

/** Remarks of one sort: those generated with the issue, and over them what was added, changed and removed. */
export class Remarks<T extends Remark> {
  readonly #generate: (n: number) => readonly T[];
  readonly #changed = new Map<number, readonly T[]>();
  readonly #owners = new Map<string, number>();
  readonly #generatedIssues: number;
  /** Writing an issue down asks several times for the same. */
  #last: { readonly n: number; readonly remarks: readonly T[] } | undefined;
  #nextId: number;
  /** When each removed one went; Jira tells so for worklogs. */
  readonly removed: { readonly id: string; readonly removedMs: number }[] = [];
  revision = 0;

  constructor(generate: (n: number) => readonly T[], generatedIssues: number) {
    this.#generate = generate;
    this.#generatedIssues = generatedIssues;
    this.#nextId = firstId + generatedIssues * perIssue;
  }

  list(n: number): readonly T[] {
    const changed = this.#changed.get(n);
    if (changed !== undefined) return changed;
    if (n >= this.#generatedIssues) return [];
    if (this.#last?.n !== n) this.#last = { n, remarks: this.#generate(n) };
    return this.#last.remarks;
  }

  find(id: string): T | undefined {
    const n = this.#owners.get(id) ?? Math.floor((Number(id) - firstId) / perIssue);
    return Number.isInteger(n) && n >= 0 ? this.list(n).find((remark) => remark.id === id) : undefined;
  }

  add(remark: Omit<T, "id">): T {
    const id = String(this.#nextId++);
    // Omit<T, "id"> and an id are T, which the compiler cannot see for a type parameter.
    const added = { ...remark, id } as unknown as T;
    this.#owners.set(id, added.n);
    this.#set(added.n, [...this.list(added.n), added]);
    return added;
  }

  replace(remark: T): void {
    this.#set(
      remark.n,
      this.list(remark.n).map((other) => (other.id === remark.id ? remark : other)),
    );
  }

  remove(remark: T, nowMs: number): void {
    this.removed.push({ id: remark.id, removedMs: nowMs });
    this.#set(
      remark.n,
      this.list(remark.n).filter((other) => other.id !== remark.id),
    );
  }

  #set(n: number, remarks: readonly T[]): void {
    this.revision++;
    this.#changed.set(n, remarks);
  }
}

/** What remarks are made from. */
export interface RemarkSource {
  readonly random: Random;
  readonly users: number;
}

export function generateComments(source: RemarkSource, issue: Issue): readonly SiteComment[] {
  const share = source.random(issue.n, 701) % 10;
  if (share < 6) return [];
  return Array.from({ length: share < 9 ? 1 : 3 }, (_, place) => generateRemark(source, issue, place, 702));
}

export function generateWorklogs(source: RemarkSource, issue: Issue): readonly SiteWorklog[] {
  const { random } = source;
  const share = random(issue.n, 703) % 10;
  if (share < 8) return [];
  return Array.from({ length: share - 7 }, (_, place) => {
    const remark = generateRemark(source, issue, place, 704);
    const dice = random(issue.n * perIssue + place, 705);
    return {
      ...remark,
      // Some people log time without a word.
      body: dice % 6 === 0 ? undefined : remark.body,
      startedMs: remark.createdMs - (dice % 8) * 3_600_000,
      timeSpentSeconds: (1 + (dice % 16)) * 900,
    };
  });
}

function generateRemark({ random, users }: RemarkSource, issue: Issue, place: number, about: number): Remark {
  const serial = issue.n * perIssue + place;
  const share = (place + toFraction(random(serial, about + 20))) / perIssue;
  const createdMs = Math.floor(issue.createdMs + (issue.updatedMs - issue.createdMs) * share);
  return {
    id: String(firstId + serial),
    n: issue.n,
    authorIndex: random(serial, about + 30) % users,
    body: { kind: "generated", blocks: [random(serial, about + 40) % blockPoolSize] },
    createdMs,
    updatedMs: createdMs,
  };
}
