import { NotFoundError } from "../../runtime/errors.ts";
import type { SiteBoard, SiteSprint } from "./boards.ts";
import type { SiteComponent, SiteProject, SiteVersion } from "./projects.ts";
import type { Site } from "./site.ts";

export type VersionDraft = Pick<SiteVersion, "name"> & Partial<Omit<SiteVersion, "id" | "projectIndex">>;
export type ComponentDraft = Pick<SiteComponent, "name"> & Partial<Omit<SiteComponent, "id" | "projectIndex">>;

/** What is above the issues: versions, components, boards and sprints. None of it moves the `updated` of an issue. */
export class PlanEdits {
  readonly #site: Site;
  readonly #lastIds = { versions: 9999, components: 9999 };

  constructor(site: Site) {
    this.#site = site;
  }

  createVersion(project: SiteProject, draft: VersionDraft, actorIndex = 0): SiteVersion {
    const version: SiteVersion = {
      description: "",
      isReleased: false,
      isArchived: false,
      startDate: undefined,
      releaseDate: undefined,
      ...draft,
      id: this.#nextId("versions"),
      projectIndex: project.index,
    };
    project.versions.push(version);
    this.#site.emit({ type: "jira:version_created", actorIndex, version });
    return version;
  }

  editVersion(version: SiteVersion, changes: Partial<VersionDraft>, actorIndex = 0): SiteVersion {
    const wasReleased = version.isReleased;
    Object.assign(version, changes);
    this.#site.namesRevision++;
    this.#site.emit({ type: "jira:version_updated", actorIndex, version });
    if (version.isReleased !== wasReleased) {
      this.#site.emit({ type: `jira:version_${version.isReleased ? "released" : "unreleased"}`, actorIndex, version });
    }
    return version;
  }

  /** Issues forget it. */
  deleteVersion(version: SiteVersion, actorIndex = 0): void {
    remove(this.#projectOf(version).versions, version);
    this.#site.namesRevision++;
    this.#site.emit({ type: "jira:version_deleted", actorIndex, version });
  }

  /** There are no events for components. */
  createComponent(project: SiteProject, draft: ComponentDraft): SiteComponent {
    const component: SiteComponent = {
      description: "",
      leadIndex: undefined,
      ...draft,
      id: this.#nextId("components"),
      projectIndex: project.index,
    };
    project.components.push(component);
    return component;
  }

  editComponent(component: SiteComponent, changes: Partial<ComponentDraft>): SiteComponent {
    Object.assign(component, changes);
    this.#site.namesRevision++;
    return component;
  }

  deleteComponent(component: SiteComponent): void {
    remove(this.#projectOf(component).components, component);
    this.#site.namesRevision++;
  }

  createBoard(project: SiteProject, draft: Pick<SiteBoard, "name" | "type">, actorIndex = 0): SiteBoard {
    const board = this.#site.boards.addBoard({
      ...draft,
      projectIndex: project.index,
      sprintIds: [],
      hasSprints: draft.type === "scrum",
    });
    this.#site.emit({ type: "board_created", actorIndex, board });
    return board;
  }

  renameBoard(board: SiteBoard, name: string, actorIndex = 0): void {
    board.name = name;
    this.#site.emit({ type: "board_updated", actorIndex, board });
  }

  /** Its sprints stay where other boards show them. */
  deleteBoard(board: SiteBoard, actorIndex = 0): void {
    this.#site.boards.boards.delete(board.id);
    this.#site.emit({ type: "board_deleted", actorIndex, board });
  }

  createSprint(
    draft: { boardId: number; name: string; goal?: string; startMs?: number; endMs?: number },
    actorIndex = 0,
  ): SiteSprint {
    const sprint = this.#site.boards.addSprint({
      name: draft.name,
      state: "future",
      startMs: draft.startMs,
      endMs: draft.endMs,
      completeMs: undefined,
      createdMs: this.#site.now(),
      goal: draft.goal ?? "",
      originBoardId: draft.boardId,
    });
    this.#site.emit({ type: "sprint_created", actorIndex, sprint });
    return sprint;
  }

  /** A change of state starts or closes the sprint. */
  editSprint(
    sprint: SiteSprint,
    changes: Partial<Pick<SiteSprint, "name" | "goal" | "state" | "startMs" | "endMs">>,
    actorIndex = 0,
  ): SiteSprint {
    const before = sprint.state;
    Object.assign(sprint, changes);
    if (sprint.state === "active" && before === "future") sprint.startMs ??= this.#site.now();
    if (sprint.state === "closed" && before === "active") sprint.completeMs = this.#site.now();
    this.#site.namesRevision++;
    const outcome = sprint.state === before ? "updated" : sprint.state === "active" ? "started" : "closed";
    this.#site.emit({ type: `sprint_${outcome}`, actorIndex, sprint });
    return sprint;
  }

  deleteSprint(sprint: SiteSprint, actorIndex = 0): void {
    const { boards } = this.#site;
    boards.sprints.delete(sprint.id);
    for (const board of boards.boards.values()) remove(board.sprintIds, sprint.id);
    this.#site.namesRevision++;
    this.#site.emit({ type: "sprint_deleted", actorIndex, sprint });
  }

  #projectOf({ projectIndex }: { readonly projectIndex: number }): SiteProject {
    const project = this.#site.projects[projectIndex];
    if (project === undefined) throw new NotFoundError(`The simulated site has no project ${projectIndex}`);
    return project;
  }

  /** Ids start at 10000, as those of generated things do, and are never given twice. */
  #nextId(list: "versions" | "components"): string {
    const ids = this.#site.projects.flatMap((project) => project[list].map(({ id }) => Number(id)));
    this.#lastIds[list] = Math.max(this.#lastIds[list], ...ids) + 1;
    return String(this.#lastIds[list]);
  }
}

function remove<T>(list: T[], item: T): void {
  const place = list.indexOf(item);
  if (place >= 0) list.splice(place, 1);
}
