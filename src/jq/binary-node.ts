import type { ArithmeticOperator, AssignmentOperator, ComparisonOperator, JqNode } from "./jq-node.ts";

/** The node of two operands for an operator of the table of precedences. */
export function toBinary(operator: string, left: JqNode, right: JqNode): JqNode {
  const { at } = left;
  switch (operator) {
    case "|":
      return { kind: "pipe", at, left, right };
    case ",":
      return { kind: "comma", at, left, right };
    case "//":
      return { kind: "alternative", at, left, right };
    case "and":
    case "or":
      return { kind: operator, at, left, right };
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return { kind: "arithmetic", at, operator: operator satisfies ArithmeticOperator, left, right };
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return { kind: "comparison", at, operator: operator satisfies ComparisonOperator, left, right };
    default:
      // The table of operators holds nothing else.
      return { kind: "assignment", at, operator: operator as AssignmentOperator, left, right };
  }
}
