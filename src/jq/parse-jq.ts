import { toBinary } from "./binary-node.ts";
import { JqSyntaxError } from "./jq-errors.ts";
import type { JqDefinition, JqNode, JqObjectEntry, JqParameter, JqPosition } from "./jq-node.ts";
import { EXPRESSION, OPERATORS, PIPE, type JqOperator } from "./jq-precedence.ts";
import { parsePatterns } from "./parse-patterns.ts";
import { JqTokenReader } from "./read-tokens.ts";

/** Nesting that no person writes; it keeps the recursion of everything that walks a tree within the stack. */
const MAX_NESTING = 400;
const CONSTANTS: ReadonlyMap<string, null | boolean> = new Map([
  ["null", null],
  ["true", true],
  ["false", false],
]);

/** Parses the language of jq 1.8 without modules. Throws JqSyntaxError. */
export function parseJq(source: string): JqNode {
  return new JqParser(source).parseProgram();
}

/** Recursive descent with operator precedence. */
class JqParser {
  readonly #reader: JqTokenReader;
  #nesting = 0;

  constructor(source: string) {
    this.#reader = new JqTokenReader(source);
  }

  parseProgram(): JqNode {
    if (this.#reader.isAt("end")) {
      throw new JqSyntaxError("the program is empty", this.#reader.token.at, ["an expression"]);
    }
    const program = this.#parseQuery();
    if (!this.#reader.isAt("end")) throw this.#reader.unexpected(["an operator", "the end of the program"]);
    return program;
  }

  /** Everything: definitions, labels, bindings, pipes and commas. */
  #parseQuery(minimum = PIPE): JqNode {
    this.#enter();
    let left = this.#parseQueryOperand();
    for (;;) {
      const operator = this.#operator();
      if (operator === undefined || operator.precedence < minimum || operator.precedence >= EXPRESSION) break;
      const { text } = this.#reader.advance();
      left = toBinary(text, left, this.#parseQuery(text === "|" ? PIPE : operator.precedence + 1));
    }
    this.#nesting--;
    return left;
  }

  #parseQueryOperand(): JqNode {
    const { at } = this.#reader.token;
    if (this.#reader.is("def")) {
      const definition = this.#parseDefinition();
      return { kind: "define", at, definition, body: this.#parseQuery() };
    }
    if (this.#reader.takes("label")) {
      const name = this.#reader.takeVariable();
      this.#reader.expect("|");
      return { kind: "label", at, name, body: this.#parseQuery() };
    }
    const source = this.#parseExpression();
    if (!this.#reader.is("as")) return source;
    const patterns = parsePatterns(this.#reader, () => this.#parsePatternKey());
    this.#reader.expect("|");
    return { kind: "bind", at, source, patterns, body: this.#parseQuery() };
  }

  /** Operators tighter than the comma. */
  #parseExpression(minimum = EXPRESSION): JqNode {
    this.#enter();
    let left = this.#parseUnary();
    for (;;) {
      const operator = this.#operator();
      if (operator === undefined || operator.precedence < minimum) break;
      const { text } = this.#reader.advance();
      const { precedence, associativity } = operator;
      left = toBinary(text, left, this.#parseExpression(associativity === "right" ? precedence : precedence + 1));
      if (associativity === "none" && this.#operator()?.precedence === precedence) {
        throw this.#reader.unexpected([`parentheses: ${text} and ${this.#reader.token.text} do not chain`]);
      }
    }
    this.#nesting--;
    return left;
  }

  #operator(): JqOperator | undefined {
    const { kind, text } = this.#reader.token;
    return kind === "symbol" ? OPERATORS.get(text) : undefined;
  }

  /** Also what `try` and `catch` take. */
  #parseUnary(): JqNode {
    this.#enter();
    const { at } = this.#reader.token;
    let node: JqNode;
    if (this.#reader.takes("-")) node = { kind: "negate", at, body: this.#parseUnary() };
    else if (this.#reader.takes("try")) {
      const body = this.#parseUnary();
      node = { kind: "try", at, body, handler: this.#reader.takes("catch") ? this.#parseUnary() : undefined };
    } else node = this.#parseTerm();
    this.#nesting--;
    return node;
  }

  #enter(): void {
    if (++this.#nesting > MAX_NESTING) {
      throw new JqSyntaxError("the program is nested too deeply", this.#reader.token.at);
    }
  }

  #parseTerm(): JqNode {
    let term = this.#parsePrimary();
    for (;;) {
      const { at } = this.#reader.token;
      if (this.#reader.token.kind === "field") {
        const key: JqNode = { kind: "literal", at, value: this.#reader.advance().text };
        term = { kind: "index", at, target: term, key, optional: this.#reader.takes("?") };
      } else if (this.#reader.is(".")) {
        this.#reader.advance();
        if (this.#reader.is("[")) term = this.#parseBrackets(term);
        else term = this.#parseQuotedField(term, at);
      } else if (this.#reader.is("[")) term = this.#parseBrackets(term);
      else if (this.#reader.takes("?")) term = { kind: "try", at, body: term, handler: undefined };
      else return term;
    }
  }

  #parseQuotedField(target: JqNode, at: JqPosition): JqNode {
    if (this.#reader.token.kind !== "quote" && this.#reader.token.kind !== "format") {
      throw this.#reader.unexpected(["a name right behind the dot, as in .name", 'a string, as in ."some name"', "["]);
    }
    const key = this.#parseString();
    return { kind: "index", at, target, key, optional: this.#reader.takes("?") };
  }

  #parseBrackets(target: JqNode): JqNode {
    const { at } = this.#reader.token;
    this.#reader.expect("[");
    if (this.#reader.takes("]")) return { kind: "iterate", at, target, optional: this.#reader.takes("?") };
    const from = this.#reader.is(":") ? undefined : this.#parseQuery();
    if (from === undefined || this.#reader.is(":")) {
      this.#reader.expect(":");
      const to = from !== undefined && this.#reader.is("]") ? undefined : this.#parseQuery();
      this.#reader.expect("]");
      return { kind: "slice", at, target, from, to, optional: this.#reader.takes("?") };
    }
    this.#reader.expect("]");
    return { kind: "index", at, target, key: from, optional: this.#reader.takes("?") };
  }

  #parsePrimary(): JqNode {
    const token = this.#reader.token;
    const { at } = token;
    switch (token.kind) {
      case "number":
        this.#reader.advance();
        return { kind: "literal", at, value: Number(token.text) };
      case "quote":
        return this.#parseString();
      case "format":
        return this.#parseFormat();
      case "field": {
        this.#reader.advance();
        const key: JqNode = { kind: "literal", at, value: token.text };
        return { kind: "index", at, target: { kind: "identity", at }, key, optional: this.#reader.takes("?") };
      }
      case "variable":
        this.#reader.advance();
        return token.text === "__loc__" ? { kind: "location", at } : { kind: "variable", at, name: token.text };
      case "name":
        return this.#parseCall();
      case "symbol":
        return this.#parseSymbol(token.text, at);
      case "end":
        throw this.#reader.unexpected(["an expression"]);
    }
  }

  #parseSymbol(text: string, at: JqPosition): JqNode {
    switch (text) {
      case ".": {
        this.#reader.advance();
        const identity: JqNode = { kind: "identity", at };
        const isField = this.#reader.token.kind === "quote" || this.#reader.token.kind === "format";
        return isField ? this.#parseQuotedField(identity, at) : identity;
      }
      case "..":
        this.#reader.advance();
        return { kind: "descend", at };
      case "(": {
        this.#reader.advance();
        const body = this.#parseQuery();
        this.#reader.expect(")");
        return body;
      }
      case "[": {
        this.#reader.advance();
        if (this.#reader.takes("]")) return { kind: "array", at, body: undefined };
        const body = this.#parseQuery();
        this.#reader.expect("]");
        return { kind: "array", at, body };
      }
      case "{":
        return this.#parseObject(at);
      case "if":
        this.#reader.advance();
        return this.#parseIf(at);
      case "reduce":
      case "foreach":
        return this.#parseFold(text, at);
      case "import":
      case "include":
      case "module":
        throw new JqSyntaxError(`${text} is not available: a program stands alone`, at);
      default:
        throw this.#reader.unexpected(["an expression"]);
    }
  }

  #parseCall(): JqNode {
    const { at, text: name } = this.#reader.advance();
    if (name === "break" && this.#reader.token.kind === "variable")
      return { kind: "break", at, name: this.#reader.takeVariable() };
    if (name.includes("::")) throw new JqSyntaxError(`${name} is not available: there are no modules`, at);
    if (!this.#reader.takes("(")) {
      const constant = CONSTANTS.get(name);
      return constant === undefined ? { kind: "call", at, name, args: [] } : { kind: "literal", at, value: constant };
    }
    const args = [this.#parseQuery()];
    while (this.#reader.takes(";")) args.push(this.#parseQuery());
    this.#reader.expect(")");
    return { kind: "call", at, name, args };
  }

  #parseFormat(): JqNode {
    const { at, text: name } = this.#reader.token;
    this.#reader.advance();
    return this.#reader.token.kind === "quote" ? this.#parseString(name) : { kind: "format", at, name };
  }

  /** The current token is the opening quote, or a format that stands before it. */
  #parseString(format?: string): JqNode {
    if (this.#reader.token.kind === "format") {
      const { text } = this.#reader.advance();
      if (!this.#reader.isAt("quote")) throw this.#reader.unexpected(["a string"]);
      return this.#parseString(text);
    }
    const { at } = this.#reader.token;
    const parts: (string | JqNode)[] = [];
    for (let isOpen = true; isOpen;) {
      const { text, opensExpression } = this.#reader.readStringPart();
      if (text !== "") parts.push(text);
      if (opensExpression) {
        parts.push(this.#parseQuery());
        if (!this.#reader.is(")")) throw this.#reader.unexpected([") that closes \\("]);
      }
      isOpen = opensExpression;
    }
    const [only = ""] = parts;
    if (parts.length < 2 && typeof only === "string") return { kind: "literal", at, value: only };
    return { kind: "template", at, format, parts };
  }

  #parseObject(at: JqPosition): JqNode {
    this.#reader.expect("{");
    const entries: JqObjectEntry[] = [];
    while (!this.#reader.is("}")) {
      entries.push(this.#parseObjectEntry());
      if (!this.#reader.takes(",") && !this.#reader.is("}")) throw this.#reader.unexpected(["an operator", ",", "}"]);
    }
    this.#reader.advance();
    return { kind: "object", at, entries };
  }

  #parseObjectEntry(): JqObjectEntry {
    const { at, kind, text } = this.#reader.token;
    if (kind === "variable") {
      this.#reader.advance();
      const value: JqNode = text === "__loc__" ? { kind: "location", at } : { kind: "variable", at, name: text };
      if (this.#reader.takes(":")) return { key: value, value: this.#parseObjectValue() };
      return { key: { kind: "literal", at, value: text }, value };
    }
    if (this.#reader.takes("(")) {
      const key = this.#parseQuery();
      this.#reader.expect(")");
      this.#reader.expect(":");
      return { key, value: this.#parseObjectValue() };
    }
    if (!this.#reader.isWord() && kind !== "quote" && kind !== "format") {
      throw this.#reader.unexpected(["a key: a name, a string, $name or (expression)"]);
    }
    const key = this.#parseKey();
    if (this.#reader.takes(":")) return { key, value: this.#parseObjectValue() };
    return { key, value: { kind: "index", at, target: { kind: "identity", at }, key, optional: false } };
  }

  #parseObjectValue(): JqNode {
    const left = this.#parseExpression();
    return this.#reader.takes("|") ? toBinary("|", left, this.#parseObjectValue()) : left;
  }

  /** A name, a keyword or a string. */
  #parseKey(): JqNode {
    if (!this.#reader.isWord()) return this.#parseString();
    const { at, text } = this.#reader.advance();
    return { kind: "literal", at, value: text };
  }

  /** The key of a field in a pattern, up to the colon. */
  #parsePatternKey(): JqNode {
    if (this.#reader.takes("(")) {
      const key = this.#parseQuery();
      this.#reader.expect(")");
      return key;
    }
    return this.#parseKey();
  }

  #parseIf(at: JqPosition): JqNode {
    const condition = this.#parseQuery();
    this.#reader.expect("then");
    const whenTrue = this.#parseQuery();
    const next = this.#reader.token.at;
    if (this.#reader.takes("elif")) return { kind: "if", at, condition, whenTrue, whenFalse: this.#parseIf(next) };
    const whenFalse = this.#reader.takes("else") ? this.#parseQuery() : undefined;
    this.#reader.expect("end");
    return { kind: "if", at, condition, whenTrue, whenFalse };
  }

  #parseFold(kind: "reduce" | "foreach", at: JqPosition): JqNode {
    this.#reader.advance();
    const source = this.#parseExpression();
    const patterns = parsePatterns(this.#reader, () => this.#parsePatternKey());
    this.#reader.expect("(");
    const start = this.#parseQuery();
    this.#reader.expect(";");
    const update = this.#parseQuery();
    const extract = kind === "foreach" && this.#reader.takes(";") ? this.#parseQuery() : undefined;
    this.#reader.expect(")");
    return kind === "reduce"
      ? { kind, at, source, patterns, start, update }
      : { kind, at, source, patterns, start, update, extract };
  }

  #parseDefinition(): JqDefinition {
    const { at } = this.#reader.token;
    this.#reader.expect("def");
    if (this.#reader.token.kind !== "name") throw this.#reader.unexpected(["the name of the function"]);
    const { text: name } = this.#reader.advance();
    if (name.includes("::")) throw new JqSyntaxError(`${name} is not available: there are no modules`, at);
    const parameters: JqParameter[] = [];
    if (this.#reader.takes("(")) {
      do parameters.push(this.#parseParameter());
      while (this.#reader.takes(";"));
      this.#reader.expect(")");
    }
    this.#reader.expect(":");
    const body = this.#parseQuery();
    this.#reader.expect(";");
    return { at, name, parameters, body };
  }

  #parseParameter(): JqParameter {
    const isValue = this.#reader.token.kind === "variable";
    if (!isValue && !this.#reader.isWord()) throw this.#reader.unexpected(["the name of a parameter"]);
    return { name: this.#reader.advance().text, isValue };
  }
}
