import type { PlannedRow } from "../store/entity-store.ts";
import type { LoadedBlueprint } from "./blueprint-registry.ts";

/** An entity that is there only because something points at it: a name and nothing else. */
export function toStub(
  { id, blueprint }: LoadedBlueprint,
  identifier: string,
  expectedVersion: number | null,
): PlannedRow {
  const relations = Object.entries(blueprint.relations).map(([name, { many }]) => [name, many ? [] : null]);
  return {
    blueprintId: id,
    identifier,
    expectedVersion,
    title: identifier,
    icon: null,
    team: "[]",
    properties: "{}",
    computed: "{}",
    relations: JSON.stringify(Object.fromEntries(relations)),
    isStub: true,
    keepsAuthor: false,
    edges: [],
    pending: [],
  };
}
