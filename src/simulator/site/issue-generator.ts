import { must } from "../../runtime/errors.ts";
import { createRandom, toFraction, type Random } from "../random.ts";
import type { Boards } from "./boards.ts";
import type { Description, Issue } from "./issue.ts";
import type { Numbering } from "./numbering.ts";
import { blockPoolSize } from "./prose.ts";
import { toDay, type SiteProject } from "./projects.ts";
import { labels, places, things, verbs } from "./vocabulary.ts";
import type { Workflows } from "./workflow.ts";

const dayMs = 86_400_000;
const spanMs = 730 * dayMs;
/** Numbers of a project come in families: an epic, its issues, their subtasks. */
const familySize = 20;
/** Place of a subtask in its family -> place of its parent. */
const subtaskParents: Readonly<Record<number, number>> = { 15: 3, 16: 3, 17: 5, 18: 8 };
/** Places of those that may be children, by the place of the parent. */
const childPlaces: readonly (readonly number[])[] = Array.from({ length: familySize }, (_, parent) =>
  Array.from({ length: familySize }, (_, place) => place).filter(
    (place) => place !== parent && (parent === 0 || subtaskParents[place] === parent),
  ),
);
const points = [1, 2, 3, 5, 8, 13] as const;
const blockCounts = [0, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 10] as const;

const about = {
  created: 501,
  updated: 502,
  status: 503,
  done: 504,
  type: 505,
  priority: 506,
  assignee: 507,
  reporter: 508,
  parent: 509,
  summary: 510,
  description: 511,
  labels: 512,
  component: 513,
  version: 514,
  sprint: 515,
  points: 516,
  resolved: 517,
  due: 518,
  resolution: 519,
} as const;

export interface GeneratorParts {
  readonly seed: number;
  readonly originMs: number;
  readonly users: number;
  readonly numbering: Numbering;
  readonly projects: readonly SiteProject[];
  /** Versions and components of each project as they were at the start: later ones do not change generated issues. */
  readonly versionIds: readonly (readonly string[])[];
  readonly componentIds: readonly (readonly string[])[];
  readonly workflows: Workflows;
  readonly boards: Boards;
}

/**
 * Issue `n` as a function of the seed and `n`. Values are worked out when they are read: a search over a million
 * issues looks at one or two of them.
 */
export class IssueGenerator {
  readonly parts: GeneratorParts;
  readonly random: Random;

  constructor(parts: GeneratorParts) {
    this.parts = parts;
    this.random = createRandom(parts.seed);
  }

  at(n: number): Issue {
    return new GeneratedIssue(this, n);
  }

  /** Issues whose parent is `n`: subtasks of an issue, or issues of an epic. */
  childrenOf(n: number): number[] {
    const { numbering } = this.parts;
    const project = numbering.projectOf(n);
    const number = numbering.numberOf(n);
    const place = (number - 1) % familySize;
    const children: number[] = [];
    for (const childPlace of childPlaces[place] ?? []) {
      const child = numbering.find(project, number - place + childPlace);
      if (child !== undefined && this.at(child).parent === n) children.push(child);
    }
    return children;
  }
}

class GeneratedIssue implements Issue {
  readonly n: number;
  readonly #generator: IssueGenerator;
  #createdAt: number | undefined;
  #isDoneBy: boolean | undefined;

  constructor(generator: IssueGenerator, n: number) {
    this.#generator = generator;
    this.n = n;
  }

