import type { SiteSprint } from "../site/boards.ts";
import { toWiki } from "../site/document.ts";
import type { Description } from "../site/issue.ts";
import { priorities, resolutions, statusCategories, type StatusCategory } from "../site/workflow.ts";
import { toUserBody } from "./people-bodies.ts";
import { toComponentReference, toProjectReference, toVersionReference } from "./project-bodies.ts";
import { toSprintValue } from "./sprint-bodies.ts";
import { toJsonBytes } from "./utf8-bytes.ts";
import type { Wire } from "./wire.ts";
import {
  toIssueTypeBody,
  toPriorityBody,
  toResolutionBody,
  toStatusBody,
  toStatusCategoryBody,
} from "./workflow-bodies.ts";

/** What has a place in a list of the site. */
type Sort = "user" | "project" | "status" | "category" | "type" | "priority" | "resolution";

/** The parts that issues have in common, as bytes, each made once and again only after something was renamed. */
export class Fragments {
  readonly #wire: Wire;
  #byPlace = emptyPlaces();
  #byId = emptyIds();
  readonly #blocks: readonly string[];
  #revision = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
    this.#blocks = wire.site.prose.map(({ node, wiki }) =>
      wire.version === 3 ? toJsonBytes(node) : toJsonBytes(wiki).slice(1, -1),
    );
  }

  user(index: number): string {
    return this.#get(this.#fresh().#byPlace.user, index, () =>
      this.#bodyOf(this.#wire.site.people[index], (user) => toUserBody(this.#wire, user)),
    );
  }

  project(index: number): string {
    return this.#get(this.#fresh().#byPlace.project, index, () =>
      this.#bodyOf(this.#wire.site.projects[index], (project) => toProjectReference(this.#wire, project)),
    );
  }

  status(index: number): string {
    return this.#get(this.#fresh().#byPlace.status, index, () =>
      this.#bodyOf(this.#wire.site.workflows.statuses[index], (status) => toStatusBody(this.#wire, status)),
    );
  }

  statusCategory(category: StatusCategory): string {
    return this.#get(this.#fresh().#byPlace.category, statusCategories[category].id, () =>
      toStatusCategoryBody(this.#wire, category),
    );
  }

  issueType(index: number): string {
    return this.#get(this.#fresh().#byPlace.type, index, () =>
      this.#bodyOf(this.#wire.site.workflows.types[index], (type) => toIssueTypeBody(this.#wire, type)),
    );
  }

  priority(index: number): string {
    return this.#get(this.#fresh().#byPlace.priority, index, () =>
      this.#bodyOf(priorities[index], (one) => toPriorityBody(this.#wire, one)),
    );
  }

  resolution(index: number): string {
    return this.#get(this.#fresh().#byPlace.resolution, index, () =>
      this.#bodyOf(resolutions[index], (one) => toResolutionBody(this.#wire, one)),
    );
  }

  component(id: string): string {
    return this.#getById(this.#fresh().#byId.component, id, () => {
      const component = this.#wire.site.findComponent(id);
      return component && toComponentReference(this.#wire, component);
    });
  }

  version(id: string): string {
    return this.#getById(this.#fresh().#byId.version, id, () => {
      const version = this.#wire.site.findVersion(id);
      return version && toVersionReference(this.#wire, version);
    });
  }

  sprint(id: number): string {
    return this.#getById(this.#fresh().#byId.sprint, id, () => {
      const sprint = this.#wire.site.boards.sprints.get(id);
      return sprint && (this.#wire.isServer ? toServerSprint(sprint) : toSprintValue(sprint));
    });
  }

  /** A text of several paragraphs: a document in version 3, a string of wiki markup in version 2. */
  description(description: Description | undefined): string {
    if (description === undefined) return "null";
    const isDocument = this.#wire.version === 3;
    if (description.kind === "document") {
      return toJsonBytes(isDocument ? description.document : toWiki(description, this.#wire.site.prose));
    }
    const separator = isDocument ? "," : "\\n\\n";
    let content = "";
    for (const block of description.blocks) {
      content += content === "" ? (this.#blocks[block] ?? "") : separator + (this.#blocks[block] ?? "");
    }
    return isDocument ? `{"type":"doc","version":1,"content":[${content}]}` : `"${content}"`;
  }

  #bodyOf<T>(thing: T | undefined, toBody: (thing: T) => unknown): unknown {
    return thing === undefined ? null : toBody(thing);
  }

  #get(made: string[], index: number, make: () => unknown): string {
    return (made[index] ??= toJsonBytes(make()));
  }

  /** Empty for what is not there any more. */
  #getById<Id>(made: Map<Id, string>, id: Id, make: () => unknown): string {
    let bytes = made.get(id);
    if (bytes === undefined) {
      const body = make();
      made.set(id, (bytes = body === undefined ? "" : toJsonBytes(body)));
    }
    return bytes;
  }

  /** Itself, without what was made before the last renaming. */
  #fresh(): this {
    if (this.#revision !== this.#wire.site.namesRevision) {
      this.#revision = this.#wire.site.namesRevision;
      this.#byPlace = emptyPlaces();
      this.#byId = emptyIds();
    }
    return this;
  }
}

const emptyPlaces = (): Record<Sort, string[]> => ({
  user: [],
  project: [],
  status: [],
  category: [],
  type: [],
  priority: [],
  resolution: [],
});

const emptyIds = () => ({
  component: new Map<string, string>(),
  version: new Map<string, string>(),
  sprint: new Map<number, string>(),
});

/** Older Data Center versions print the object. */
function toServerSprint({ id, originBoardId, state, name, startMs, endMs, completeMs, goal }: SiteSprint): string {
  const date = (ms: number | undefined): string => (ms === undefined ? "<null>" : new Date(ms).toISOString());
  const fields = [
    `id=${id}`,
    `rapidViewId=${originBoardId}`,
    `state=${state.toUpperCase()}`,
    `name=${name}`,
    `startDate=${date(startMs)}`,
    `endDate=${date(endMs)}`,
    `completeDate=${date(completeMs)}`,
    `sequence=${id}`,
    `goal=${goal}`,
  ];
  return `com.atlassian.greenhopper.service.sprint.Sprint@${(0x1a2b3c + id).toString(16)}[${fields.join(",")}]`;
}
