import type { JsonObject } from "./json.ts";

export interface Relation {
  readonly target: string;
  readonly required: boolean;
  readonly many: boolean;
  readonly title?: string;
  readonly description?: string;
}

export interface CalculationProperty {
  /** A jq program over the entity. */
  readonly calculation: string;
  readonly type: "string" | "number" | "boolean" | "object" | "array";
  readonly title?: string;
}

/** A blueprint after parsing, in Port's shape. Keys that only the portal reads (icon colours, specs, ...) are kept as they came. */
export interface Blueprint {
  readonly identifier: string;
  readonly title: string;
  readonly icon?: string | null;
  readonly description?: string | null;
  readonly schema: {
    /** JSON schema of each property, with Port's own keys. */
    readonly properties: Readonly<Record<string, JsonObject>>;
    readonly required: readonly string[];
  };
  readonly relations: Readonly<Record<string, Relation>>;
  readonly calculationProperties: Readonly<Record<string, CalculationProperty>>;
  readonly mirrorProperties: JsonObject;
  readonly aggregationProperties: JsonObject;
}
