import { collectFromBoards, listBoards } from "../boards.ts";
import type { Kind } from "../kind.ts";
import { SelectorReader } from "../selector-reader.ts";
import { toPages } from "../to-page.ts";
import { toRawObject } from "../to-raw-object.ts";

const STATUSES = ["incomplete", "complete"] as const;

export interface EpicSelector {
  /** Undefined means both. */
  readonly isDone: boolean | undefined;
}

/** Each epic once, with `__boardIds`, all boards that show it, and `__boardId`, the first of them. */
export const epicKind: Kind<EpicSelector> = {
  name: "epic",
  changes: { since: "none", events: [] },

  parseSelector(selector) {
    const reader = new SelectorReader("epic", selector);
    const statuses = reader.choices("status", STATUSES, ["incomplete"]);
    reader.finish();
    return { isDone: statuses?.length === 1 ? statuses[0] === "complete" : undefined };
  },

  async *read(session, { isDone }, options) {
    const { signal } = options;
    const { items, gaps } = await collectFromBoards(session, await listBoards(session, signal), {
      what: "epic",
      path: "/rest/agile/1.0/board/{boardId}/epic",
      query: { done: isDone === undefined ? undefined : String(isDone) },
      signal,
    });
    const epics = [...items.values()].map(({ element, boardIds }) =>
      toRawObject(element, {
        kind: "epic",
        enrichment: { __boardId: boardIds[0] ?? null, __boardIds: boardIds },
        site: session.selfRewrite,
      }),
    );
    yield* toPages(epics, options);
    gaps.throwIfAny();
  },
};
