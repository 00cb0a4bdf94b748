import type { JsonObject } from "../model/json.ts";
import type { PlannedRow } from "../store/entity-store.ts";
import type { EntityState } from "./calculate.ts";

/** The row that makes an entity be like this. */
export function toPlannedRow(
  state: EntityState,
  computed: JsonObject | undefined,
  rest: Pick<PlannedRow, "expectedVersion" | "previousIdentifier" | "isStub" | "keepsAuthor" | "edges" | "pending">,
): PlannedRow {
  const { blueprintId, identifier, title, icon } = state;
  return {
    blueprintId,
    identifier,
    title,
    icon,
    team: JSON.stringify(state.team),
    properties: JSON.stringify(state.properties),
    computed: JSON.stringify(computed ?? {}),
    relations: JSON.stringify(state.relations),
    ...rest,
  };
}
