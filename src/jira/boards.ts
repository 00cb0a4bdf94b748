import { NotFoundError, UpstreamError } from "../runtime/errors.ts";
import { Gaps } from "./incomplete-read-error.ts";
import type { JiraSession } from "./jira-session.ts";
import { mapInOrder } from "./map-in-order.ts";
import { collectOffsets, walkOffsets, type OffsetPage } from "./paging/offset-walk.ts";
import type { ScannedElement } from "./scan-elements.ts";

export const BOARD_PAGE_SIZE = 50;
export const PARALLEL_BOARDS = 8;

export interface BoardFilter {
  readonly type?: string | undefined;
  readonly projectKeyOrId?: string | undefined;
}

export interface ListedBoard {
  readonly id: string;
  /** scrum, kanban or simple (team-managed) */
  readonly type: string;
}

/** What all boards together list, each object once with the boards that show it. */
export interface BoardItems {
  readonly items: ReadonlyMap<string, BoardItem>;
  readonly gaps: Gaps;
}

export interface BoardItem {
  readonly element: ScannedElement;
  readonly boardIds: readonly number[];
}

export function walkBoards(session: JiraSession, filter: BoardFilter, signal: AbortSignal): AsyncIterable<OffsetPage> {
  return walkOffsets({
    client: session.client,
    path: "/rest/agile/1.0/board",
    request: { query: { ...filter, orderBy: "name" }, signal },
    model: "agile",
    pageSize: BOARD_PAGE_SIZE,
    members: ["type"],
    what: "board",
  });
}

/** All boards by id, read once per run. */
export function listBoards(session: JiraSession, signal: AbortSignal): Promise<readonly ListedBoard[]> {
  return session.shared.get("boards", async () => {
    const boards: ListedBoard[] = [];
    for await (const { elements } of walkBoards(session, {}, signal)) {
      boards.push(...elements.map(({ members: { id = "", type = "" } }) => ({ id, type })));
    }
    return boards.sort((a, b) => Number(a.id) - Number(b.id));
  });
}

/**
 * Reads something from each of the boards, a few at a time, and yields what each gave, in the order of the boards. A
 * board that Jira says does not support it is left out and counted in the log; one that was deleted meanwhile has
 * nothing; any other failure is a gap.
 */
export async function* readPerBoard<Result>(
  session: JiraSession,
  boards: readonly ListedBoard[],
  options: { readonly what: string; readonly signal: AbortSignal; readonly gaps: Gaps },
  read: (board: ListedBoard, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<{ readonly board: ListedBoard; readonly result: Result }, void, undefined> {
  const { what, signal, gaps } = options;
  let unsupported = 0;
  const work = async (board: ListedBoard, signal: AbortSignal) => {
    try {
      return { board, result: await read(board, signal) };
    } catch (error) {
      if (isUnsupported(error)) unsupported++;
      else if (!(error instanceof NotFoundError)) gaps.add(`the ${what}s of board ${board.id}`, error);
      return undefined;
    }
  };
  for await (const answer of mapInOrder(boards, { concurrency: PARALLEL_BOARDS, signal }, work)) {
    if (answer !== undefined) yield answer;
  }
  if (unsupported > 0) {
    session.services.logger.info(
      { kind: what, boards: boards.length, unsupported },
      "boards that do not support this were left out",
    );
  }
}

/** What boards list, each object once: several boards may show the same one. */
export async function collectFromBoards(
  session: JiraSession,
  boards: readonly ListedBoard[],
  listing: {
    readonly what: string;
    readonly path: string;
    readonly query: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
  },
): Promise<BoardItems> {
  const { what, path, query, signal } = listing;
  const gaps = new Gaps(what);
  const items = new Map<string, { readonly element: ScannedElement; readonly boardIds: number[] }>();
  const read = (board: ListedBoard, signal: AbortSignal): Promise<readonly ScannedElement[]> =>
    collectOffsets({
      client: session.client,
      path,
      request: { parameters: { boardId: board.id }, query, signal },
      model: "agile",
      pageSize: BOARD_PAGE_SIZE,
      what,
    });
  for await (const { board, result } of readPerBoard(session, boards, { what, signal, gaps }, read)) {
    for (const element of result) {
      const { id = "" } = element.members;
      const known = items.get(id);
      if (known) known.boardIds.push(Number(board.id));
      else items.set(id, { element, boardIds: [Number(board.id)] });
    }
  }
  return { items, gaps };
}

/** Jira's own words vary by feature: "The board does not support sprints", "Backlogs not supported on this board". */
function isUnsupported(error: unknown): boolean {
  return error instanceof UpstreamError && error.status === 400 && /\bnot support/i.test(error.message);
}
