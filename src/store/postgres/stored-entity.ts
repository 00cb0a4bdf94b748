import type { JsonObject } from "../../model/json.ts";
import type { EntityRow, Relations } from "../entity-store.ts";

/** A row of `entity` as it is selected. */
export interface StoredEntity {
  readonly id: number;
  readonly blueprint_id: number;
  readonly identifier: string;
  readonly title: string;
  readonly icon: string | null;
  readonly team: readonly string[];
  readonly properties: JsonObject;
  readonly computed: JsonObject;
  readonly relations: Relations;
  readonly is_stub: boolean;
  readonly version: number;
  readonly data_source: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly updated_at: number;
  readonly updated_by: string;
}

export function toEntityRow(row: StoredEntity): EntityRow {
  return {
    id: row.id,
    blueprintId: row.blueprint_id,
    identifier: row.identifier,
    title: row.title,
    icon: row.icon,
    team: row.team,
    properties: row.properties,
    computed: row.computed,
    relations: row.relations,
    isStub: row.is_stub,
    version: row.version,
    dataSource: row.data_source,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
    updatedAtMs: row.updated_at,
    updatedBy: row.updated_by,
  };
}
