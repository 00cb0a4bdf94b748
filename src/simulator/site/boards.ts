import { createRandom } from "../random.ts";
import { toDay, type SiteProject } from "./projects.ts";

export interface SiteBoard {
  readonly id: number;
  name: string;
  readonly type: "scrum" | "kanban" | "simple";
  readonly projectIndex: number;
  /** Sprints it shows; some of them were made on another board of the project. */
  readonly sprintIds: number[];
  readonly hasSprints: boolean;
}

export interface SiteSprint {
  readonly id: number;
  name: string;
  state: "closed" | "active" | "future";
  startMs: number | undefined;
  endMs: number | undefined;
  completeMs: number | undefined;
  readonly createdMs: number;
  goal: string;
  readonly originBoardId: number;
}

const dayMs = 86_400_000;
const sprintDays = 14;

export class Boards {
  readonly boards = new Map<number, SiteBoard>();
  readonly sprints = new Map<number, SiteSprint>();
  /** Sprints of each project's first board, oldest first: where its issues lie. */
  readonly sprintsOfProject: readonly number[][];
  readonly #sprintsPerBoard: number;
  readonly #originMs: number;
  readonly #seed: number;

  constructor(
    sizes: { seed: number; boards: number; sprintsPerBoard: number; originMs: number },
    projects: SiteProject[],
  ) {
    this.#seed = sizes.seed;
    this.#sprintsPerBoard = sizes.sprintsPerBoard;
    this.#originMs = sizes.originMs;
    this.sprintsOfProject = projects.map(() => []);
    for (let place = 0; place < sizes.boards && projects.length > 0; place++) this.#addGenerated(place, projects);
  }

  /**
   * First one board per project, with sprints of its own; then a kanban board for each; then scrum boards that show
   * the first board's newest sprints beside their own.
   */
  #addGenerated(place: number, projects: SiteProject[]): void {
    const project = projects[place % projects.length];
    if (project === undefined) return;
    const round = Math.floor(place / projects.length);
    const isSimple = round === 0 && project.style === "next-gen";
    const type = isSimple ? "simple" : round % 3 === 1 ? "kanban" : "scrum";
    const hasSprints = type === "scrum" || (isSimple && project.index % 4 === 1);
    const id = place + 1;
    const own = hasSprints ? this.#generateSprints(id, project) : [];
    const first = this.sprintsOfProject[project.index] ?? [];
    const shown = round === 0 || !hasSprints ? own : [...first.slice(-3), ...own];
    if (round === 0) first.push(...own);
    this.boards.set(id, {
      id,
      name: `${project.key} ${type === "kanban" ? "kanban" : "board"}${round > 1 ? ` ${round}` : ""}`,
      type,
      projectIndex: project.index,
      sprintIds: shown,
      hasSprints,
    });
  }

  /** The last but one is active, the last lies in the future, the others are closed. */
  #generateSprints(boardId: number, project: SiteProject): number[] {
    const count = this.#sprintsPerBoard;
    return Array.from({ length: count }, (_, place) => {
      const id = this.sprints.size + 1;
      const state = place === count - 1 ? "future" : place === count - 2 ? "active" : "closed";
      const startMs = this.#originMs + (place - count + 2) * sprintDays * dayMs - 5 * dayMs + 26_478_262;
      const endMs = startMs + sprintDays * dayMs;
      this.sprints.set(id, {
        id,
        name: `${project.key} Sprint ${place + 1}${boardId > 1 && place === 0 ? " – größer" : ""}`,
        state,
        startMs: state === "future" ? undefined : startMs,
        endMs: state === "future" ? undefined : endMs,
        completeMs: state === "closed" ? endMs + (createRandom(this.#seed)(id, 401) % dayMs) : undefined,
        createdMs: startMs - 20 * dayMs,
        goal: id % 3 === 0 ? `Ship what was promised for ${toDay(endMs)}` : "",
        originBoardId: boardId,
      });
      return id;
    });
  }

  addBoard(board: Omit<SiteBoard, "id">): SiteBoard {
    const made = { ...board, id: Math.max(0, ...this.boards.keys()) + 1 };
    this.boards.set(made.id, made);
    return made;
  }

  addSprint(sprint: Omit<SiteSprint, "id">): SiteSprint {
    const id = Math.max(0, ...this.sprints.keys()) + 1;
    const made = { ...sprint, id };
    this.sprints.set(id, made);
    this.boards.get(sprint.originBoardId)?.sprintIds.push(id);
    return made;
  }

  boardsOfSprint(sprintId: number): SiteBoard[] {
    return [...this.boards.values()].filter((board) => board.sprintIds.includes(sprintId));
  }
}
