import { JqSyntaxError } from "./jq-errors.ts";
import type { JqValue } from "./jq-engine.ts";
import type { JqNode } from "./jq-node.ts";
import { name } from "./jq-value.ts";

/** The only output of a program, when that is written out in it. */
export function toConstant(node: JqNode): JqValue | undefined {
  switch (node.kind) {
    case "literal":
      return node.value;
    case "template":
      return node.format === undefined && node.parts.every((part) => typeof part === "string")
        ? node.parts.join("")
        : undefined;
    case "negate": {
      const value = toConstant(node.body);
      return typeof value === "number" ? 0 - value : undefined; // never -0, as the program
    }
    case "array":
      return node.body === undefined ? [] : toConstantItems(node.body);
    case "object": {
      const entries = node.entries.map(({ key, value }) => [toConstant(key), toConstant(value)] as const);
      return entries.every(
        (entry): entry is [string, JqValue] => typeof entry[0] === "string" && entry[1] !== undefined,
      )
        ? Object.fromEntries(entries)
        : undefined;
    }
    default:
      return undefined;
  }
}

function toConstantItems(body: JqNode): readonly JqValue[] | undefined {
  const items = body.kind === "comma" ? toConstantItems(body.left) : [];
  const last = toConstant(body.kind === "comma" ? body.right : body);
  return items === undefined || last === undefined ? undefined : [...items, last];
}

/** Like jq, refuses a key that is written out and no string when it compiles, not when it runs. */
export function assertWrittenKey(key: JqNode): void {
  const value = key.kind === "negate" ? undefined : toConstant(key);
  if (value === undefined || typeof value === "string") return;
  throw new JqSyntaxError(`Cannot use ${name(value)} as object key`, key.at);
}
