/** Where a node starts in the program. */
export interface JqPosition {
  /** 0-based, in UTF-16 units. */
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";
export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";
export type AssignmentOperator = "=" | "|=" | "+=" | "-=" | "*=" | "/=" | "%=" | "//=";

export interface JqParameter {
  readonly name: string;
  /** `$name` is a value, `name` a filter. */
  readonly isValue: boolean;
}

export interface JqDefinition {
  readonly at: JqPosition;
  readonly name: string;
  readonly parameters: readonly JqParameter[];
  readonly body: JqNode;
}

export interface JqObjectEntry {
  readonly key: JqNode;
  readonly value: JqNode;
}

export type JqPattern =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "elements"; readonly elements: readonly JqPattern[] }
  | { readonly kind: "fields"; readonly fields: readonly JqPatternField[] };

export interface JqPatternField {
  readonly key: JqNode;
  /** `{$name}` and `{$name: pattern}` bind the field itself too. */
  readonly name: string | undefined;
  readonly pattern: JqPattern | undefined;
}

/** A jq program as a tree. Parentheses leave no trace; `print-jq.ts` puts them where they are needed. */
export type JqNode = { readonly at: JqPosition } & (
  | { readonly kind: "identity" }
  | { readonly kind: "descend" }
  | { readonly kind: "literal"; readonly value: null | boolean | number | string }
  /** A string with expressions in it; `format` is the name after `@`, if any. */
  | { readonly kind: "template"; readonly format: string | undefined; readonly parts: readonly (string | JqNode)[] }
  | { readonly kind: "format"; readonly name: string }
  /** `optional` is the `?` that covers only this access, not what `target` does. */
  | { readonly kind: "index"; readonly target: JqNode; readonly key: JqNode; readonly optional: boolean }
  | {
      readonly kind: "slice";
      readonly target: JqNode;
      readonly from: JqNode | undefined;
      readonly to: JqNode | undefined;
      readonly optional: boolean;
    }
  | { readonly kind: "iterate"; readonly target: JqNode; readonly optional: boolean }
  | { readonly kind: "array"; readonly body: JqNode | undefined }
  | { readonly kind: "object"; readonly entries: readonly JqObjectEntry[] }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "location" }
  | { readonly kind: "negate"; readonly body: JqNode }
  | { readonly kind: "pipe"; readonly left: JqNode; readonly right: JqNode }
  | { readonly kind: "comma"; readonly left: JqNode; readonly right: JqNode }
  | { readonly kind: "alternative"; readonly left: JqNode; readonly right: JqNode }
  | { readonly kind: "and"; readonly left: JqNode; readonly right: JqNode }
  | { readonly kind: "or"; readonly left: JqNode; readonly right: JqNode }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: JqNode;
      readonly right: JqNode;
    }
  | {
      readonly kind: "comparison";
      readonly operator: ComparisonOperator;
      readonly left: JqNode;
      readonly right: JqNode;
    }
  | {
      readonly kind: "assignment";
      readonly operator: AssignmentOperator;
      readonly left: JqNode;
      readonly right: JqNode;
    }
  | {
      readonly kind: "if";
      readonly condition: JqNode;
      readonly whenTrue: JqNode;
      readonly whenFalse: JqNode | undefined;
    }
  | { readonly kind: "try"; readonly body: JqNode; readonly handler: JqNode | undefined }
  | { readonly kind: "label"; readonly name: string; readonly body: JqNode }
  | { readonly kind: "break"; readonly name: string }
  | {
      readonly kind: "bind";
      readonly source: JqNode;
      readonly patterns: readonly JqPattern[];
      readonly body: JqNode;
    }
  | {
      readonly kind: "reduce";
      readonly source: JqNode;
      readonly patterns: readonly JqPattern[];
      readonly start: JqNode;
      readonly update: JqNode;
    }
  | {
      readonly kind: "foreach";
      readonly source: JqNode;
      readonly patterns: readonly JqPattern[];
      readonly start: JqNode;
      readonly update: JqNode;
      readonly extract: JqNode | undefined;
    }
  | { readonly kind: "define"; readonly definition: JqDefinition; readonly body: JqNode }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly JqNode[] }
);

export type JqNodeOf<Kind extends JqNode["kind"]> = Extract<JqNode, { readonly kind: Kind }>;