  #random(what: number): number {
    return this.#generator.random(this.n, what);
  }

  /** 0 for the newest issue, 1 for the oldest. */
  get #age(): number {
    const { issues } = this.#generator.parts.numbering;
    return (issues - 1 - this.n + toFraction(this.#random(about.created))) / issues;
  }

  get #project(): SiteProject {
    return must(this.#generator.parts.projects[this.projectIndex], "a generated issue lies in a generated project");
  }

  get #place(): number {
    return (this.number - 1) % familySize;
  }

  /** Of the generated issues, about every second one is done, the older the more likely. */
  get #isDone(): boolean {
    this.#isDoneBy ??= toFraction(this.#random(about.done)) < 0.1 + 0.65 * Math.sqrt(this.#age);
    return this.#isDoneBy;
  }

  /** Somebody who is no app. */
  #person(what: number): number {
    const index = this.#random(what) % this.#generator.parts.users;
    return index % 8 === 7 ? index - 1 : index;
  }

  get projectIndex(): number {
    return this.#generator.parts.numbering.projectOf(this.n);
  }

  get number(): number {
    return this.#generator.parts.numbering.numberOf(this.n);
  }

  get typeIndex(): number {
    const place = this.#place;
    const type = place === 0 ? 0 : place in subtaskParents ? 4 : 1 + (this.#random(about.type) % 3);
    return this.#project.workflow.types[type] ?? 0;
  }

  get statusIndex(): number {
    const { doneStatuses, openStatuses } = this.#project.workflow;
    const choices = this.#isDone ? doneStatuses : openStatuses;
    return choices[this.#random(about.status) % choices.length] ?? 0;
  }

  get priorityIndex(): number {
    return [2, 2, 2, 1, 3, 0, 4, 1][this.#random(about.priority) % 8] ?? 2;
  }

  get resolutionIndex(): number | undefined {
    return this.#isDone ? ([1, 2][this.#random(about.resolution) % 12] ?? 0) : undefined;
  }

  get assigneeIndex(): number | undefined {
    return this.#random(about.assignee) % 9 < 2 ? undefined : this.#person(about.assignee);
  }

  get reporterIndex(): number {
    return this.#person(about.reporter);
  }

  get creatorIndex(): number {
    return this.reporterIndex;
  }

  /** Grows with `n`, as the ids of Jira do. */
  get createdMs(): number {
    this.#createdAt ??= Math.floor(this.#generator.parts.originMs - spanMs * this.#age ** 1.3);
    return this.#createdAt;
  }

  get updatedMs(): number {
    const from = this.resolvedMs ?? this.createdMs;
    const share = toFraction(this.#random(about.updated)) ** (this.#isDone ? 6 : 0.7);
    return Math.floor(from + (this.#generator.parts.originMs - from) * share);
  }

  get statusChangedMs(): number {
    return this.resolvedMs ?? this.createdMs + Math.floor((this.updatedMs - this.createdMs) / 2);
  }

  get resolvedMs(): number | undefined {
    if (!this.#isDone) return undefined;
    const created = this.createdMs;
    return Math.floor(
      created + (this.#generator.parts.originMs - created) * toFraction(this.#random(about.resolved)) ** 2,
    );
  }

  get dueDate(): string | undefined {
    const random = this.#random(about.due);
    return random % 5 === 0 ? toDay(this.createdMs + (10 + (random % 90)) * dayMs) : undefined;
  }

  get parent(): number | undefined {
    const place = this.#place;
    const parentPlace = subtaskParents[place] ?? (place > 0 && this.#random(about.parent) % 10 < 7 ? 0 : undefined);
    if (parentPlace === undefined) return undefined;
    return this.#generator.parts.numbering.find(this.projectIndex, this.number - place + parentPlace);
  }

  get summary(): string {
    const random = this.#random(about.summary);
    const verb = verbs[random % verbs.length] ?? "";
    const thing = things[(random >>> 8) % things.length] ?? "";
    return `${verb} ${thing} ${places[(random >>> 16) % places.length] ?? ""}`;
  }

  get description(): Description | undefined {
    const random = this.#random(about.description);
    // One in forty is a long report, as the payloads of real sites show.
    const count = random % 40 === 7 ? 60 : (blockCounts[random % blockCounts.length] ?? 0);
    if (count === 0) return undefined;
    const blocks = Array.from(
      { length: count },
      (_, place) => this.#generator.random(this.n, about.description * 64 + place) % blockPoolSize,
    );
    return { kind: "generated", blocks };
  }

  get labels(): readonly string[] {
    const random = this.#random(about.labels);
    const first = labels[random % (labels.length * 2)];
    const second = labels[(random >>> 8) % (labels.length * 3)];
    return [...new Set([first, second].filter((label) => label !== undefined))];
  }

  get componentIds(): readonly string[] {
    const random = this.#random(about.component);
    const ids = this.#generator.parts.componentIds[this.projectIndex] ?? [];
    return random % 2 === 0 ? [] : ids.slice((random >>> 4) % ids.length).slice(0, 1);
  }

  get fixVersionIds(): readonly string[] {
    const random = this.#random(about.version);
    const ids = this.#generator.parts.versionIds[this.projectIndex] ?? [];
    return random % 3 !== 0 || ids.length === 0 ? [] : ids.slice((random >>> 4) % ids.length).slice(0, 1);
  }

  /** Those it was in before come first; Jira keeps them in the field. */
  get sprintIds(): readonly number[] {
    const sprints = this.#generator.parts.boards.sprintsOfProject[this.projectIndex] ?? [];
    if (sprints.length < 3 || this.#place === 0 || this.#place in subtaskParents) return [];
    const random = this.#random(about.sprint);
    const closed = sprints[random % (sprints.length - 2)] ?? 0;
    const active = sprints[sprints.length - 2] ?? 0;
    const future = sprints[sprints.length - 1] ?? 0;
    if (this.#isDone) return random % 5 === 0 ? [] : [closed];
    const fate = (random >>> 8) % 10;
    if (fate < 3) return fate === 0 ? [closed, active] : [active];
    return fate < 5 ? [future] : [];
  }

  get storyPoints(): number | undefined {
    const random = this.#random(about.points);
    if (this.#place === 0 || this.#place in subtaskParents) return undefined;
    return random % 3 === 0 ? points[(random >>> 4) % points.length] : undefined;
  }

  get watchCount(): number {
    return 1 + (this.#random(about.updated) % 3);
  }

  get voteCount(): number {
    return this.#random(about.updated) % 17 === 0 ? 2 : 0;
  }
}
