import type { SearchCondition } from "../model/search.ts";
import type { EntityRow, EntityStore } from "../store/entity-store.ts";

export const EVERYTHING: SearchCondition = { type: "all", conditions: [] };
const PAGE_SIZE = 500;

/** All entities of a blueprint, page by page, in the order of their identifiers. */
export async function* listRows(
  blueprintId: number,
  { entities }: { readonly entities: EntityStore },
): AsyncGenerator<readonly EntityRow[]> {
  let from: string | undefined;
  do {
    const search = { blueprintId, rule: EVERYTHING, limit: PAGE_SIZE };
    const page = await entities.search({ ...search, ...(from !== undefined && { from }) });
    yield page.rows;
    from = page.next;
  } while (from !== undefined);
}
