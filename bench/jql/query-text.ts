import { RESERVED_WORDS } from "../../src/jql/jql-words.ts";
import type { Random } from "../jq/random.ts";

const PLAIN_WORDS = [
  "status", "assignee", "Done", "ABC-12", "-1w", "2026-01-01", "712020:abc", "1.5", "a.b", "故事", "İstanbul", "😀", "_x",
  "x`y", "İn", "ſet", "cfx", "orders", "nota", "a\u00a0b", "--1", "-", "1a", "a\\u0041", "b\\ c", "\\t",
]; // prettier-ignore
const QUOTED = [
  '""',
  "'it is'",
  '"say \\"hi\\""',
  "'\\u00e9\\n'",
  '"a\nb"',
  "'a\"b'",
  '"AND"',
  '"10"',
  "'\\\\'",
  '"cf[1]"',
];
const NUMBERS = ["0", "10010", "-5", "007", "99999999999999999999"];
const SPACES = [" ", " ", " ", "  ", "\n", "\t", "\r\n"];
const CHARACTERS = "()[],!<>=~&|#$%*+/;?@^{}\"'\\ \n\t-.:_a1é"
  .split("")
  .concat("\u0001", "\u0085", "\u3000", "AND", "cf", "in"); // eslint-disable-line typescript/no-misused-spread -- all of them are single units

/** Writes queries that the grammar of JQL allows, in all their spellings. */
export class QueryTextGenerator {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  query(): string {
    const where = this.#random.chance(0.95) ? this.#or(this.#random.integer(0, 3)) : "";
    return this.#random.chance(0.3) ? this.#join([where, this.#orderBy()]) : where;
  }

  /** The query with a few characters added, dropped, replaced or moved. */
  mutate(text: string): string {
    let result = text;
    for (let count = this.#random.integer(1, 3); count > 0; count--) {
      const at = this.#random.integer(0, result.length);
      const dropped = this.#random.pick([0, 0, 1, 1, 2, 6]);
      const added = this.#random.chance(0.6)
        ? this.#random.pick(CHARACTERS)
        : this.#random.chance(0.5)
          ? this.#reserved()
          : "";
      result = result.slice(0, at) + added + result.slice(at + dropped);
    }
    return result;
  }

  #or(depth: number): string {
    return this.#separated(() => this.#and(depth), ["OR", "or", "||", "|"]);
  }

  #and(depth: number): string {
    return this.#separated(() => this.#not(depth), ["AND", "And", "&&", "&"]);
  }

  #not(depth: number): string {
    if (this.#random.chance(0.15)) return this.#join([this.#random.pick(["NOT", "not", "!"]), this.#not(depth)]);
    return depth > 0 && this.#random.chance(0.5) ? this.#join(["(", this.#or(depth - 1), ")"]) : this.#terminal();
  }

  #terminal(): string {
    const field = this.#field();
    switch (this.#random.integer(0, 7)) {
      case 0:
      case 1:
        return this.#join([field, this.#random.pick(["=", "!=", "~", "!~"]), this.#valueOrEmpty()]);
      case 2:
        return this.#join([field, this.#random.pick(["<", "<=", ">", ">="]), this.#value()]);
      case 3:
        return this.#join([field, ...this.#random.pick([["IN"], ["not", "in"]]), this.#listOrFunction()]);
      case 4:
        return this.#join([field, "is", ...this.#random.pick([[], ["NOT"]]), this.#random.pick(["EMPTY", "null"])]);
      case 5:
        return this.#join([
          field,
          "was",
          ...this.#random.pick([[], ["not"]]),
          this.#valueOrEmpty(),
          ...this.#predicates(false),
        ]);
      case 6:
        return this.#join([
          field,
          "WAS",
          ...this.#random.pick([["in"], ["NOT", "in"]]),
          this.#listOrFunction(),
          ...this.#predicates(false),
        ]);
      default:
        return this.#join([field, "changed", ...this.#predicates(true)]);
    }
  }

  #predicates(isChange: boolean): string[] {
    const names = ["after", "BEFORE", "on", "during", "by", ...(isChange ? ["from", "to"] : [])];
    return this.#random
      .list(this.#random.pick([0, 0, 1, 2]), () => [
        this.#random.pick(names),
        this.#random.chance(0.3) ? this.#list(1) : this.#valueOrEmpty(),
      ])
      .flat();
  }

  #field(): string {
    const kind = this.#random.integer(0, 9);
    if (kind === 0) return this.#random.pick(NUMBERS);
    const name =
      kind < 3
        ? this.#join([this.#random.pick(["cf", "CF"]), "[", this.#random.pick(["1", "10010"]), "]"])
        : this.#string();
    return this.#random.chance(0.15) ? this.#join([name, this.#property()]) : name;
  }

  #property(): string {
    const path = this.#random.list(this.#random.integer(0, 2), () => this.#random.pick([".path", "x", "5", '"p q"']));
    return this.#join(["[", this.#random.chance(0.3) ? this.#random.pick(NUMBERS) : this.#string(), "]", ...path]);
  }

  #listOrFunction(): string {
    return this.#random.chance(0.25) ? this.#function() : this.#list(2);
  }

  #list(depth: number): string {
    const items = this.#random.list(this.#random.integer(1, 4), () =>
      depth > 0 && this.#random.chance(0.15) ? this.#list(depth - 1) : this.#valueOrEmpty(),
    );
    return this.#join(["(", ...items.flatMap((item, index) => (index === 0 ? [item] : [",", item])), ")"]);
  }

  #valueOrEmpty(): string {
    return this.#random.chance(0.1) ? this.#random.pick(["empty", "NULL"]) : this.#value();
  }

  #value(): string {
    return this.#random.chance(0.2) ? this.#function() : this.#literal();
  }

  #function(): string {
    const args = this.#random.list(this.#random.integer(0, 3), () => this.#literal());
    return this.#join([
      this.#literal(),
      "(",
      ...args.flatMap((item, index) => (index === 0 ? [item] : [",", item])),
      ")",
    ]);
  }

  #literal(): string {
    return this.#random.chance(0.2) ? this.#random.pick(NUMBERS) : this.#string();
  }

  #string(): string {
    const kind = this.#random.integer(0, 9);
    if (kind < 5) return this.#random.pick(PLAIN_WORDS);
    return kind < 9 ? this.#random.pick(QUOTED) : `"${this.#reserved()}"`;
  }

  #reserved(): string {
    return this.#random.pick([...RESERVED_WORDS]);
  }

  #orderBy(): string {
    const sorts = this.#random.list(this.#random.integer(1, 3), () =>
      this.#join([this.#field(), ...this.#random.pick([[], ["asc"], ["DESC"]])]),
    );
    return this.#join(["order", "BY", sorts.join(",")]);
  }

  #separated(make: () => string, operators: readonly string[]): string {
    const parts = this.#random.list(this.#random.pick([1, 1, 1, 2, 3]), make);
    return this.#join(parts.flatMap((part, index) => (index === 0 ? [part] : [this.#random.pick(operators), part])));
  }

  #join(parts: readonly string[]): string {
    return parts
      .map((part) => part + this.#random.pick(SPACES))
      .join("")
      .trimEnd();
  }
}
