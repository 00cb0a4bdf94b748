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
    };

export type SearchScalar = string | number | boolean | null;

export interface Bound {
  readonly value: number;
  readonly isIncluded: boolean;
}

/** Where a value stands: on the entity itself, among its properties (own or calculated), or in a relation. */
export type SearchField =
  | { readonly kind: "meta"; readonly name: MetaProperty }
  | { readonly kind: "property"; readonly name: string; readonly isCalculated: boolean }
  | { readonly kind: "relation"; readonly name: string };

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

export interface EntitySearch {
  /** Only entities of this blueprint, in the order of their identifiers; else all, in the order they were made. */
  readonly blueprintId?: number;
  readonly rule: SearchCondition;
  readonly limit: number;
  /** Opaque; from the page before. */
  readonly from?: string;
}
