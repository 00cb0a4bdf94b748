import type { BuiltinTable } from "./builtins/builtin.ts";
import { JqSyntaxError } from "./jq-errors.ts";
import type { JqNode, JqNodeOf } from "./jq-node.ts";
import { parseJq } from "./parse-jq.ts";

/**
 * The program with what its macros stand for in their place; the very same tree if it calls none. A name that the program
 * defines itself is no macro. Throws JqSyntaxError where the argument is not a string that is written out.
 */
export function expandMacros(program: JqNode, table: BuiltinTable): JqNode {
  const own = new Set<string>();
  collectDefined(program, own);
  // What is rebuilt has the shape that it had.
  return expand(program, { table, own }) as JqNode;
}

interface Context {
  readonly table: BuiltinTable;
  readonly own: ReadonlySet<string>;
}

function expand(part: unknown, context: Context): unknown {
  if (typeof part !== "object" || part === null) return part;
  if (isCall(part)) {
    const expanded = expandCall(part, context);
    if (expanded !== undefined) return expanded;
  }
  if (Array.isArray(part)) {
    const items = part.map((item) => expand(item, context));
    return items.every((item, index) => item === part[index]) ? part : items;
  }
  const before = Object.entries(part);
  const after = before.map(([key, value]) => [key, expand(value, context)] as const);
  return after.every(([, value], index) => value === before[index]?.[1]) ? part : Object.fromEntries(after);
}

function expandCall({ name, args, at }: JqNodeOf<"call">, { table, own }: Context): JqNode | undefined {
  const key = `${name}/${args.length}`;
  const macro = Object.hasOwn(table, key) && !own.has(key) ? table[key] : undefined;
  if (macro?.kind !== "macro") return undefined;
  const [argument] = args;
  if (argument?.kind === "literal" && typeof argument.value === "string") return parseJq(macro.expand(argument.value));
  throw new JqSyntaxError(`${name} takes a string that is written out, as in ${name}("Name")`, at);
}

function collectDefined(part: unknown, names: Set<string>): void {
  if (typeof part !== "object" || part === null) return;
  if (isDefinition(part)) names.add(`${part.definition.name}/${part.definition.parameters.length}`);
  for (const value of Object.values(part)) collectDefined(value, names);
}

/** Nothing else in a tree has such a `kind`. */
function isCall(part: object): part is JqNodeOf<"call"> {
  return "kind" in part && part.kind === "call";
}

function isDefinition(part: object): part is JqNodeOf<"define"> {
  return "kind" in part && part.kind === "define";
}
