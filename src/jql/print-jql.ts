import type { JqlClause, JqlField, JqlOperand, JqlOrderBy, JqlPredicate, JqlQuery } from "./jql-query.ts";
import { toEscape } from "./jql-scanner.ts";
import { classify, isSpecialWord, isWholeNumber } from "./jql-words.ts";

/** The query as text that parses to the same tree. */
export function printJql(query: JqlQuery): string {
  const where = query.where === undefined ? "" : printClause(query.where);
  const orderBy = query.orderBy === undefined ? "" : printOrderBy(query.orderBy);
  return where !== "" && orderBy !== "" ? `${where} ${orderBy}` : where + orderBy;
}

/** `ORDER BY …` as text. */
export function printOrderBy(orderBy: JqlOrderBy): string {
  const sorts = orderBy.sorts.map(({ field, direction }) =>
    direction === undefined ? printField(field) : `${printField(field)} ${direction.toUpperCase()}`,
  );
  return `ORDER BY ${sorts.join(", ")}`;
}

/**
 * A value as it may stand in a query: bare when JQL reads it as one word, in double quotes otherwise.
 * Numbers are quoted, so that Jira takes them for names before it takes them for ids.
 *
 * @example quoteJql("DO") === '"DO"'; quoteJql("ABC-12") === "ABC-12"
 */
export function quoteJql(value: string): string {
  const isPlain =
    value !== "" &&
    !isWholeNumber(value) &&
    !isSpecialWord(value) &&
    Array.from(value).every((character) => classify(character) === "word");
  return isPlain ? value : `"${Array.from(value, escape).join("")}"`;
}

function escape(character: string): string {
  switch (character) {
    case '"':
    case "\\":
      return `\\${character}`;
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    case "\t":
      return "\\t";
    default:
      return classify(character) === "forbidden" ? toEscape(character) : character;
  }
}

function printClause(clause: JqlClause): string {
  switch (clause.type) {
    case "or":
      return clause.clauses.map((part) => (part.type === "or" ? parenthesize(part) : printClause(part))).join(" OR ");
    case "and":
      return clause.clauses
        .map((part) => (part.type === "or" || part.type === "and" ? parenthesize(part) : printClause(part)))
        .join(" AND ");
    case "not": {
      const { clause: inner } = clause;
      return `NOT ${inner.type === "or" || inner.type === "and" ? parenthesize(inner) : printClause(inner)}`;
    }
    case "comparison":
      return `${printField(clause.field)} ${clause.operator.toUpperCase()} ${printOperand(clause.operand)}`;
    case "was":
      return `${printField(clause.field)} ${clause.operator.toUpperCase()} ${printOperand(clause.operand)}${printPredicates(clause.predicates)}`;
    case "changed":
      return `${printField(clause.field)} CHANGED${printPredicates(clause.predicates)}`;
  }
}

function parenthesize(clause: JqlClause): string {
  return `(${printClause(clause)})`;
}

function printPredicates(predicates: readonly JqlPredicate[]): string {
  return predicates.map(({ name, operand }) => ` ${name.toUpperCase()} ${printOperand(operand)}`).join("");
}

function printField(field: JqlField): string {
  const name = field.customFieldId === undefined ? quoteJql(field.name) : field.name;
  const properties = field.properties.map(({ key, path }) => `[${quoteJql(key)}]${path.map(quoteJql).join(" ")}`);
  return name + properties.join("");
}

function printOperand(operand: JqlOperand): string {
  switch (operand.type) {
    case "text":
      return quoteJql(operand.text);
    case "number":
      return operand.text;
    case "empty":
      return "EMPTY";
    case "function":
      return `${quoteJql(operand.name)}(${operand.args.map(printOperand).join(", ")})`;
    case "list":
      return `(${operand.items.map(printOperand).join(", ")})`;
  }
}
