import type { IssueTable } from "./issue-table.ts";

export interface IssueLink {
  readonly id: string;
  readonly typeIndex: number;
  /** Serial number of the issue that does it to the other: the one that blocks. */
  readonly source: number;
  readonly destination: number;
}

const firstId = 10000;
const every = 7;

/** Links between issues: every seventh generated issue blocks the one before it; the rest were made. */
export class IssueLinks {
  readonly #issues: IssueTable;
  readonly #generatedIssues: number;
  readonly #added = new Map<string, IssueLink>();
  readonly #removed = new Set<string>();
  #nextId: number;

  constructor(issues: IssueTable, generatedIssues: number) {
    this.#issues = issues;
    this.#generatedIssues = generatedIssues;
    this.#nextId = firstId + generatedIssues;
  }

  /** Links at one issue whose other end still exists. */
  list(n: number): IssueLink[] {
    const links = [this.#generate(n), this.#generate(n + 1)].filter((link) => link !== undefined);
    for (const link of this.#added.values()) if (link.source === n || link.destination === n) links.push(link);
    return links.filter((link) => this.#issues.find(link.source === n ? link.destination : link.source));
  }

  find(id: string): IssueLink | undefined {
    return this.#added.get(id) ?? this.#generate(Number(id) - firstId);
  }

  /** Making a link twice changes nothing. */
  add(typeIndex: number, source: number, destination: number): IssueLink | undefined {
    const isThere = this.list(source).some(
      (link) => link.typeIndex === typeIndex && link.source === source && link.destination === destination,
    );
    if (isThere) return undefined;
    const link = { id: String(this.#nextId++), typeIndex, source, destination };
    this.#added.set(link.id, link);
    return link;
  }

  remove(link: IssueLink): void {
    this.#added.delete(link.id);
    this.#removed.add(link.id);
  }

  #generate(source: number): IssueLink | undefined {
    if (!Number.isInteger(source) || source % every !== 0 || source <= 0 || source >= this.#generatedIssues)
      return undefined;
    const id = String(firstId + source);
    return this.#removed.has(id) ? undefined : { id, typeIndex: 0, source, destination: source - 1 };
  }
}
