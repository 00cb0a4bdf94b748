import type { Random } from "./random.ts";
import type { Shape, ShapeName } from "./shapes.ts";

/** A piece of a program, and the shape of what it gives. */
export interface Piece {
  readonly text: string;
  readonly shape: Shape;
}

/** What a piece may use: its input, and the variables in reach. */
export interface Scope {
  readonly dot: Shape;
  readonly variables: readonly Piece[];
}

/** Makes the pieces inside of a form; `depth` bounds how deep they are nested. */
export interface PieceMaker {
  readonly random: Random;
  expression(scope: Scope, want: ShapeName, depth: number): Piece;
  /** As `expression`, in brackets unless it binds tighter than any operator. */
  operand(scope: Scope, want: ShapeName, depth: number): Piece;
  literal(want: ShapeName): Piece;
  path(scope: Scope, depth: number): Piece;
}

export function toOperand(text: string): string {
  const isTerm = /^(?:[.$A-Za-z_][\w.$]*|\d+|"[^"\\]*"|\[[^[\]"]*\]|\{[^{}"]*\})$/.test(text);
  return isTerm ? text : `(${text})`;
}

/** `.a` or `."k 1"`: how a key of an object is reached. */
export function toField(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `.${JSON.stringify(key)}`;
}
