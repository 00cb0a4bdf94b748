import {
  IDENTITY,
  compileDescend,
  compileIndex,
  compileIterate,
  compileLiteral,
  compileSlice,
} from "./compile-access.ts";
import { compileAssignment } from "./compile-assignment.ts";
import { compileBind, compileCall, compileDefine, compileVariable } from "./compile-binding.ts";
import {
  compileBreak,
  compileComma,
  compileForeach,
  compileIf,
  compileLabel,
  compilePipe,
  compileReduce,
  compileTry,
} from "./compile-control.ts";
import {
  compileAlternative,
  compileArithmetic,
  compileArray,
  compileComparison,
  compileLogic,
  compileNegation,
  compileObject,
  compileTemplate,
} from "./compile-operators.ts";
import type { AddedFunctions } from "./builtins/builtin.ts";
import { formatText } from "./builtins/formats.ts";
import { fromOne, type JqCode, type JqRun } from "./jq-code.ts";
import type { JqCompiler } from "./jq-compiler.ts";
import type { JqDefinition, JqNode } from "./jq-node.ts";
import { StaticScope, type JqFunction } from "./jq-scope.ts";

/** Compiles a whole program. */
export function compileNode(node: JqNode, run: JqRun, added: AddedFunctions): JqCode {
  const defined = new Map<JqDefinition, JqFunction>();
  const compiler: JqCompiler = {
    run,
    added,
    compile: (node, scope) => compileKind(node, scope, compiler),
    findDefined: (definition) => {
      const known = defined.get(definition);
      if (known !== undefined) return known;
      const created: JqFunction = { definition, scope: undefined, code: undefined, isCompiling: false };
      created.scope = new StaticScope({ kind: "function", name: definition.name, function: created }, undefined);
      defined.set(definition, created);
      return created;
    },
  };
  return compiler.compile(node, undefined);
}

function compileKind(node: JqNode, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  switch (node.kind) {
    case "identity":
      return IDENTITY;
    case "descend":
      return compileDescend(compiler.run);
    case "literal":
      return compileLiteral(node);
    case "template":
      return compileTemplate(node, scope, compiler);
    case "format":
      return fromOne((input) => formatText(node.name, input));
    case "index":
      return compileIndex(node, scope, compiler);
    case "slice":
      return compileSlice(node, scope, compiler);
    case "iterate":
      return compileIterate(node, scope, compiler);
    case "array":
      return compileArray(node, scope, compiler);
    case "object":
      return compileObject(node, scope, compiler);
    case "variable":
      return compileVariable(node, scope);
    case "location":
      return fromOne(() => ({ file: "<top-level>", line: node.at.line }));
    case "negate":
      return compileNegation(node, scope, compiler);
    case "pipe":
      return compilePipe(node, scope, compiler);
    case "comma":
      return compileComma(node, scope, compiler);
    case "alternative":
      return compileAlternative(node, scope, compiler);
    case "and":
    case "or":
      return compileLogic(node, scope, compiler);
    case "arithmetic":
      return compileArithmetic(node, scope, compiler);
    case "comparison":
      return compileComparison(node, scope, compiler);
    case "assignment":
      return compileAssignment(node, scope, compiler);
    case "if":
      return compileIf(node, scope, compiler);
    case "try":
      return compileTry(node, scope, compiler);
    case "label":
      return compileLabel(node, scope, compiler);
    case "break":
      return compileBreak(node, scope, compiler);
    case "bind":
      return compileBind(node, scope, compiler);
    case "reduce":
      return compileReduce(node, scope, compiler);
    case "foreach":
      return compileForeach(node, scope, compiler);
    case "define":
      return compileDefine(node, scope, compiler);
    case "call":
      return compileCall(node, scope, compiler);
  }
}
