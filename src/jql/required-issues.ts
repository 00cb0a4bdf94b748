import { toFieldName } from "./jql-fields.ts";
import type { JqlClause, JqlOperand, JqlQuery } from "./jql-query.ts";

/**
 * The ids and keys of the only issues that can match, when the query names them (`key in (…) AND …`); undefined when
 * others can match too. Spares a look at every issue.
 */
export function requiredIssues(query: JqlQuery): readonly string[] | undefined {
  return query.where && requiredBy(query.where);
}

function requiredBy(clause: JqlClause): readonly string[] | undefined {
  switch (clause.type) {
    case "and":
      return clause.clauses.map(requiredBy).find((required) => required !== undefined);
    case "or": {
      const parts = clause.clauses.map(requiredBy);
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    case "comparison": {
      const isNaming = clause.operator === "=" || clause.operator === "in";
      const isPlain = clause.field.properties.length === 0;
      return isNaming && isPlain && toFieldName(clause.field) === "issuekey" ? toNames(clause.operand) : undefined;
    }
    case "not":
    case "was":
    case "changed":
      return undefined;
  }
}

function toNames(operand: JqlOperand): readonly string[] | undefined {
  switch (operand.type) {
    case "text":
    case "number":
      return [operand.text];
    case "list": {
      const items = operand.items.map(toNames);
      return items.every((names) => names !== undefined) ? items.flat() : undefined;
    }
    case "empty":
      return [];
    case "function":
      return undefined;
  }
}
