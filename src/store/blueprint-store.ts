import type { Json } from "../model/json.ts";
import type { WriteOrigin } from "./entity-store.ts";

export interface BlueprintRow {
  readonly id: number;
  readonly identifier: string;
  /** The parsed blueprint as JSON; the catalog knows its shape. */
  readonly document: Json;
  readonly version: number;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly updatedAtMs: number;
  readonly updatedBy: string;
}

export interface BlueprintStore {
  list(): Promise<readonly BlueprintRow[]>;
  /** `expectedVersion` null creates. Throws ConflictError when the version is another, or the identifier is taken. */
  put(
    blueprint: { readonly identifier: string; readonly document: Json; readonly expectedVersion: number | null },
    origin: WriteOrigin,
  ): Promise<BlueprintRow>;
  /** Throws ConflictError when the version is another or entities exist. */
  remove(identifier: string, expectedVersion: number, origin: WriteOrigin): Promise<void>;
}
