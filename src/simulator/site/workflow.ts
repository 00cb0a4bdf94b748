import { must } from "../../runtime/errors.ts";
import { createRandom, toUuid } from "../random.ts";

export type StatusCategory = "new" | "indeterminate" | "done";

export interface SiteStatus {
  readonly index: number;
  readonly id: string;
  name: string;
  readonly category: StatusCategory;
  /** Statuses of a team-managed project belong to it alone; their names repeat from project to project. */
  readonly projectIndex: number | undefined;
}

export interface SiteIssueType {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly untranslatedName: string;
  readonly description: string;
  /** 1 is an epic, 0 a standard issue, -1 a subtask. */
  readonly hierarchyLevel: 1 | 0 | -1;
  readonly avatarId: number;
  readonly projectIndex: number | undefined;
  readonly entityId: string | undefined;
}

export interface NamedThing {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

export const statusCategories = {
  new: { id: 2, key: "new", colorName: "blue-gray", name: "To Do" },
  indeterminate: { id: 4, key: "indeterminate", colorName: "yellow", name: "In Progress" },
  done: { id: 3, key: "done", colorName: "green", name: "Done" },
} as const satisfies Record<StatusCategory, { id: number; key: StatusCategory; colorName: string; name: string }>;

export const priorities: readonly NamedThing[] = [
  { id: "1", name: "Highest", description: "This problem will block progress." },
  { id: "2", name: "High", description: "Serious problem that could block progress." },
  { id: "3", name: "Medium", description: "Has the potential to affect progress." },
  { id: "4", name: "Low", description: "Minor problem or easily worked around." },
  { id: "5", name: "Lowest", description: "Trivial problem with little or no impact on progress." },
];

export const resolutions: readonly NamedThing[] = [
  { id: "10000", name: "Done", description: "Work has been completed on this issue." },
  { id: "10001", name: "Won't Do", description: "This issue won't be actioned." },
  { id: "10002", name: "Duplicate", description: "The problem is a duplicate of an existing issue." },
];

export interface SiteLinkType {
  readonly id: string;
  readonly name: string;
  readonly inward: string;
  readonly outward: string;
}

export const linkTypes: readonly SiteLinkType[] = [
  { id: "10000", name: "Blocks", inward: "is blocked by", outward: "blocks" },
  { id: "10001", name: "Cloners", inward: "is cloned by", outward: "clones" },
  { id: "10002", name: "Duplicate", inward: "is duplicated by", outward: "duplicates" },
  { id: "10003", name: "Relates", inward: "relates to", outward: "relates to" },
];

type StatusSeed = readonly [id: string, name: string, category: StatusCategory];

const sharedStatuses: readonly StatusSeed[] = [
  ["10000", "To Do", "new"],
  ["1", "Open", "new"],
  ["3", "In Progress", "indeterminate"],
  ["10001", "In Review", "indeterminate"],
  ["10003", "Blocked", "indeterminate"],
  ["10002", "Done", "done"],
  ["6", "Closed", "done"],
];

const teamManagedStatuses: readonly (readonly [name: string, category: StatusCategory])[] = [
  ["To Do", "new"],
  ["In Progress", "indeterminate"],
  ["Done", "done"],
];

type TypeSeed = readonly [
  name: string,
  translated: string,
  hierarchyLevel: 1 | 0 | -1,
  avatarId: number,
  description: string,
];

const typeSeeds: readonly TypeSeed[] = [
  ["Epic", "长篇故事", 1, 10307, "A big user story that needs to be broken down."],
  ["Story", "故事", 0, 10315, "Functionality or a feature expressed as a user goal."],
  ["Task", "任务", 0, 10318, "Tasks track small, distinct pieces of work."],
  ["Bug", "缺陷", 0, 10303, "A problem which impairs or prevents the functions of the product."],
  ["Sub-task", "子任务", -1, 10316, "A small piece of work that is part of a larger task."],
];

export interface Workflow {
  readonly statuses: readonly number[];
  /** Of the statuses, those that mean done, and the others. */
  readonly doneStatuses: readonly number[];
  readonly openStatuses: readonly number[];
  /** Indexes of epic, story, task, bug and sub-task, in this order. */
  readonly types: readonly number[];
}

/** Statuses and issue types of the whole site: one shared set, and one of its own for each team-managed project. */
export class Workflows {
  readonly statuses: SiteStatus[] = [];
  readonly types: SiteIssueType[] = [];
  readonly shared: Workflow;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
    this.shared = this.#toWorkflow(
      sharedStatuses.map(([id, name, category]) => this.#addStatus({ id, name, category })),
      typeSeeds.map((_, place) => this.#addType(place, false, undefined)),
    );
  }

  /** Where the maker of the project speaks another language, the names of its types are translated. */
  addTeamManaged(projectIndex: number, isTranslated: boolean): Workflow {
    return this.#toWorkflow(
      teamManagedStatuses.map(([name, category], place) =>
        this.#addStatus({ id: String(10100 + projectIndex * 3 + place), name, category, projectIndex }),
      ),
      typeSeeds.map((_, place) => this.#addType(place, isTranslated, projectIndex)),
    );
  }

  #toWorkflow(statuses: readonly number[], types: readonly number[]): Workflow {
    const isDone = (index: number): boolean => this.statuses[index]?.category === "done";
    return {
      statuses,
      types,
      doneStatuses: statuses.filter(isDone),
      openStatuses: statuses.filter((index) => !isDone(index)),
    };
  }

  #addStatus(status: { id: string; name: string; category: StatusCategory; projectIndex?: number }): number {
    const index = this.statuses.length;
    this.statuses.push({ projectIndex: undefined, ...status, index });
    return index;
  }

  #addType(place: number, isTranslated: boolean, projectIndex: number | undefined): number {
    const index = this.types.length;
    const [name, translated, hierarchyLevel, avatarId, description] = must(
      typeSeeds[place],
      `there is an issue type ${place}`,
    );
    this.types.push({
      index,
      id: String(projectIndex === undefined ? 10000 + place : 10200 + projectIndex * 5 + place),
      name: isTranslated ? translated : name,
      untranslatedName: name,
      description,
      hierarchyLevel,
      avatarId,
      projectIndex,
      entityId: projectIndex === undefined ? undefined : toUuid(createRandom(this.#seed), index, 201),
    });
    return index;
  }
}
