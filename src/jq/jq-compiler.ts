import type { AddedFunctions } from "./builtins/builtin.ts";
import type { JqCode, JqRun } from "./jq-code.ts";
import type { JqDefinition, JqNode } from "./jq-node.ts";
import type { JqFunction, StaticScope } from "./jq-scope.ts";

/** What the parts of the compiler need of the whole. */
export interface JqCompiler {
  readonly run: JqRun;
  readonly added: AddedFunctions;
  readonly compile: (node: JqNode, scope: StaticScope | undefined) => JqCode;
  /** The function of a builtin that is defined in jq itself; one per program. */
  readonly findDefined: (definition: JqDefinition) => JqFunction;
}
