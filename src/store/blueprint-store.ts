import type { Json } from "../model/json.ts";
import type { WriteOrigin } from "./entity-store.ts";

export interface BlueprintRow {
  readonly id: number;
  readonly identifier: string;
  /** The parsed blueprint as JSON; the catalog knows its shape. */
  readonly document: Json;
  readonly version: number;
  /** True from a change that concerns what its entities hold until all of them were put in order. */
  readonly hasOldEntities: boolean;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly updatedAtMs: number;
  readonly updatedBy: string;
}

export interface BlueprintStore {
  list(): Promise<readonly BlueprintRow[]>;
  /**
   * `expectedVersion` null creates. Throws ConflictError when the version is another, or the identifier is taken.
   * `hasOldEntities` false leaves the mark as it is: only `settle` takes it away.
   */
  put(
    blueprint: Pick<BlueprintRow, "identifier" | "document" | "hasOldEntities"> & {
      readonly expectedVersion: number | null;
    },
    origin: WriteOrigin,
  ): Promise<BlueprintRow>;
  /** All entities fit this version; nothing happens if there is a newer one. */
  settle(identifier: string, version: number): Promise<void>;
  /** Throws ConflictError when the version is another or entities exist. */
  remove(identifier: string, expectedVersion: number, origin: WriteOrigin): Promise<void>;
}
