import type { JqBudget } from "./jq-budget.ts";
import type { JqValue } from "./jq-engine.ts";
import { JqLimitError } from "./jq-errors.ts";
import type { JqNode } from "./jq-node.ts";
import { isArray, isObject } from "./jq-value.ts";

/**
 * An output of a hundred nested pairs takes no memory while its parts are shared, and more than there is once somebody
 * writes it down. So whatever leaves is measured as if nothing were shared.
 */
export function checkOutput(value: JqValue, budget: JqBudget): void {
  let left = budget.limits.outputBytes;
  const visit = (value: JqValue): void => {
    left -= typeof value === "string" ? value.length + 2 : 8;
    if (left < 0) {
      throw new JqLimitError("output", `the output is longer than ${budget.limits.outputBytes} bytes`);
    }
    if (isArray(value)) for (const item of value) visit(item);
    else if (isObject(value)) {
      for (const key in value) {
        left -= key.length;
        visit(value[key] ?? null);
      }
    }
  };
  visit(value);
}

/** Whether the output is a part of the input as it is, which needs no check. */
export function isPartOfInput(node: JqNode): boolean {
  if (node.kind === "identity") return true;
  return node.kind === "index" && node.key.kind === "literal" && isPartOfInput(node.target);
}
