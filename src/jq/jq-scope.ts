import type { JqCode } from "./jq-code.ts";
import type { JqDefinition } from "./jq-node.ts";

/** A function of the program; compiled at its first call, which may be inside of itself. */
export interface JqFunction {
  readonly definition: JqDefinition;
  /** What its body sees, itself included. */
  scope: StaticScope | undefined;
  code: JqCode | undefined;
  isCompiling: boolean;
}

export type Binding =
  | { readonly kind: "variable" | "closure" | "label"; readonly name: string }
  | { readonly kind: "function"; readonly name: string; readonly function: JqFunction };

/**
 * What is bound at a place in the program, innermost first. Variables, closures and labels have a Frame at run time,
 * functions do not: `depth` counts the frames, so the distance to a binding is known when compiling.
 */
export class StaticScope {
  readonly binding: Binding;
  readonly parent: StaticScope | undefined;
  readonly depth: number;

  constructor(binding: Binding, parent: StaticScope | undefined) {
    this.binding = binding;
    this.parent = parent;
    this.depth = (parent?.depth ?? 0) + (binding.kind === "function" ? 0 : 1);
  }
}

export function depthOf(scope: StaticScope | undefined): number {
  return scope?.depth ?? 0;
}

/** The innermost scope whose binding is accepted. */
export function findBinding(
  scope: StaticScope | undefined,
  accept: (binding: Binding) => boolean,
): StaticScope | undefined {
  let found = scope;
  while (found !== undefined && !accept(found.binding)) found = found.parent;
  return found;
}

export function bind(
  kind: "variable" | "closure" | "label",
  name: string,
  parent: StaticScope | undefined,
): StaticScope {
  return new StaticScope({ kind, name }, parent);
}
