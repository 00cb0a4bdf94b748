import type { JqNode } from "../../src/jq/jq-node.ts";
import { parseJq } from "../../src/jq/parse-jq.ts";
import { printJq } from "../../src/jq/print-jq.ts";

/**
 * Misreadings of jq that are easily made, each as a rewriting of programs: an engine that runs the rewritten program
 * behaves as one with the bug. They show that the comparison can fail.
 */
export const PLANTED_BUGS: Readonly<Record<string, (program: string) => string>> = {
  "a // b looks only at whether a is true, output by output": (program) =>
    rewrite(program, (node) => {
      if (node.kind !== "alternative") return node;
      const [left, right] = [printJq(node.left), printJq(node.right)];
      return parseJq(`(${left}) as $planted | if $planted then $planted else ${right} end`);
    }),
  "? covers the whole path before it": (program) =>
    rewrite(program, (node) => {
      const isOptional = "optional" in node && node.optional;
      return isOptional ? { at: node.at, kind: "try", body: { ...node, optional: false }, handler: undefined } : node;
    }),
  "path = value evaluates the value on what the path leads to": (program) =>
    rewrite(program, (node) =>
      node.kind === "assignment" && node.operator === "=" ? { ...node, operator: "|=" } : node,
    ),
  "slices of strings count UTF-16 units": (program) =>
    rewrite(program, (node) => {
      if (node.kind !== "slice" || !isNumber(node.from) || !isNumber(node.to)) return node;
      const { target, ...slice } = node;
      const here = printJq({ ...slice, target: { at: node.at, kind: "identity" } });
      return parseJq(
        `${printJq(target)} | if type == "string" then ${UTF16_UNITS} | ${here} | ${UTF16_TEXT} else ${here} end`,
      );
    }),
  "keys come as they are": (program) =>
    rewrite(program, (node) =>
      node.kind === "call" && node.name === "keys" ? { ...node, name: "keys_unsorted" } : node,
    ),
};

/** Code points, those past 65535 as a pair, of which one half alone is no character. */
const UTF16_UNITS = "(explode | map(if . > 65535 then -., null else . end))";
const UTF16_TEXT = `([range(length) as $at | .[$at] as $unit |
  if $unit == null then if $at == 0 then 65533 else empty end
  elif $unit < 0 then if $at + 1 < length then -$unit else 65533 end
  else $unit end] | implode)`;

function isNumber(node: JqNode | undefined): boolean {
  if (node?.kind === "negate") return isNumber(node.body);
  return node === undefined || (node.kind === "literal" && typeof node.value === "number");
}

function rewrite(program: string, change: (node: JqNode) => JqNode): string {
  let tree: JqNode;
  try {
    tree = parseJq(program);
  } catch {
    return program; // not a program: there is nothing to misread
  }
  return printJq(rewriteParts(tree, change) as JqNode); // each part keeps its kind of thing
}

function rewriteParts(part: unknown, change: (node: JqNode) => JqNode): unknown {
  if (typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) return part.map((child) => rewriteParts(child, change));
  const rewritten = Object.fromEntries(Object.entries(part).map(([key, child]) => [key, rewriteParts(child, change)]));
  return "at" in rewritten && "kind" in rewritten ? change(rewritten as unknown as JqNode) : rewritten; // only nodes have both
}
