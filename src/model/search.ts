/**
 * A search over entities, parsed: every name is known and every operator fits its value. A negated condition also holds
 * where there is no value.
 */
export type SearchCondition =
  | { readonly type: "all" | "any"; readonly conditions: readonly SearchCondition[] }
  | {
      readonly type: "equal";
      readonly field: SearchField;
      /** Holds if one of them is the value, or an element of the value. */
      readonly values: readonly SearchScalar[];
      readonly negated: boolean;
    }
  | {
      readonly type: "text";
      readonly field: SearchField;
      readonly match: "contains" | "begins" | "ends";
      readonly value: string;
      readonly negated: boolean;
    }
  | { readonly type: "empty"; readonly field: SearchField; readonly negated: boolean }
  | {
      readonly type: "range";
      readonly field: SearchField;
      /** An instant is in milliseconds since 1970; the values of the field are read as ISO 8601. */
      readonly as: "number" | "instant";
      readonly from?: Bound;
      readonly to?: Bound;
      readonly negated: boolean;
    }
  | {
      readonly type: "relatedTo";
      readonly blueprintId: number;
      readonly identifiers: readonly string[];
      readonly direction: "upstream" | "downstream" | "both";
      /** Only over these relations, by the blueprint that has them; undefined: over all. */
      readonly over?: readonly { readonly blueprintId: number; readonly relation: string }[];
    }
  | {
      /** Some entity at the end of the steps fulfils the condition. */
      readonly type: "related";
      readonly steps: readonly SearchStep[];
      readonly condition: SearchCondition;
    };

/** A relation to follow from the entity that is searched, in its direction or against it, once or up to so many times. */
export interface SearchStep {
  readonly relation: string;
  readonly direction: "forward" | "backward";
  readonly maxHops: number;
}

export type SearchScalar = string | number | boolean | null;

export interface Bound {
  readonly value: number;
  readonly isIncluded: boolean;
}

/** Where a value stands: on the entity itself, among its properties (own or calculated), or in a relation. */
export type SearchField =
  | { readonly kind: "meta"; readonly name: MetaProperty }
  | {
      readonly kind: "property";
      readonly name: string;
      readonly isCalculated: boolean;
      /** No value of it is a list or an object, so that an index over it serves. */
      readonly isScalar: boolean;
    }
  | {
      readonly kind: "relation";
      readonly name: string;
      /** Undefined when it is a relation of several blueprints. */
      readonly targetBlueprintId?: number;
    };

export const META_PROPERTIES = [
  "$identifier",
  "$title",
  "$icon",
  "$team",
  "$blueprint",
  "$createdAt",
  "$createdBy",
  "$updatedAt",
  "$updatedBy",
  "$datasource",
] as const;
export type MetaProperty = (typeof META_PROPERTIES)[number];

export interface SearchSort {
  readonly field: SearchField;
  readonly isDescending: boolean;
}

export interface EntitySearch {
  /** Only entities of this blueprint, in the order of their identifiers; else all, in the order they were made. */
  readonly blueprintId?: number;
  readonly rule: SearchCondition;
  readonly limit: number;
  /** Within a blueprint: another order. Entities without a value are the lowest. */
  readonly sort?: SearchSort;
  /** Opaque; from the page before. */
  readonly from?: string;
}
