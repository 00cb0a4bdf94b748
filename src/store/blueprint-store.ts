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

/** A blueprint to write. `expectedVersion` null creates. */
export interface BlueprintPut extends Pick<BlueprintRow, "identifier" | "document" | "hasOldEntities"> {
  readonly expectedVersion: number | null;
  /** It had this identifier and gets a new one. */
  readonly previousIdentifier?: string;
  /** What its entities hold under one name, and from then on under another. */
  readonly renames?: readonly {
    readonly kind: "property" | "relation";
    readonly from: string;
    readonly to: string;
  }[];
}

export interface BlueprintStore {
  /** Other processes change blueprints too: what was read may be old. */
  readonly isShared: boolean;
  /** Of each blueprint, by its number. */
  listVersions(): Promise<ReadonlyMap<number, number>>;
  /** While `change` runs no other process runs one: what it is checked against stays until it is stored. */
  exclusively<Result>(change: () => Promise<Result>): Promise<Result>;
  list(): Promise<readonly BlueprintRow[]>;
  /**
   * All of them or none. Throws ConflictError when a version is another, or an identifier is taken. `hasOldEntities`
   * false leaves the mark as it is: only `settle` takes it away.
   */
  put(blueprints: readonly BlueprintPut[], origin: WriteOrigin): Promise<readonly BlueprintRow[]>;
  /** All entities fit this version; nothing happens if there is a newer one. */
  settle(identifier: string, version: number): Promise<void>;
  /** Throws ConflictError when the version is another or entities exist. */
  remove(identifier: string, expectedVersion: number, origin: WriteOrigin): Promise<void>;
}
