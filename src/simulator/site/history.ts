import { createRandom } from "../random.ts";
import { toIssueId, type Issue } from "./issue.ts";
import type { IssueGenerator } from "./issue-generator.ts";
import { toWiki } from "./document.ts";
import { priorities, resolutions } from "./workflow.ts";
import type { SiteTables } from "./site-tables.ts";

/** One save of an issue: who changed what, when. */
export interface HistoryEntry {
  readonly id: string;
  readonly n: number;
  readonly authorIndex: number;
  readonly createdMs: number;
  readonly items: readonly HistoryItem[];
}

export interface HistoryItem {
  readonly field: string;
  readonly fieldtype: "jira" | "custom";
  /** Jira leaves it out for links and for what no field stands for. */
  readonly fieldId?: string;
  readonly from: string | null;
  readonly fromString: string | null;
  readonly to: string | null;
  readonly toString: string | null;
  /** Undocumented; beside the accounts of a user field. */
  readonly tmpFromAccountId?: string | null;
  readonly tmpToAccountId?: string | null;
}

const firstId = 100000;
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
    const items = this.#compare(before, after);
    return this.add(after.n, authorIndex, items);
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
    const first = this.#firstStatus(issue);
    const steps: HistoryItem[][] = [];
    if (issue.assigneeIndex !== undefined && createRandom(this.#site.options.seed)(n, 801) % 2 === 0) {
      steps.push([this.#userItem(undefined, issue.assigneeIndex)]);
    }
    if (first !== issue.statusIndex) {
      const resolution = this.#itemsOf("resolution", undefined, issue.resolutionIndex, (index) =>
        this.#nameOf(resolutions[index]),
      );
      steps.push([...resolution, ...this.#statusItems(first, issue.statusIndex)]);
    }
    return steps.map((items, place) => ({
      id: String(firstId + n * perIssue + place),
      n,
      authorIndex: issue.assigneeIndex ?? issue.reporterIndex,
      createdMs: place === steps.length - 1 ? issue.statusChangedMs : issue.createdMs,
      items,
    }));
  }

  #firstStatus(issue: Issue): number {
    return this.#site.projects[issue.projectIndex]?.workflow.statuses[0] ?? issue.statusIndex;
  }

  #compare(before: Issue, after: Issue): HistoryItem[] {
    const site = this.#site;
    const names = (ids: readonly string[], list: readonly { id: string; name: string }[]): string =>
      ids.map((id) => list.find((thing) => thing.id === id)?.name ?? id).join(", ");
    const project = site.projects[after.projectIndex];
    return [
      ...this.#textItems("summary", "summary", before.summary, after.summary),
      ...(before.description === after.description
        ? []
        : [
            toItem(
              "description",
              "description",
              [null, toWiki(before.description, site.prose)],
              [null, toWiki(after.description, site.prose)],
            ),
          ]),
      ...this.#statusItems(before.statusIndex, after.statusIndex),
      ...this.#itemsOf("resolution", before.resolutionIndex, after.resolutionIndex, (index) =>
        this.#nameOf(resolutions[index]),
      ),
      ...this.#itemsOf("priority", before.priorityIndex, after.priorityIndex, (index) =>
        this.#nameOf(priorities[index]),
      ),
      ...(before.assigneeIndex === after.assigneeIndex
        ? []
        : [this.#userItem(before.assigneeIndex, after.assigneeIndex)]),
      ...this.#textItems("labels", "labels", before.labels.join(" "), after.labels.join(" ")),
      ...this.#textItems(
        "Fix Version",
        "fixVersions",
        names(before.fixVersionIds, project?.versions ?? []),
        names(after.fixVersionIds, project?.versions ?? []),
      ),
      ...this.#textItems(
        "Component",
        "components",
        names(before.componentIds, project?.components ?? []),
        names(after.componentIds, project?.components ?? []),
      ),
      ...this.#textItems(
        "Sprint",
        "customfield_10020",
        before.sprintIds.join(", "),
        after.sprintIds.join(", "),
        "custom",
      ),
      ...this.#textItems(
        "Story Points",
        "customfield_10028",
        String(before.storyPoints ?? ""),
        String(after.storyPoints ?? ""),
        "custom",
      ),
      ...this.#textItems("duedate", "duedate", before.dueDate ?? "", after.dueDate ?? ""),
      ...this.#itemsOf("IssueParentAssociation", before.parent, after.parent, (n) => this.#issueName(n)),
      ...(before.projectIndex === after.projectIndex
        ? []
        : [
            toItem(
              "project",
              "project",
              this.#nameOf(site.projects[before.projectIndex]),
              this.#nameOf(site.projects[after.projectIndex]),
            ),
            toItem("Key", undefined, [null, site.issues.keyOf(before)], [null, site.issues.keyOf(after)]),
          ]),
    ];
  }

  #statusItems(from: number, to: number): HistoryItem[] {
    return this.#itemsOf("status", from, to, (index) => this.#nameOf(this.#site.workflows.statuses[index]));
  }

  #issueName(n: number): readonly [id: string, name: string] {
    const issue = this.#site.issues.find(n);
    return [toIssueId(n), issue === undefined ? "" : this.#site.issues.keyOf(issue)];
  }

  #nameOf(thing: { readonly id: string; readonly name: string } | undefined): readonly [id: string, name: string] {
    return [thing?.id ?? "", thing?.name ?? ""];
  }

  #itemsOf<T>(
    field: string,
    from: T | undefined,
    to: T | undefined,
    name: (value: T) => readonly [id: string, name: string],
  ): HistoryItem[] {
    if (from === to) return [];
    const toNamed = (value: T | undefined): Named => (value === undefined ? [null, null] : name(value));
    return [toItem(field, field, toNamed(from), toNamed(to))];
  }

  #textItems(
    field: string,
    fieldId: string,
    from: string,
    to: string,
    fieldtype: "jira" | "custom" = "jira",
  ): HistoryItem[] {
    return from === to ? [] : [{ ...toItem(field, fieldId, [null, from], [null, to]), fieldtype }];
  }

  #userItem(from: number | undefined, to: number | undefined): HistoryItem {
    const toNamed = (index: number | undefined): Named => {
      const user = index === undefined ? undefined : this.#site.people[index];
      return [user?.accountId ?? null, user?.displayName ?? null];
    };
    const [before, after] = [toNamed(from), toNamed(to)];
    return {
      ...toItem("assignee", "assignee", before, after),
      tmpFromAccountId: before[0],
      tmpToAccountId: after[0],
    };
  }
}

type Named = readonly [id: string | null, name: string | null];

function toItem(
  field: string,
  fieldId: string | undefined,
  [from, fromString]: Named,
  [to, toString]: Named,
): HistoryItem {
  return { field, fieldtype: "jira", ...(fieldId === undefined ? {} : { fieldId }), from, fromString, to, toString };
}
