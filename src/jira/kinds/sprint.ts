import type { JsonObject } from "../../model/json.ts";
import type { RawObject } from "../../model/raw-object.ts";
import { collectFromBoards, listBoards, type BoardItem, type BoardItems } from "../boards.ts";
import type { JiraSession } from "../jira-session.ts";
import type { Kind } from "../kind.ts";
import { readSingle } from "../read-single.ts";
import { SelectorReader } from "../selector-reader.ts";
import { toPages } from "../to-page.ts";
import { toRawObject } from "../to-raw-object.ts";

const STATES = ["active", "closed", "future"] as const;

export interface SprintSelector {
  /** Undefined means all. */
  readonly states: readonly (typeof STATES)[number][] | undefined;
}

/** Each sprint once, with `__boardIds`: all boards that show it. Kanban boards have none and are not asked. */
export const sprintKind: Kind<SprintSelector> = {
  name: "sprint",
  changes: {
    since: "none",
    events: ["sprint_created", "sprint_updated", "sprint_started", "sprint_closed", "sprint_deleted"],
  },

  parseSelector(selector) {
    const reader = new SelectorReader("sprint", selector);
    const states = reader.choices("sprintState", STATES, ["active"]);
    reader.finish();
    return { states };
  },

  async *read(session, selector, options) {
    const { items, gaps } = await collectSprints(session, selector, options.signal);
    yield* toPages(
      [...items.values()].map((item) => toSprint(session, item)),
      options,
    );
    gaps.throwIfAny();
  },

  async readOne(session, selector, id, { signal }) {
    const request = { parameters: { id }, signal };
    const element = await readSingle(session, "/rest/agile/1.0/sprint/{id}", request);
    if (element === undefined) return undefined;
    const sprint = JSON.parse(element.bytes.toString("utf8")) as JsonObject; // it has an id, so it is an object
    if (selector.states && !selector.states.some((state) => state === sprint["state"])) return undefined;
    const { items } = await collectSprints(session, selector, signal);
    const originBoardId = typeof sprint["originBoardId"] === "number" ? [sprint["originBoardId"]] : [];
    return toSprint(session, { element, boardIds: items.get(id)?.boardIds ?? originBoardId });
  },
};

function collectSprints(session: JiraSession, { states }: SprintSelector, signal: AbortSignal): Promise<BoardItems> {
  const state = states?.join(",");
  return session.shared.get(`sprints ${state}`, async () => {
    const boards = (await listBoards(session, signal)).filter((board) => board.type !== "kanban");
    const path = "/rest/agile/1.0/board/{boardId}/sprint";
    return collectFromBoards(session, boards, { what: "sprint", path, query: { state }, signal });
  });
}

function toSprint(session: JiraSession, { element, boardIds }: BoardItem): RawObject {
  return toRawObject(element, {
    kind: "sprint",
    enrichment: { __boardIds: boardIds },
    site: session.selfRewrite,
  });
}
