/** A search over entities, parsed: every name is known and every operator fits its value. */
export type SearchCondition =
  | { readonly type: "all" | "any"; readonly conditions: readonly SearchCondition[] }
  | {
      readonly type: "compare";
      readonly field: SearchField;
      readonly operator: CompareOperator;
      readonly value: SearchScalar;
    }
  | {
      readonly type: "in";
      readonly field: SearchField;
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
  | { readonly type: "containsAny"; readonly field: SearchField; readonly values: readonly SearchScalar[] }
  | { readonly type: "empty"; readonly field: SearchField; readonly negated: boolean }
  | {
      readonly type: "between";
      readonly field: SearchField;
      readonly from: SearchScalar;
      readonly to: SearchScalar;
      readonly negated: boolean;
    }
  | {
      readonly type: "relatedTo";
      readonly blueprintId: number;
      readonly identifiers: readonly string[];
      readonly direction: "upstream" | "downstream" | "both";
    };

export type SearchScalar = string | number | boolean | null;
export type CompareOperator = "=" | "!=" | ">" | ">=" | "<" | "<=";

/** Where a value stands: on the entity itself, or among its properties (own or calculated) or relations. */
export type SearchField =
  | { readonly kind: "meta"; readonly name: MetaProperty }
  | { readonly kind: "property"; readonly name: string; readonly isComputed: boolean | undefined }
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
  readonly rule: SearchCondition;
  readonly limit: number;
  /** Opaque; from the page before. */
  readonly from?: string;
}
