import type { JqlPosition } from "./jql-query.ts";
import { JqlSyntaxError } from "./jql-syntax-error.ts";
import { CUSTOM_FIELD_WORD, KEYWORDS, RESERVED_WORDS, classify, isWholeNumber } from "./jql-words.ts";

export interface JqlToken {
  /**
   * - word, quoted: names something; `text` is without quotes and escapes
   * - number: a whole number, not quoted
   * - symbol, keyword: `text` is the symbol, or the keyword in lower case; `&&` is "and", `||` "or"
   * - reserved: a word that may only stand in quotes
   * - custom field: the `cf` of `cf[10010]`
   */
  readonly type: "word" | "quoted" | "number" | "symbol" | "keyword" | "reserved" | "custom field" | "end";
  readonly text: string;
  /** As it stands in the query. */
  readonly raw: string;
  readonly at: JqlPosition;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  "'": "'",
  '"': '"',
  " ": " ",
};
const TWO_CHARACTER_SYMBOLS: ReadonlySet<string> = new Set(["!=", "!~", "<=", ">=", "&&", "||"]);
const LOGICAL_SYMBOLS: Readonly<Record<string, string>> = { "&": "and", "&&": "and", "|": "or", "||": "or" };

/** Cuts a query into tokens, one at a time, so that of two mistakes the first one is reported. */
export class JqlScanner {
  readonly #text: string;
  #offset = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(): JqlToken {
    this.#skipWhiteSpace();
    const at = this.#position();
    const character = this.#text[this.#offset];
    if (character === undefined) return { type: "end", text: "", raw: "", at };
    switch (classify(character)) {
      case "structural":
        return this.#readSymbol(character, at);
      case "quote":
        return this.#readQuoted(character, at);
      case "reserved":
      case "forbidden":
        throw new JqlSyntaxError(
          `The character '${character}' is a reserved JQL character. You must enclose it in a string or use the escape '${toEscape(character)}' instead. ${toPlace(at)}`,
          { at, suggestion: toEscape(character) },
        );
      case "word":
      case "escape":
      case "white space":
        return this.#readWord(at);
    }
  }

  #position(): JqlPosition {
    return { line: this.#line, column: this.#offset - this.#lineStart + 1, offset: this.#offset };
  }

  #advance(count: number): void {
    for (const end = this.#offset + count; this.#offset < end; this.#offset++) {
      if (this.#text[this.#offset] !== "\n") continue;
      this.#line++;
      this.#lineStart = this.#offset + 1;
    }
  }

  #skipWhiteSpace(): void {
    for (let next = this.#text[this.#offset]; next !== undefined; next = this.#text[this.#offset]) {
      if (classify(next) !== "white space") return;
      this.#advance(1);
    }
  }

  #readSymbol(character: string, at: JqlPosition): JqlToken {
    const pair = this.#text.slice(this.#offset, this.#offset + 2);
    const raw = TWO_CHARACTER_SYMBOLS.has(pair) ? pair : character;
    this.#advance(raw.length);
    const keyword = LOGICAL_SYMBOLS[raw];
    return keyword === undefined ? { type: "symbol", text: raw, raw, at } : { type: "keyword", text: keyword, raw, at };
  }

  #readQuoted(quote: string, at: JqlPosition): JqlToken {
    let text = "";
    this.#advance(1);
    for (;;) {
      const character = this.#text[this.#offset];
      if (character === undefined) {
        throw new JqlSyntaxError(`The quoted string '${text}' has not been completed. ${toPlace(at)}`, {
          at,
          expected: [quote],
        });
      }
      if (character === quote) break;
      text += this.#readCharacter(character);
    }
    this.#advance(1);
    return { type: "quoted", text, raw: this.#text.slice(at.offset, this.#offset), at };
  }

  #readWord(at: JqlPosition): JqlToken {
    let text = "";
    for (let character = this.#text[this.#offset]; character !== undefined; character = this.#text[this.#offset]) {
      const characterClass = classify(character);
      if (characterClass !== "word" && characterClass !== "escape") break;
      text += this.#readCharacter(character);
    }
    const raw = this.#text.slice(at.offset, this.#offset);
    return { ...toWordToken(raw, text), raw, at };
  }

  /** One character of a word or of a quoted string, with its escape undone. */
  #readCharacter(character: string): string {
    const at = this.#position();
    if (classify(character) === "forbidden" || character === "\t") {
      throw new JqlSyntaxError(
        `The character '${toEscape(character)}' can only be written as an escape. ${toPlace(at)}`,
        { at, suggestion: toEscape(character) },
      );
    }
    if (character !== "\\") {
      this.#advance(1);
      return character;
    }
    const following = this.#text[this.#offset + 1] ?? "";
    const simple = ESCAPES[following];
    if (simple !== undefined) {
      this.#advance(2);
      return simple;
    }
    const hex = /^u([0-9a-fA-F]{4})$/.exec(this.#text.slice(this.#offset + 1, this.#offset + 6))?.[1];
    if (hex === undefined) {
      throw new JqlSyntaxError(
        `'\\${following}' is an illegal JQL escape sequence. The valid escape sequences are \\', \\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX. ${toPlace(at)}`,
        { at, suggestion: `\\\\${following}` },
      );
    }
    this.#advance(6);
    return String.fromCharCode(Number.parseInt(hex, 16));
  }
}

function toWordToken(raw: string, text: string): Pick<JqlToken, "type" | "text"> {
  if (isWholeNumber(raw)) return { type: "number", text };
  if (!/^[A-Za-z]+$/.test(raw)) return { type: "word", text };
  const lower = raw.toLowerCase();
  if (KEYWORDS.has(lower)) return { type: "keyword", text: lower === "null" ? "empty" : lower };
  if (RESERVED_WORDS.has(lower)) return { type: "reserved", text };
  return { type: lower === CUSTOM_FIELD_WORD ? "custom field" : "word", text };
}

/** `\u0040` for `@`. */
export function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

export function toPlace(at: JqlPosition): string {
  return `(line ${at.line}, character ${at.column})`;
}
