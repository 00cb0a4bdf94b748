import type { Json } from "../model/json.ts";
import { UnexpectedAnswer } from "./unexpected-answer.ts";

/** One element of an array, as the bytes it was received in. */
export interface ScannedElement {
  readonly bytes: Buffer;
  /** The wanted members that were strings or numbers, as text. */
  readonly members: Readonly<Record<string, string>>;
}

export interface ScannedPage {
  /** Undefined if there is no array at the path. */
  readonly elements: readonly ScannedElement[] | undefined;
  /** The other members of the object around the array that are neither objects nor arrays. */
  readonly facts: Readonly<Record<string, Json>>;
}

export interface ListPage extends ScannedPage {
  readonly elements: readonly ScannedElement[];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
/** Of numbers, true, false and null. */
const SCALAR_STARTS = new Set(Buffer.from("-0123456789tfn"));

/**
 * Finds the elements of one array in a JSON text without parsing it: `path` leads to the array (empty: the text is the
 * array), `wanted` names members to read from each element. It trusts Jira to send JSON and checks only what a text
 * that was cut off would fail: that every bracket and string is closed. Throws SyntaxError when one is not.
 */
export function scanElements(bytes: Buffer, path: readonly string[], wanted: readonly string[]): ScannedPage {
  return new ElementScanner(bytes, wanted).scan(path);
}

/** The same for an answer that has to have the array: one without it is no answer. */
export function scanPage(bytes: Buffer, path: readonly string[], wanted: readonly string[]): ListPage {
  const { elements, facts } = scanElements(bytes, path, wanted);
  if (elements === undefined) {
    const place = path.length === 0 ? "the answer" : `"${path.join(".")}"`;
    throw new UnexpectedAnswer({ code: "not_a_list", path, message: `${place} is no list` });
  }
  return { elements, facts };
}

class ElementScanner {
  readonly #bytes: Buffer;
  readonly #wanted: readonly { readonly name: string; readonly bytes: Buffer }[];
  #at = 0;

  constructor(bytes: Buffer, wanted: readonly string[]) {
    this.#bytes = bytes;
    this.#wanted = wanted.map((name) => ({ name, bytes: Buffer.from(name) }));
  }

  scan(path: readonly string[]): ScannedPage {
    const page = this.#scanPath(path);
    this.#skipSpace();
    if (this.#at !== this.#bytes.length) throw this.#broken("end of text");
    return page;
  }

  #scanPath(path: readonly string[]): ScannedPage {
    this.#skipSpace();
    const [name, ...rest] = path;
    if (name === undefined) {
      if (this.#bytes[this.#at] !== OPEN_ARRAY) return this.#scanOther();
      return { elements: this.#scanArray(), facts: {} };
    }
    if (this.#bytes[this.#at] !== OPEN_OBJECT) return this.#scanOther();
    let found: ScannedPage = { elements: undefined, facts: {} };
    const facts: Record<string, Json> = {};
    this.#eachMember((nameStart, nameEnd) => {
      const member = this.#text(nameStart, nameEnd);
      if (member === name) {
        found = this.#scanPath(rest);
        return;
      }
      const start = this.#at;
      const isNested = this.#bytes[start] === OPEN_OBJECT || this.#bytes[start] === OPEN_ARRAY;
      this.#skipValue();
      if (!isNested && rest.length === 0) facts[member] = JSON.parse(this.#text(start, this.#at)) as Json; // a scalar
    });
    return rest.length === 0 ? { elements: found.elements, facts } : found;
  }

  #scanOther(): ScannedPage {
    this.#skipValue();
    return { elements: undefined, facts: {} };
  }

  #scanArray(): ScannedElement[] {
    const elements: ScannedElement[] = [];
    this.#at++;
    this.#skipSpace();
    if (this.#bytes[this.#at] === CLOSE_ARRAY) {
      this.#at++;
      return elements;
    }
    for (;;) {
      this.#skipSpace();
      elements.push(this.#scanElement());
      this.#skipSpace();
      const next = this.#bytes[this.#at++];
      if (next === CLOSE_ARRAY) return elements;
      if (next !== COMMA) throw this.#broken("a comma or the end of an array");
    }
  }

  #scanElement(): ScannedElement {
    const start = this.#at;
    const members: Record<string, string> = {};
    if (this.#bytes[start] === OPEN_OBJECT) this.#eachMember((from, to) => this.#scanMember(from, to, members));
    else this.#skipValue();
    return { bytes: this.#bytes.subarray(start, this.#at), members };
  }

  #scanMember(nameStart: number, nameEnd: number, members: Record<string, string>): void {
    const length = nameEnd - nameStart;
    const wanted = this.#wanted.find(
      ({ bytes }) => bytes.length === length && this.#bytes.compare(bytes, 0, length, nameStart, nameEnd) === 0,
    );
    const start = this.#at;
    const first = this.#bytes[start];
    this.#skipValue();
    if (wanted === undefined || first === OPEN_OBJECT || first === OPEN_ARRAY) return;
    const value = JSON.parse(this.#text(start, this.#at)) as Json; // a scalar
    if (typeof value === "string" || typeof value === "number") members[wanted.name] = String(value);
  }

  /** Walks over an object; `onMember` gets the place of a name and has to move past the value. */
  #eachMember(onMember: (nameStart: number, nameEnd: number) => void): void {
    this.#at++;
    this.#skipSpace();
    if (this.#bytes[this.#at] === CLOSE_OBJECT) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#skipSpace();
      const nameStart = this.#at + 1;
      if (this.#bytes[this.#at] !== QUOTE) throw this.#broken("a member's name");
      this.#skipString();
      const nameEnd = this.#at - 1;
      this.#skipSpace();
      if (this.#bytes[this.#at++] !== COLON) throw this.#broken("a colon");
      this.#skipSpace();
      onMember(nameStart, nameEnd);
      this.#skipSpace();
      const next = this.#bytes[this.#at++];
      if (next === CLOSE_OBJECT) return;
      if (next !== COMMA) throw this.#broken("a comma or the end of an object");
    }
  }

  #skipValue(): void {
    const first = this.#bytes[this.#at];
    if (first === QUOTE) this.#skipString();
    else if (first === OPEN_OBJECT || first === OPEN_ARRAY) this.#skipNested();
    else this.#skipScalar();
  }

  #skipNested(): void {
    const bytes = this.#bytes;
    let depth = 0;
    do {
      const byte = bytes[this.#at];
      if (byte === undefined) throw this.#broken("the end of an object or array");
      if (byte === QUOTE) {
        this.#skipString();
        continue;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--;
      this.#at++;
    } while (depth > 0);
  }

  #skipString(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) at++;
      else if (byte === undefined) throw this.#broken("the end of a string");
    }
    this.#at = at;
  }

  #skipScalar(): void {
    const start = this.#at;
    if (!SCALAR_STARTS.has(this.#bytes[start] ?? 0)) throw this.#broken("a value");
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte <= 0x20) break;
      this.#at++;
    }
  }

  #skipSpace(): void {
    while ((this.#bytes[this.#at] ?? 0xff) <= 0x20) this.#at++;
  }

  #text(start: number, end: number): string {
    return this.#bytes.toString("utf8", start, end);
  }

  #broken(expected: string): SyntaxError {
    return new SyntaxError(`expected ${expected} at byte ${this.#at} of ${this.#bytes.length}`);
  }
}
