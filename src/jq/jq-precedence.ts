export type Associativity = "left" | "right" | "none";

export interface JqOperator {
  readonly precedence: number;
  readonly associativity: Associativity;
}

/** From the loosest to the tightest. */
const LEVELS: readonly (readonly [Associativity, readonly string[]])[] = [
  ["right", ["|"]],
  ["left", [","]],
  ["right", ["//"]],
  ["none", ["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="]],
  ["left", ["or"]],
  ["left", ["and"]],
  ["none", ["==", "!=", "<", "<=", ">", ">="]],
  ["left", ["+", "-"]],
  ["left", ["*", "/", "%"]],
];

export const OPERATORS: ReadonlyMap<string, JqOperator> = new Map(
  LEVELS.flatMap(([associativity, names], precedence) => names.map((name) => [name, { precedence, associativity }])),
);

export const PIPE = 0;
/** The loosest operator of an expression, as opposed to a pipe of them. */
export const EXPRESSION = 2;
/** Unary minus, `try` and everything that has an end of its own. */
export const UNARY = 9;
