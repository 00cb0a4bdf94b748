import type { JqlClause, JqlField, JqlOperand, JqlPredicate, JqlQuery } from "../../src/jql/jql-query.ts";

/** The structure of a query without positions, in the notation in which the oracle's trees are written too. */
export function toShape({ where, orderBy }: JqlQuery): string {
  const order = (orderBy?.sorts ?? []).map(({ field, direction }) =>
    direction === undefined ? fieldShape(field) : `${fieldShape(field)} ${direction}`,
  );
  return `${where === undefined ? "" : clauseShape(where)} order ${order.join(" ")}`;
}

function clauseShape(clause: JqlClause): string {
  switch (clause.type) {
    case "and":
    case "or":
      return `(${clause.type} ${clause.clauses.map(clauseShape).join(" ")})`;
    case "not":
      return `(not ${clauseShape(clause.clause)})`;
    case "comparison":
      return `(${clause.operator} ${fieldShape(clause.field)} ${operandShape(clause.operand)})`;
    case "was":
      return `(${[clause.operator, fieldShape(clause.field), operandShape(clause.operand), ...clause.predicates.map(predicateShape)].join(" ")})`;
    case "changed":
      return `(${["changed", fieldShape(clause.field), ...clause.predicates.map(predicateShape)].join(" ")})`;
  }
}

function predicateShape({ name, operand }: JqlPredicate): string {
  return `{${name} ${operandShape(operand)}}`;
}

function operandShape(operand: JqlOperand): string {
  switch (operand.type) {
    case "text":
      return JSON.stringify(operand.text);
    case "number":
      return operand.text;
    case "empty":
      return "empty";
    case "function":
      return `${JSON.stringify(operand.name)}(${operand.args.map(operandShape).join(" ")})`;
    case "list":
      return `[${operand.items.map(operandShape).join(" ")}]`;
  }
}

function fieldShape(field: JqlField): string {
  const name = field.customFieldId === undefined ? JSON.stringify(field.name) : field.name;
  const properties = field.properties.map(
    ({ key, path }) => `[${JSON.stringify(key)}]${path.map((part) => JSON.stringify(part)).join("")}`,
  );
  return name + properties.join("");
}
