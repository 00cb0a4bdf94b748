import { closest } from "../runtime/closest.ts";
import type {
  JqlClause,
  JqlField,
  JqlFieldProperty,
  JqlFunction,
  JqlLiteral,
  JqlList,
  JqlOperand,
  JqlOperator,
  JqlOrderBy,
  JqlPosition,
  JqlPredicate,
  JqlPredicateName,
  JqlQuery,
  JqlSort,
} from "./jql-query.ts";
import { JqlScanner, toPlace } from "./jql-scanner.ts";
import type { JqlToken } from "./jql-scanner.ts";
import { JqlSyntaxError } from "./jql-syntax-error.ts";
import { OPERATORS } from "./jql-words.ts";

/** Parentheses and NOTs inside one another; a limit keeps hostile queries from exhausting the stack. */
const MAX_DEPTH = 500;

const WAS_PREDICATES: readonly JqlPredicateName[] = ["after", "before", "on", "during", "by"];
const CHANGED_PREDICATES: readonly JqlPredicateName[] = [...WAS_PREDICATES, "from", "to"];

/**
 * The tree of a query. Throws JqlSyntaxError at the first thing that Jira would not accept either.
 *
 * @example parseJql('project = "DO" AND status != Done ORDER BY created DESC')
 */
export function parseJql(text: string): JqlQuery {
  return new JqlParser(new JqlScanner(text)).parseQuery();
}

/** Recursive descent with one token of lookahead; one method per rule of the grammar. */
class JqlParser {
  readonly #scanner: JqlScanner;
  #token: JqlToken;
  #depth = 0;

  constructor(scanner: JqlScanner) {
    this.#scanner = scanner;
    this.#token = scanner.next();
  }

