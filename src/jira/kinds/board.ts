import type { JsonObject } from "../../model/json.ts";
import type { RawObject } from "../../model/raw-object.ts";
import { NotFoundError } from "../../runtime/errors.ts";
import { PARALLEL_BOARDS, walkBoards, type BoardFilter } from "../boards.ts";
import { Gaps } from "../incomplete-read-error.ts";
import type { JiraSession } from "../jira-session.ts";
import type { Kind } from "../kind.ts";
import { mapInOrder } from "../map-in-order.ts";
import { collectOffsets } from "../paging/offset-walk.ts";
import { readSingle } from "../read-single.ts";
import type { ScannedElement } from "../scan-elements.ts";
import { SelectorReader } from "../selector-reader.ts";
import { toPage } from "../to-page.ts";
import { toRawObject } from "../to-raw-object.ts";

/** Adds `__projectKeys`: the projects that the board's filter names. */
export const boardKind: Kind<BoardFilter> = {
  name: "board",
  changes: {
    since: "none",
    events: ["board_created", "board_updated", "board_deleted", "board_configuration_changed"],
  },

  parseSelector(selector) {
    const reader = new SelectorReader("board", selector);
    const type = reader.choice("boardType", TYPES, undefined);
    const projectKeyOrId = reader.filledString("projectKey");
    reader.finish();
    return { type, projectKeyOrId };
  },

  async *read(session, filter, options) {
    const gaps = new Gaps("board");
    const limits = { concurrency: PARALLEL_BOARDS, signal: options.signal };
    for await (const { elements, total } of walkBoards(session, filter, options.signal)) {
      const objects: RawObject[] = [];
      const read = async (element: ScannedElement, signal: AbortSignal) => {
        try {
          return await toBoard(session, element, signal);
        } catch (error) {
          // A board that was deleted since it was listed is no gap.
          if (!(error instanceof NotFoundError)) gaps.add(`the projects of board ${element.members["id"]}`, error);
          return undefined;
        }
      };
      for await (const board of mapInOrder(elements, limits, read)) if (board) objects.push(board);
      yield toPage(objects, options, total);
    }
    gaps.throwIfAny();
  },

  async readOne(session, filter, id, { signal }) {
    const request = { parameters: { id }, signal };
    const element = await readSingle(session, "/rest/agile/1.0/board/{id}", request);
    const board = element && (await toBoard(session, element, signal));
    return board && isSelected(board.body(), filter) ? board : undefined;
  },
};

const TYPES = ["scrum", "kanban", "simple"] as const;

async function toBoard(session: JiraSession, element: ScannedElement, signal: AbortSignal): Promise<RawObject> {
  const { id = "" } = element.members;
  const projects = await collectOffsets({
    client: session.client,
    path: "/rest/agile/1.0/board/{boardId}/project",
    request: { parameters: { boardId: id }, signal },
    model: "agile",
    pageSize: 50,
    what: "project of a board",
  });
  const enrichment = { __projectKeys: projects.flatMap(({ members: { key } }) => (key === undefined ? [] : [key])) };
  return toRawObject(element, { kind: "board", enrichment, site: session.selfRewrite });
}

/** Jira has no question for "this board, if it is selected"; the keys are those that its filter would go by. */
function isSelected(board: JsonObject, { type, projectKeyOrId }: BoardFilter): boolean {
  const keys = board["__projectKeys"];
  if (type !== undefined && board["type"] !== type) return false;
  return projectKeyOrId === undefined || (Array.isArray(keys) && keys.includes(projectKeyOrId));
}
