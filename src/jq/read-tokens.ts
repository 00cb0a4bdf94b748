import { JqSyntaxError } from "./jq-errors.ts";
import { JqTokenizer, type JqStringPart, type JqToken } from "./tokenize-jq.ts";

const PREFIXES: Readonly<Record<string, string>> = { field: ".", variable: "$", format: "@" };

/** The tokens of a program with one token of lookahead. */
export class JqTokenReader {
  readonly #tokenizer: JqTokenizer;
  #token: JqToken;

  constructor(source: string) {
    this.#tokenizer = new JqTokenizer(source);
    this.#token = this.#tokenizer.next();
  }

  get token(): JqToken {
    return this.#token;
  }

  advance(): JqToken {
    const token = this.#token;
    this.#token = this.#tokenizer.next();
    return token;
  }

  /** With the opening quote, or the bracket that closes `\\( )`, as the current token: the string up to its next turn. */
  readStringPart(): JqStringPart {
    const part = this.#tokenizer.readStringPart(this.#token.end);
    this.#token = this.#tokenizer.next();
    return part;
  }

  isAt(kind: JqToken["kind"]): boolean {
    return this.#token.kind === kind;
  }

  /** Whether the current token is this symbol or keyword. */
  is(text: string): boolean {
    return this.#token.kind === "symbol" && this.#token.text === text;
  }

  /** A name or a keyword; both may be keys. */
  isWord(): boolean {
    return this.#token.kind === "name" || (this.#token.kind === "symbol" && /^\w/.test(this.#token.text));
  }

  takes(text: string): boolean {
    const isThere = this.is(text);
    if (isThere) this.advance();
    return isThere;
  }

  expect(text: string): void {
    if (!this.takes(text)) throw this.unexpected([text]);
  }

  takeVariable(): string {
    if (this.#token.kind !== "variable") throw this.unexpected(["$name"]);
    return this.advance().text;
  }

  unexpected(expected: readonly string[]): JqSyntaxError {
    const { kind, text, at } = this.#token;
    const found = kind === "end" ? "the program ends" : `unexpected ${PREFIXES[kind] ?? ""}${text}`;
    const hint = text === "?//" ? " (write ? // with a space for the alternative operator)" : "";
    return new JqSyntaxError(`${found}${hint}, expected ${expected.join(" or ")}`, at, expected);
  }
}
