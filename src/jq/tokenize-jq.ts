import { JqSyntaxError } from "./jq-errors.ts";
import type { JqPosition } from "./jq-node.ts";

export type JqToken = { readonly at: JqPosition; readonly end: number } & (
  | { readonly kind: "name" | "field" | "variable" | "format" | "number"; readonly text: string }
  /** Keywords are symbols: what they mean depends on where they stand. */
  | { readonly kind: "symbol"; readonly text: string }
  /** The opening `"`; what follows is read with `readStringPart`. */
  | { readonly kind: "quote"; readonly text: '"' }
  | { readonly kind: "end"; readonly text: "" }
);

/** A piece of a string up to its end or to `\(`. */
export interface JqStringPart {
  readonly text: string;
  readonly opensExpression: boolean;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  "def if then elif else end as reduce foreach try catch label and or import include module __loc__".split(" "),
);

const NAME = "[a-zA-Z_][a-zA-Z_0-9]*";
const SPACE = /(?:[ \t\r\n]+|#(?:\\(?:\r\n|[\s\S])|[^\\\n])*)+/y;
const TOKEN = new RegExp(
  [
    String.raw`\.(?<field>${NAME})`,
    String.raw`\$(?<variable>(?:${NAME}::)*${NAME})`,
    String.raw`(?<format>@[a-zA-Z0-9_]+)`,
    String.raw`(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)`,
    String.raw`(?<name>(?:${NAME}::)*${NAME})`,
    String.raw`(?<symbol>\?//|//=|\|=|\+=|-=|\*=|/=|%=|==|!=|<=|>=|//|\.\.|[.?=<>+\-*/%|,:;()[\]{}$"])`,
  ].join("|"),
  "y",
);
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Cuts a program into tokens, one at a time, because only the parser knows when a string goes on after `\( )`. */
export class JqTokenizer {
  readonly #source: string;
  #offset = 0;
  #line = 1;
  #lineStart = 0;
  #counted = 0;

  constructor(source: string) {
    this.#source = source;
  }

  next(): JqToken {
    SPACE.lastIndex = this.#offset;
    if (SPACE.test(this.#source)) this.#offset = SPACE.lastIndex;
    const at = this.#position(this.#offset);
    if (this.#offset >= this.#source.length) return { kind: "end", text: "", at, end: this.#offset };
    TOKEN.lastIndex = this.#offset;
    const groups = TOKEN.exec(this.#source)?.groups;
    if (groups === undefined) throw this.#unknown(at);
    this.#offset = TOKEN.lastIndex;
    const end = this.#offset;
    const { field, variable, format, number, name, symbol } = groups;
    if (field !== undefined) return { kind: "field", text: field, at, end };
    if (variable !== undefined) return { kind: "variable", text: variable, at, end };
    if (format !== undefined) return { kind: "format", text: format.slice(1), at, end };
    if (number !== undefined) return { kind: "number", text: number, at, end };
    if (name !== undefined) return { kind: KEYWORDS.has(name) ? "symbol" : "name", text: name, at, end };
    if (symbol === '"') return { kind: "quote", text: '"', at, end };
    return { kind: "symbol", text: symbol ?? "", at, end };
  }

  /** Reads on at `from`, inside a string. */
  readStringPart(from: number): JqStringPart {
    let text = "";
    this.#offset = from;
    for (;;) {
      const char = this.#source[this.#offset];
      if (char === undefined) {
        throw new JqSyntaxError("the string is not closed", this.#position(from), ['a closing "']);
      }
      this.#offset++;
      if (char === '"') return { text, opensExpression: false };
      if (char !== "\\") text += char;
      else if (this.#source[this.#offset] === "(") {
        this.#offset++;
        return { text, opensExpression: true };
      } else text += this.#readEscape();
    }
  }

  #readEscape(): string {
    const at = this.#position(this.#offset - 1);
    const char = this.#source[this.#offset++] ?? "";
    const plain = ESCAPES[char];
    if (plain !== undefined) return plain;
    const unit = char === "u" ? this.#readHex() : undefined;
    if (unit === undefined) {
      throw new JqSyntaxError(`\\${char} is not an escape of a string`, at, [
        'one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX \\(',
      ]);
    }
    if (unit >= 0xdc00 && unit <= 0xdfff) return "\ufffd";
    if (unit < 0xd800 || unit > 0xdbff) return String.fromCharCode(unit);
    const isPair = this.#source.startsWith("\\u", this.#offset);
    this.#offset += 2;
    const low = isPair ? this.#readHex() : undefined;
    if (low === undefined) throw new JqSyntaxError("half of a surrogate pair in a string", at, ["\\uDC00 to \\uDFFF"]);
    return low >= 0xdc00 && low <= 0xdfff ? String.fromCharCode(unit, low) : "\ufffd";
  }

  #readHex(): number | undefined {
    const digits = this.#source.slice(this.#offset, this.#offset + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) return undefined;
    this.#offset += 4;
    return Number.parseInt(digits, 16);
  }

  #unknown(at: JqPosition): JqSyntaxError {
    const char = String.fromCodePoint(this.#source.codePointAt(at.offset) ?? 0);
    const hint = char === "'" ? ": strings stand between double quotes" : "";
    return new JqSyntaxError(`${char} has no meaning here${hint}`, at);
  }

  #position(offset: number): JqPosition {
    for (; this.#counted < offset; this.#counted++) {
      if (this.#source[this.#counted] !== "\n") continue;
      this.#line++;
      this.#lineStart = this.#counted + 1;
    }
    return { offset, line: this.#line, column: offset - this.#lineStart + 1 };
  }
}
