import type { JqNode } from "./jq-node.ts";
import { listNames } from "./list-names.ts";

/** Builtins that may have several outputs by themselves. Others have one for each output of their arguments. */
const GENERATORS = listNames(`
  range/1 range/2 range/3 recurse/0 recurse/1 recurse/2 paths/0 paths/1 leaf_paths/0 repeat/1 repeat/2
  while/2 combinations/0 combinations/1 scan/1 scan/2 match/1 match/2 capture/1 capture/2 splits/1
  splits/2 tostream/0 fromstream/1 truncate_stream/1 limit/2 skip/2 getpath/1 path/1 JOIN/3 JOIN/4
  sub/2 sub/3 gsub/2 gsub/3 walk/1
`);

/** Builtins that have at most one output, whatever their arguments have. */
const COLLECTORS = listNames(`
  first/1 last/1 map/1 map_values/1 isempty/1 any/1 any/2 all/1 all/2 add/1 IN/1 IN/2 INDEX/1 INDEX/2
  del/1 to_entries/0 with_entries/1 sort_by/1 group_by/1 unique_by/1 min_by/1 max_by/1 pick/1
`);

/** True unless the program provably has one output at most. */
export function hasManyOutputs(program: JqNode): boolean {
  return isMany(program, new Map());
}

/** `functions` knows of the program's own functions and their parameters whether they are many. */
function isMany(node: JqNode, functions: ReadonlyMap<string, boolean>): boolean {
  const some = (...parts: readonly (JqNode | undefined)[]): boolean =>
    parts.some((part) => part !== undefined && isMany(part, functions));
  switch (node.kind) {
    case "identity":
    case "literal":
    case "location":
    case "break":
    case "format":
    case "variable":
    case "array":
      return false;
    case "descend":
    case "iterate":
    case "comma":
    case "foreach":
      return true;
    case "template":
      return some(...node.parts.filter((part) => typeof part !== "string"));
    case "index":
      return some(node.target, node.key);
    case "slice":
      return some(node.target, node.from, node.to);
    case "object":
      return some(...node.entries.flatMap(({ key, value }) => [key, value]));
    case "negate":
    case "label":
      return some(node.body);
    case "pipe":
    case "alternative":
    case "and":
    case "or":
    case "arithmetic":
    case "comparison":
      return some(node.left, node.right);
    case "assignment":
      return node.operator === "|=" ? false : some(node.right);
    case "if":
      return some(node.condition, node.whenTrue, node.whenFalse);
    case "try":
      return some(node.body, node.handler);
    case "bind":
      return node.patterns.some(({ kind }) => kind !== "name") || some(node.source, node.body);
    case "reduce":
      return node.patterns.some(({ kind }) => kind !== "name") || some(node.start);
    case "define": {
      const { name, parameters, body } = node.definition;
      const key = `${name}/${parameters.length}`;
      const inner = new Map(functions);
      for (const parameter of parameters) inner.set(`${parameter.name}/0`, true);
      inner.set(key, true); // until its body is known: what calls itself may do so twice
      return isMany(node.body, new Map([...functions, [key, isMany(body, inner)]]));
    }
    case "call": {
      const key = `${node.name}/${node.args.length}`;
      const own = functions.get(key);
      if (own !== undefined) return own || some(...node.args);
      if (COLLECTORS.has(key)) return false;
      return GENERATORS.has(key) || some(...node.args);
    }
  }
}
