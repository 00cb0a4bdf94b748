import type { JsonObject } from "../model/json.ts";

/** As whom a connector registers with a catalog, and what it brings along for a catalog that has nothing yet. */
export interface TargetIdentity {
  readonly identifier: string;
  readonly type: string;
  readonly version: string;
  readonly defaults: { readonly blueprints: readonly JsonObject[]; readonly mapping: JsonObject };
  readonly createsResources: boolean;
}