  parseQuery(): JqlQuery {
    const hasWhere = this.#token.type !== "end" && !this.#isKeyword("order");
    const where = hasWhere ? this.#parseOr() : undefined;
    const orderBy = this.#isKeyword("order") ? this.#parseOrderBy() : undefined;
    if (this.#token.type !== "end") this.#fail(orderBy === undefined ? ["OR", "AND"] : [",", "the end of the query"]);
    return { where, orderBy };
  }

  #parseOr(): JqlClause {
    const { at } = this.#token;
    const clauses = [this.#parseAnd()];
    while (this.#take("keyword", "or")) clauses.push(this.#parseAnd());
    return clauses.length === 1 && clauses[0] !== undefined ? clauses[0] : { type: "or", clauses, at };
  }

  #parseAnd(): JqlClause {
    const { at } = this.#token;
    const clauses = [this.#parseNot()];
    while (this.#take("keyword", "and")) clauses.push(this.#parseNot());
    return clauses.length === 1 && clauses[0] !== undefined ? clauses[0] : { type: "and", clauses, at };
  }

  #parseNot(): JqlClause {
    const { at } = this.#token;
    if (++this.#depth > MAX_DEPTH) {
      throw new JqlSyntaxError(`The query is nested more than ${MAX_DEPTH} levels deep. ${toPlace(at)}`, { at });
    }
    const clause = this.#parseNotOrPart(at);
    this.#depth--;
    return clause;
  }

  #parseNotOrPart(at: JqlPosition): JqlClause {
    if (this.#take("keyword", "not") || this.#take("symbol", "!")) {
      return { type: "not", clause: this.#parseNot(), at };
    }
    if (!this.#take("symbol", "(")) return this.#parseTerminal();
    const clause = this.#parseOr();
    this.#expect("symbol", ")");
    return clause;
  }

  #parseTerminal(): JqlClause {
    const { at } = this.#token;
    const field = this.#parseField();
    const token = this.#token;
    if (token.type === "symbol") {
      switch (token.text) {
        case "=":
        case "!=":
        case "~":
        case "!~":
          this.#advance();
          return { type: "comparison", field, operator: token.text, operand: this.#parseValueOrEmpty(), at };
        case "<":
        case "<=":
        case ">":
        case ">=":
          this.#advance();
          return { type: "comparison", field, operator: token.text, operand: this.#parseValue(), at };
      }
    }
    return token.type === "keyword" ? this.#parseWordOperator(field, at) : this.#failAtOperator();
  }

  #parseWordOperator(field: JqlField, at: JqlPosition): JqlClause {
    if (this.#take("keyword", "was")) return this.#parseWas(field, at);
    if (this.#take("keyword", "changed")) {
      return { type: "changed", field, predicates: this.#parsePredicates(CHANGED_PREDICATES), at };
    }
    if (this.#take("keyword", "is")) {
      const operator: JqlOperator = this.#take("keyword", "not") ? "is not" : "is";
      const operand = this.#parseEmpty() ?? this.#fail(["EMPTY", "NULL"]);
      return { type: "comparison", field, operator, operand, at };
    }
    const isNegative = this.#take("keyword", "not");
    if (!this.#take("keyword", "in")) return isNegative ? this.#fail(["IN"]) : this.#failAtOperator();
    return {
      type: "comparison",
      field,
      operator: isNegative ? "not in" : "in",
      operand: this.#parseListOrFunction(),
      at,
    };
  }

  #parseWas(field: JqlField, at: JqlPosition): JqlClause {
    const isNegative = this.#take("keyword", "not");
    if (this.#take("keyword", "in")) {
      const operand = this.#parseListOrFunction();
      const predicates = this.#parsePredicates(WAS_PREDICATES);
      return { type: "was", field, operator: isNegative ? "was not in" : "was in", operand, predicates, at };
    }
    const operand = this.#parseValueOrEmpty();
    const predicates = this.#parsePredicates(WAS_PREDICATES);
    return { type: "was", field, operator: isNegative ? "was not" : "was", operand, predicates, at };
  }

  #parsePredicates(names: readonly JqlPredicateName[]): JqlPredicate[] {
    const predicates: JqlPredicate[] = [];
    for (;;) {
      const { at } = this.#token;
      const name = names.find((candidate) => this.#take("keyword", candidate));
      if (name === undefined) return predicates;
      predicates.push({ name, operand: this.#parseOperand(), at });
    }
  }

  #parseField(): JqlField {
    const { at } = this.#token;
    if (this.#token.type === "custom field") {
      this.#advance();
      const id = this.#parseCustomFieldId();
      return { name: `cf[${id}]`, customFieldId: id, properties: this.#parseProperties(), at };
    }
    const isNumber = this.#token.type === "number";
    const { text } = this.#parseLiteral("a field name");
    return { name: text, customFieldId: undefined, properties: isNumber ? [] : this.#parseProperties(), at };
  }

  #parseCustomFieldId(): string {
    this.#expect("symbol", "[");
    const { type, text } = this.#token;
    if (type !== "number" || text.startsWith("-")) this.#fail(["the number of a custom field"]);
    this.#advance();
    this.#expect("symbol", "]");
    return text;
  }

  #parseProperties(): JqlFieldProperty[] {
    const properties: JqlFieldProperty[] = [];
    while (this.#take("symbol", "[")) {
      const key = this.#parseLiteral("the key of a property").text;
      this.#expect("symbol", "]");
      const path: string[] = [];
      while (this.#isLiteral()) path.push(this.#parseLiteral("a path").text);
      properties.push({ key, path });
    }
    return properties;
  }

  #parseOperand(): JqlOperand {
    return this.#isSymbol("(") ? this.#parseList() : this.#parseValueOrEmpty();
  }

  #parseValueOrEmpty(): JqlOperand {
    return this.#parseEmpty() ?? this.#parseValue();
  }

  #parseListOrFunction(): JqlOperand {
    if (this.#isSymbol("(")) return this.#parseList();
    const { at } = this.#token;
    const value = this.#parseValue();
    if (value.type === "function") return value;
    throw new JqlSyntaxError(
      `Operator 'IN' does not support the non-list value '${value.text}'. Put it in parentheses. ${toPlace(at)}`,
      { at, expected: ["(", "a function"], suggestion: `(${value.text})` },
    );
  }

  #parseList(): JqlList {
    const { at } = this.#token;
    const items: JqlOperand[] = [];
    if (++this.#depth > MAX_DEPTH) {
      throw new JqlSyntaxError(`The query is nested more than ${MAX_DEPTH} levels deep. ${toPlace(at)}`, { at });
    }
    this.#expect("symbol", "(");
    do items.push(this.#parseOperand());
    while (this.#take("symbol", ","));
    this.#expect("symbol", ")");
    this.#depth--;
    return { type: "list", items, at };
  }

  #parseEmpty(): JqlOperand | undefined {
    const { at } = this.#token;
    return this.#take("keyword", "empty") ? { type: "empty", at } : undefined;
  }

  #parseValue(): JqlLiteral | JqlFunction {
    const literal = this.#parseLiteral("either a value, list or function");
    return this.#isSymbol("(") ? this.#parseFunction(literal) : literal;
  }

  #parseFunction(name: JqlLiteral): JqlFunction {
    const args: JqlLiteral[] = [];
    this.#expect("symbol", "(");
    if (!this.#isSymbol(")")) {
      do args.push(this.#parseLiteral("an argument of the function"));
      while (this.#take("symbol", ","));
    }
    this.#expect("symbol", ")");
    return { type: "function", name: name.text, args, at: name.at };
  }

  #parseLiteral(role: string): JqlLiteral {
    const { type, text, at } = this.#token;
    if (!this.#isLiteral()) return this.#fail([role]);
    this.#advance();
    return { type: type === "number" ? "number" : "text", text, at };
  }

  #parseOrderBy(): JqlOrderBy {
    const { at } = this.#token;
    const sorts: JqlSort[] = [];
    this.#expect("keyword", "order");
    this.#expect("keyword", "by");
    do {
      const field = this.#parseField();
      const direction = this.#take("keyword", "asc") ? "asc" : this.#take("keyword", "desc") ? "desc" : undefined;
      sorts.push({ field, direction });
    } while (this.#take("symbol", ","));
    return { sorts, at };
  }

  #isKeyword(text: string): boolean {
    return this.#token.type === "keyword" && this.#token.text === text;
  }

  #isSymbol(text: string): boolean {
    return this.#token.type === "symbol" && this.#token.text === text;
  }

  #isLiteral(): boolean {
    return this.#token.type === "word" || this.#token.type === "quoted" || this.#token.type === "number";
  }

  #advance(): void {
    this.#token = this.#scanner.next();
  }

  #take(type: JqlToken["type"], text: string): boolean {
    if (this.#token.type !== type || this.#token.text !== text) return false;
    this.#advance();
    return true;
  }

  #expect(type: "symbol" | "keyword", text: string): void {
    if (!this.#take(type, text)) this.#fail([type === "keyword" ? text.toUpperCase() : text]);
  }

  #failAtOperator(): never {
    const got = this.#token.type === "end" ? "before the end of the query." : `but got '${this.#token.raw}'.`;
    const last = OPERATORS.at(-1) ?? "";
    const listed = OPERATORS.slice(0, -1).map((operator) => `'${operator}'`);
    this.#throw(
      `Expecting operator ${got} The valid operators are ${listed.join(", ")} and '${last}'.`,
      OPERATORS,
      this.#token.type === "end" ? undefined : closest(this.#token.raw, [...OPERATORS, "WAS", "CHANGED"]),
    );
  }

  #fail(expected: readonly string[]): never {
    const { type, raw } = this.#token;
    const wanted = describe(expected);
    if (type === "end") this.#throw(`Expecting ${wanted} before the end of the query.`, expected, undefined);
    const wantsName = expected.length === 1 && wanted.includes(" ");
    if (wantsName && (type === "reserved" || type === "keyword" || type === "custom field")) {
      this.#throw(
        `Expecting ${wanted} but got '${raw}'. You must surround '${raw}' in quotation marks to use it as a value.`,
        expected,
        `"${raw}"`,
      );
    }
    this.#throw(`Expecting ${wanted} but got '${raw}'.`, expected, closest(raw, expected));
  }

  #throw(message: string, expected: readonly string[], suggestion: string | undefined): never {
    const { at } = this.#token;
    throw new JqlSyntaxError(`${message} ${toPlace(at)}`, { at, expected, suggestion });
  }
}

function describe(expected: readonly string[]): string {
  const words = expected.map((what) => (what.includes(" ") ? what : `'${what}'`));
  return words.length > 1 ? `either ${words.join(" or ")}` : (words[0] ?? "");
}
