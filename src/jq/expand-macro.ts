import type { Builtin } from "./builtins/builtin.ts";
import { JqSyntaxError } from "./jq-errors.ts";
import type { JqNode, JqNodeOf } from "./jq-node.ts";
import { parseJq } from "./parse-jq.ts";

/** What a call of a macro stands for. Throws JqSyntaxError unless its argument is a string that is written out. */
export function expandMacro(
  { name, args, at }: JqNodeOf<"call">,
  { expand }: Extract<Builtin, { readonly kind: "macro" }>,
): JqNode {
  const [argument] = args;
  if (argument?.kind === "literal" && typeof argument.value === "string") return parseJq(expand(argument.value));
  throw new JqSyntaxError(`${name} takes a string that is written out, as in ${name}("Name")`, at);
}
