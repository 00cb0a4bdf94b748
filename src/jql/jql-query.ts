/** A place in the text: 1-based line and column (UTF-16 units), 0-based offset. */
export interface JqlPosition {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A parsed query. Both parts are undefined for the empty query, which Jira reads as "everything". */
export interface JqlQuery {
  readonly where: JqlClause | undefined;
  readonly orderBy: JqlOrderBy | undefined;
}

export type JqlClause = JqlAnd | JqlOr | JqlNot | JqlComparison | JqlWas | JqlChanged;

export interface JqlAnd {
  readonly type: "and";
  readonly clauses: readonly JqlClause[];
  readonly at: JqlPosition;
}

export interface JqlOr {
  readonly type: "or";
  readonly clauses: readonly JqlClause[];
  readonly at: JqlPosition;
}

export interface JqlNot {
  readonly type: "not";
  readonly clause: JqlClause;
  readonly at: JqlPosition;
}

export type JqlOperator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~" | "in" | "not in" | "is" | "is not";

/** A clause about the present value of a field. */
export interface JqlComparison {
  readonly type: "comparison";
  readonly field: JqlField;
  readonly operator: JqlOperator;
  readonly operand: JqlOperand;
  readonly at: JqlPosition;
}

export type JqlWasOperator = "was" | "was not" | "was in" | "was not in";

/** A clause about a value that the field had at some time. */
export interface JqlWas {
  readonly type: "was";
  readonly field: JqlField;
  readonly operator: JqlWasOperator;
  readonly operand: JqlOperand;
  readonly predicates: readonly JqlPredicate[];
  readonly at: JqlPosition;
}

/** A clause about a change of the field. */
export interface JqlChanged {
  readonly type: "changed";
  readonly field: JqlField;
  readonly predicates: readonly JqlPredicate[];
  readonly at: JqlPosition;
}

export type JqlPredicateName = "after" | "before" | "on" | "during" | "by" | "from" | "to";

/** A restriction of a history clause, e.g. `BEFORE "2026-01-01"`. */
export interface JqlPredicate {
  readonly name: JqlPredicateName;
  readonly operand: JqlOperand;
  readonly at: JqlPosition;
}

export interface JqlField {
  /** As written, without quotes and escapes; `cf[10010]` for a custom field given by its number. */
  readonly name: string;
  /** The number in `cf[10010]`; undefined for a field given by name, even by the quoted name `"cf[10010]"`. */
  readonly customFieldId: string | undefined;
  /** Entity properties, e.g. `[deploy].state` in `issue.property[deploy].state`. */
  readonly properties: readonly JqlFieldProperty[];
  readonly at: JqlPosition;
}

export interface JqlFieldProperty {
  readonly key: string;
  /** What follows the bracket, as written: `.state` keeps its dot. */
  readonly path: readonly string[];
}

export type JqlOperand = JqlLiteral | JqlEmpty | JqlFunction | JqlList;

/** A word, a quoted string, or a whole number that was not quoted. */
export interface JqlLiteral {
  readonly type: "text" | "number";
  readonly text: string;
  readonly at: JqlPosition;
}

/** `EMPTY` or `NULL`. */
export interface JqlEmpty {
  readonly type: "empty";
  readonly at: JqlPosition;
}

export interface JqlFunction {
  readonly type: "function";
  readonly name: string;
  readonly args: readonly JqlLiteral[];
  readonly at: JqlPosition;
}

export interface JqlList {
  readonly type: "list";
  readonly items: readonly JqlOperand[];
  readonly at: JqlPosition;
}

export interface JqlOrderBy {
  readonly sorts: readonly JqlSort[];
  /** Where `ORDER` stands. */
  readonly at: JqlPosition;
}

export interface JqlSort {
  readonly field: JqlField;
  /** Undefined when the query leaves the direction to the field's default. */
  readonly direction: "asc" | "desc" | undefined;
}
