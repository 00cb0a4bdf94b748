import { JqError, JqUnsupportedError } from "../jq-errors.ts";
import { POSIX_CLASSES, SHORTHANDS, escapePoint, findProperty, negateSource } from "./regex-classes.ts";
import type { ParsedRegex, RegexFlags, RegexNode } from "./regex-node.ts";

interface Options {
  readonly ignoresCase: boolean;
  readonly isExtended: boolean;
  readonly dotMatchesNewline: boolean;
  readonly anchorsMatchLines: boolean;
}

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, f: 12, r: 13, a: 7, e: 27 };
const MAX_REPEAT = 1000;
const MAX_NESTING = 100;

/**
 * Reads a pattern. Whatever is unusual, or wrong, throws JqUnsupportedError: real jq then decides what it means, or
 * says what is the matter with it.
 */
export function parseRegex(pattern: string, flags: RegexFlags): ParsedRegex {
  return new RegexParser(pattern).parse({ ...flags, anchorsMatchLines: false });
}

class RegexParser {
  readonly #chars: readonly string[];
  readonly #groups: (string | undefined)[] = [];
  #at = 0;
  #nesting = 0;

  constructor(pattern: string) {
    this.#chars = Array.from(pattern);
  }

  parse(options: Options): ParsedRegex {
    const body = this.#parseAlternatives(options);
    if (this.#at < this.#chars.length) throw unsupported("an unmatched )");
    return { body, groups: this.#groups };
  }

  /** Up to `)` or the end. */
  #parseAlternatives(outer: Options): RegexNode {
    if (++this.#nesting > MAX_NESTING) throw unsupported("deep nesting");
    let options = outer;
    const alternatives: RegexNode[] = [];
    let parts: RegexNode[] = [];
    for (;;) {
      const char = this.#chars[this.#at];
      if (char === undefined || char === ")") break;
      if (char === "|") {
        this.#at++;
        alternatives.push(toSequence(parts));
        parts = [];
      } else if (options.isExtended && /[\s#]/.test(char)) this.#skipComment(char);
      else if (this.#takes("(?#")) this.#skipPast(")");
      else {
        const changed = this.#readOptions(options);
        if (changed !== undefined) options = changed;
        else if (this.#takes("\\Q")) parts.push(...this.#parseQuoted(options));
        else parts.push(this.#parseRepeats(this.#parseAtom(char, options), options));
      }
    }
    this.#nesting--;
    alternatives.push(toSequence(parts));
    return alternatives.length === 1 ? toSequence(alternatives) : { kind: "alternatives", parts: alternatives };
  }

  #skipComment(char: string): void {
    this.#at++;
    if (char === "#") while (this.#at < this.#chars.length && this.#chars[this.#at] !== "\n") this.#at++;
  }

  #skipPast(end: string): void {
    while (this.#chars[this.#at] !== end) {
      if (this.#at++ >= this.#chars.length) throw unsupported("an open comment");
    }
    this.#at++;
  }

  /** `(?i-x)`: changes the options of the rest of the group. */
  #readOptions(options: Options): Options | undefined {
    const found = /^\(\?([imsx]*)(?:-([imsx]*))?\)/.exec(this.#rest(16));
    if (found === null) return undefined;
    this.#at += found[0].length;
    return changeOptions(options, found[1] ?? "", found[2] ?? "");
  }

  #parseQuoted(options: Options): RegexNode[] {
    const parts: RegexNode[] = [];
    while (this.#at < this.#chars.length && !this.#takes("\\E")) parts.push(toChar(this.#next(), options));
    return parts;
  }

  #parseAtom(char: string, options: Options): RegexNode {
    this.#at++;
    switch (char) {
      case "(":
        return this.#parseGroup(options);
      case "[":
        return this.#parseClass(options);
      case ".":
        return toSet(options.dotMatchesNewline ? String.raw`\0-\u{10ffff}` : String.raw`\0-\t\v-\u{10ffff}`, options);
      case "^":
        return { kind: options.anchorsMatchLines ? "lineStart" : "start" };
      case "$":
        return { kind: options.anchorsMatchLines ? "lineEnd" : "endOrNewline" };
      case "\\":
        return this.#parseEscape(options);
      case "*":
      case "+":
      case "?":
        throw unsupported("a quantifier of nothing");
      default:
        if (char === "{" && /^\d+(?:,\d*)?\}/.test(this.#rest(16))) throw unsupported("a quantifier of nothing");
        return toChar(char, options);
    }
  }

  #parseRepeats(atom: RegexNode, options: Options): RegexNode {
    let node = atom;
    for (;;) {
      if (options.isExtended && /^[\s#]/.test(this.#rest(1))) return node;
      const [text, low, comma, high] = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(this.#rest(16)) ?? [];
      if (text === undefined) return node;
      if (/^(?:start|end|line|look|boundary)/i.test(node.kind)) throw unsupported("a quantifier of an anchor");
      this.#at += text.length;
      const isInterval = text.startsWith("{");
      const minimum = isInterval ? Number(low) : text === "+" ? 1 : 0;
      const open = text === "?" ? 1 : Infinity;
      const maximum = !isInterval ? open : comma === "" ? minimum : high === "" ? Infinity : Number(high);
      if (maximum < minimum || minimum > MAX_REPEAT || (maximum > MAX_REPEAT && maximum !== Infinity)) {
        throw unsupported("the bounds of a quantifier");
      }
      const isLazy = this.#takes("?");
      node = { kind: "repeat", body: node, minimum, maximum, isGreedy: !isLazy };
      if (!isLazy && this.#takes("+")) node = { kind: "atomic", body: node };
    }
  }

  #parseGroup(options: Options): RegexNode {
    if (this.#rest(1) === "*") throw unsupported("a callout");
    if (!this.#takes("?")) return this.#parseCapture(undefined, options);
    if (this.#takes(":")) return this.#parseBody(options);
    if (this.#takes(">")) return { kind: "atomic", body: this.#parseBody(options) };
    for (const [opening, behind, negated] of LOOKS) {
      if (this.#takes(opening)) return { kind: "look", behind, negated, body: this.#parseBody(options) };
    }
    const [text, name] = /^<([A-Za-z_]\w*)>/.exec(this.#rest(100)) ?? [];
    if (text !== undefined) {
      this.#at += text.length;
      return this.#parseCapture(name, options);
    }
    const [flags, on = "", off = ""] = /^([imsx]*)(?:-([imsx]*))?:/.exec(this.#rest(16)) ?? [];
    if (flags === undefined) throw unsupported("a kind of group");
    this.#at += flags.length;
    return this.#parseBody(changeOptions(options, on, off));
  }

  #parseCapture(name: string | undefined, options: Options): RegexNode {
    this.#groups.push(name);
    const index = this.#groups.length;
    return { kind: "group", index, body: this.#parseBody(options) };
  }

  #parseBody(options: Options): RegexNode {
    const body = this.#parseAlternatives(options);
    if (!this.#takes(")")) throw new JqError("Regex failure: end pattern with unmatched parenthesis");
    return body;
  }

  #parseEscape(options: Options): RegexNode {
    const char = this.#next();
    switch (char) {
      case "A":
        return { kind: "start" };
      case "z":
        return { kind: "end" };
      case "Z":
        return { kind: "endOrNewline" };
      case "b":
      case "B":
        return { kind: "boundary", negated: char === "B" };
      case "k": {
        const [text, name] = /^<([A-Za-z_]\w*)>/.exec(this.#rest(100)) ?? [];
        const groups = this.#groups.flatMap((other, index) => (other === name ? [index + 1] : []));
        if (text === undefined || groups.length === 0) throw unsupported("a reference");
        this.#at += text.length;
        return toReference(groups, options);
      }
      default:
        if (/[1-9]/.test(char) && Number(char) <= this.#groups.length && !/^\d/.test(this.#rest(1))) {
          return toReference([Number(char)], options);
        }
        return this.#parseSetEscape(char, options);
    }
  }

  #parseSetEscape(char: string, options: Options): RegexNode {
    const shorthand = SHORTHANDS[char];
    if (shorthand !== undefined) return toSet(shorthand.source, options, shorthand.negated);
    if (char === "p" || char === "P") {
      const { source, negated } = this.#readProperty(char);
      return toSet(source, options, negated);
    }
    return toChar(this.#readPoint(char), options);
  }

  #readProperty(char: string): { readonly source: string; readonly negated: boolean } {
    const [text, caret, name = ""] = /^\{(\^?)(\w+)\}/.exec(this.#rest(40)) ?? [];
    const source = findProperty(name);
    if (text === undefined || source === undefined) throw unsupported(`\\${char}`);
    this.#at += text.length;
    return { source, negated: (char === "P") !== (caret === "^") };
  }

  /** The character that an escape stands for. */
  #readPoint(char: string): string {
    const control = CONTROLS[char];
    if (control !== undefined) return String.fromCodePoint(control);
    if (char === "x") {
      const [text, braced, plain] = /^(?:\{([0-9a-fA-F]{1,6})\}|([0-7][0-9a-fA-F]))/.exec(this.#rest(10)) ?? [];
      const point = Number.parseInt(braced ?? plain ?? "", 16);
      if (text === undefined || !(point <= 0x10ffff)) throw unsupported("\\x");
      this.#at += text.length;
      return String.fromCodePoint(point);
    }
    if (/[a-zA-Z0-9]/.test(char)) throw unsupported(`\\${char}`);
    return char;
  }

  #parseClass(options: Options): RegexNode {
    const negated = this.#takes("^");
    let source = "";
    for (let isFirst = true; isFirst || this.#rest(1) !== "]"; isFirst = false) {
      if (this.#rest(1) === "") throw unsupported("an open class");
      if (this.#rest(2) === "&&") throw unsupported("&& in a class");
      if (this.#rest(1) === "]" && !this.#chars.includes("]", this.#at + 1)) throw unsupported("an empty class");
      source += this.#parseClassItem();
    }
    this.#at++;
    return toSet(source, options, negated);
  }

  #parseClassItem(): string {
    const [posix, caret = "", name = ""] = /^\[:(\^?)(\w+):\]/.exec(this.#rest(14)) ?? [];
    if (posix !== undefined) {
      this.#at += posix.length;
      return toItem(POSIX_CLASSES[name], caret === "^", posix);
    }
    if (this.#rest(1) === "[") throw unsupported("a class in a class");
    const first = this.#readClassPoint();
    if (first.set !== undefined) return first.set;
    if (this.#rest(1) !== "-" || /^-(?:\]|$)/.test(this.#rest(2))) return escapeChar(first.char);
    this.#at++;
    if (this.#rest(1) === "[") throw unsupported("a range to a class");
    const last = this.#readClassPoint();
    if (last.set !== undefined || toPoint(last.char) < toPoint(first.char)) throw unsupported("a range");
    return `${escapeChar(first.char)}-${escapeChar(last.char)}`;
  }

  #readClassPoint(): { readonly char: string; readonly set?: string } {
    const char = this.#next();
    if (char !== "\\") return { char };
    const escaped = this.#next();
    if (escaped === "b") return { char: "\b" };
    const shorthand = SHORTHANDS[escaped];
    if (shorthand !== undefined) {
      return { char, set: toItem(shorthand.source, shorthand.negated, escaped) };
    }
    if (escaped === "p" || escaped === "P") {
      const { source, negated } = this.#readProperty(escaped);
      return { char, set: toItem(source, negated, escaped) };
    }
    return { char: this.#readPoint(escaped) };
  }

  #rest(length: number): string {
    return this.#chars.slice(this.#at, this.#at + length).join("");
  }

  #takes(text: string): boolean {
    const isThere = this.#rest(text.length) === text;
    if (isThere) this.#at += text.length;
    return isThere;
  }

  #next(): string {
    const char = this.#chars[this.#at++];
    if (char === undefined) throw unsupported("an unfinished pattern");
    return char;
  }
}

const LOOKS: readonly (readonly [string, boolean, boolean])[] = [
  ["=", false, false],
  ["!", false, true],
  ["<=", true, false],
  ["<!", true, true],
];

function unsupported(what: string): JqUnsupportedError {
  return new JqUnsupportedError(`a regular expression with ${what}`);
}

function changeOptions(options: Options, on: string, off: string): Options {
  const read = (letter: string, before: boolean): boolean =>
    off.includes(letter) ? false : on.includes(letter) || before;
  return {
    ignoresCase: read("i", options.ignoresCase),
    isExtended: read("x", options.isExtended),
    dotMatchesNewline: read("s", options.dotMatchesNewline),
    anchorsMatchLines: read("m", options.anchorsMatchLines),
  };
}

/** What JavaScript and Oniguruma may understand differently when case is ignored. */
const CASED = /\\P|\\p\{(?:L[ult]|Lowercase|Uppercase)\}/;

function toPoint(char: string): number {
  return char.codePointAt(0) ?? 0;
}

function escapeChar(char: string): string {
  return escapePoint(toPoint(char));
}

function toSequence(parts: readonly RegexNode[]): RegexNode {
  const [only] = parts;
  if (only === undefined) return { kind: "empty" };
  return parts.length === 1 ? only : { kind: "sequence", parts };
}

function toChar(char: string, options: Options): RegexNode {
  return toSet(escapeChar(char), options);
}

function toSet(source: string, { ignoresCase }: Options, negated = false): RegexNode {
  if (ignoresCase && CASED.test(source)) throw unsupported("letters by their case, ignoring case");
  return { kind: "set", source: `[${negated ? "^" : ""}${source}]`, ignoresCase };
}

function toItem(source: string | undefined, negated: boolean, what: string): string {
  const item = negated && source !== undefined ? negateSource(source) : source;
  if (item === undefined) throw unsupported(what);
  return item;
}

function toReference(groups: readonly number[], { ignoresCase }: Options): RegexNode {
  if (ignoresCase) throw unsupported("a reference that ignores case");
  return { kind: "reference", groups };
}
