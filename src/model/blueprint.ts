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

export type Span = "hour" | "day" | "week" | "month" | "total";

/** What is made of the entities that an aggregation looks at. */
export type CalculationSpec =
  | { readonly calculationBy: "entities"; readonly func: "count" }
  | {
      readonly calculationBy: "entities";
      readonly func: "average";
      readonly averageOf: Span;
      readonly measureTimeBy?: string;
    }
  | { readonly calculationBy: "property"; readonly func: "sum" | "min" | "max" | "median"; readonly property: string }
  | {
      readonly calculationBy: "property";
      readonly func: "average";
      readonly property: string;
      readonly averageOf: Span;
      readonly measureTimeBy?: string;
    };

/** A number made of related entities of another blueprint. */
export interface AggregationProperty {
  readonly title: string;
  readonly target: string;
  readonly calculationSpec: CalculationSpec;
  /** A search over the entities of the target. */
  readonly query?: JsonObject;
  /** At most one: only the entities that it leads to. It starts at the entity, or, from the target, ends there. */
  readonly pathFilter?: readonly { readonly path: readonly string[]; readonly fromBlueprint?: string }[];
}

/** A value of a related entity, shown as if it were its own. */
export interface MirrorProperty {
  /** Relations joined by dots, then a property (or a meta-property like `$title`) of the entity they lead to. */
  readonly path: string;
  readonly title?: string;
}

/** Whose teams the entities of a blueprint have: their own, or those of the entities that a path of relations leads to. */
export type Ownership =
  | { readonly type: "Direct"; readonly title?: string }
  | { readonly type: "Inherited"; readonly path: string; readonly title?: string };

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
  readonly mirrorProperties: Readonly<Record<string, MirrorProperty>>;
  readonly aggregationProperties: Readonly<Record<string, AggregationProperty>>;
  readonly ownership?: Ownership | null;
  /** The older form of inherited ownership. */
  readonly teamInheritance?: { readonly path: string } | null;
}
