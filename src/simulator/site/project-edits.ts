import { ConflictError } from "../../runtime/errors.ts";
import { createProject, type SiteProject } from "./projects.ts";
import type { Site } from "./site.ts";

export interface ProjectDraft {
  readonly key: string;
  readonly name: string;
  readonly isTeamManaged?: boolean;
  readonly leadIndex?: number;
}

/** What administrators do with projects. None of it moves the `updated` of an issue. */
export class ProjectEdits {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  create({ key, name, isTeamManaged = false, leadIndex = 0 }: ProjectDraft, actorIndex = 0): SiteProject {
    const { projects, workflows, options } = this.#site;
    if (projects.some((other) => other.key === key || other.name === name)) {
      throw new ConflictError(`The simulated site already has a project with the key "${key}" or the name "${name}"`);
    }
    const identity = { seed: options.seed, index: projects.length, key, name, isTeamManaged, isTranslated: false };
    const project = { ...createProject(identity, workflows), leadIndex };
    projects.push(project);
    this.#site.issues.addProject();
    this.#site.emit({ type: "project_created", actorIndex, project });
    return project;
  }

  rename(key: string, name: string, actorIndex = 0): void {
    const project = this.#site.getProject(key);
    project.name = name;
    this.#site.namesRevision++;
    this.#site.emit({ type: "project_updated", actorIndex, project });
  }

  /** Its issues leave every search; it is listed under `status=archived`. */
  archive(key: string, actorIndex = 0): void {
    this.#setState(key, "archived", "project_archived", actorIndex);
  }

  restore(key: string, actorIndex = 0): void {
    const wasDeleted = this.#site.getProject(key).state === "deleted";
    this.#setState(key, "live", wasDeleted ? "project_restored_deleted" : "project_restored_archived", actorIndex);
  }

  /** Into the recycle bin. No event tells of its issues. */
  delete(key: string, actorIndex = 0): void {
    this.#setState(key, "deleted", "project_soft_deleted", actorIndex);
  }

  /** Whether the caller may browse the project. Nothing tells of a change. */
  setBrowsable(key: string, isBrowsable: boolean): void {
    this.#site.getProject(key).isBrowsable = isBrowsable;
    this.#site.namesRevision++;
  }

  #setState(
    key: string,
    state: SiteProject["state"],
    type: "project_archived" | "project_restored_archived" | "project_restored_deleted" | "project_soft_deleted",
    actorIndex: number,
  ): void {
    const project = this.#site.getProject(key);
    project.state = state;
    this.#site.namesRevision++;
    this.#site.emit({ type, actorIndex, project });
  }
}
