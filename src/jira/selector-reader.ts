import type { Json, JsonObject } from "../model/json.ts";
import { JqlSyntaxError } from "../jql/jql-syntax-error.ts";
import { parseJql } from "../jql/parse-jql.ts";
import { closest } from "../runtime/closest.ts";
import { InputError, type InputProblem } from "../runtime/errors.ts";

/** Keys that every selector may have and that mean nothing to the reading of a kind. */
const COMMON_KEYS = ["query", "exportEnvVariables"];

/**
 * Reads the keys of a selector one by one and collects what is wrong with them; `finish` reports all of it at once,
 * with every key that nobody asked for.
 */
export class SelectorReader {
  readonly #kind: string;
  readonly #selector: JsonObject;
  readonly #path: readonly string[];
  readonly #known = new Set<string>();
  readonly #problems: InputProblem[] = [];

  constructor(kind: string, selector: JsonObject, path: readonly string[] = []) {
    this.#kind = kind;
    this.#selector = selector;
    this.#path = path;
    if (path.length === 0) COMMON_KEYS.forEach((key) => this.#known.add(key));
  }

  string(key: string, fallback: string): string {
    return this.#read(key, fallback, "a text", (value) => (typeof value === "string" ? value : undefined));
  }

  /** Undefined when it is null or blank. */
  optionalString(key: string, fallback?: string): string | undefined {
    const text = this.#readUnlessNull<string | undefined>(key, fallback, "a text", (value) =>
      typeof value === "string" ? value.trim() : undefined,
    );
    return text === "" ? undefined : text;
  }

  /** Undefined when it is null; a blank text is a mistake. */
  filledString(key: string): string | undefined {
    return this.#readUnlessNull<string | undefined>(key, undefined, "a text that is not blank", (value) =>
      typeof value === "string" && value.trim() !== "" ? value : undefined,
    );
  }

  /** A query that can be read; the position of its problem is one inside of the text. */
  jql(key: string, fallback: string): string {
    return this.#assertJql(key, this.string(key, fallback));
  }

  /** Undefined when it is null or blank. */
  optionalJql(key: string, fallback: string): string | undefined {
    const isText = typeof this.#selector[key] === "string";
    const jql = isText ? this.jql(key, fallback) : this.optionalString(key, fallback);
    return jql === "" ? undefined : jql;
  }

  boolean(key: string, fallback: boolean): boolean {
    return this.#read(key, fallback, "true or false", (value) => (typeof value === "boolean" ? value : undefined));
  }

  optionalInteger(key: string): number | undefined {
    return this.#readUnlessNull<number | undefined>(key, undefined, "a whole number", (value) =>
      typeof value === "number" && Number.isSafeInteger(value) ? value : undefined,
    );
  }

  choice<const Choice extends string, Fallback>(
    key: string,
    choices: readonly Choice[],
    fallback: Fallback,
  ): Choice | Fallback | undefined {
    return this.#readUnlessNull<Choice | Fallback | undefined>(key, fallback, `one of ${choices.join(", ")}`, (value) =>
      choices.find((choice) => choice === value),
    );
  }

  /** A list without repetition; null means no restriction. */
  choices<const Choice extends string>(
    key: string,
    choices: readonly Choice[],
    fallback: readonly Choice[],
  ): readonly Choice[] | undefined {
    return this.#readUnlessNull<readonly Choice[] | undefined>(
      key,
      fallback,
      `a list of ${choices.join(", ")}, each at most once`,
      (value) => {
        const chosen = Array.isArray(value) ? choices.filter((choice) => value.includes(choice)) : [];
        return Array.isArray(value) && value.length > 0 && chosen.length === value.length ? chosen : undefined;
      },
    );
  }

  strings(key: string): readonly string[] | undefined {
    return this.#readUnlessNull<readonly string[] | undefined>(key, undefined, "a list of texts", (value) =>
      Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined,
    );
  }

  /** An object with keys of its own, read by `read` under the same rules. */
  nested<Value>(key: string, read: (reader: SelectorReader) => Value): Value {
    const value = this.#read<JsonObject>(key, {}, "an object", (value) =>
      typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined,
    );
    const reader = new SelectorReader(this.#kind, value, [...this.#path, key]);
    const result = read(reader);
    this.#problems.push(...reader.#allProblems());
    return result;
  }

  /** Throws one InputError with everything that is wrong. */
  finish(): void {
    const problems = this.#allProblems();
    if (problems.length === 0) return;
    const list = problems.map((problem) => problem.message).join("; ");
    throw new InputError(`The selector of kind "${this.#kind}" is not usable: ${list}`, problems);
  }

  #assertJql(key: string, text: string): string {
    try {
      parseJql(text);
    } catch (error) {
      if (!(error instanceof JqlSyntaxError)) throw error;
      const { message, line, column, suggestion } = error;
      this.#problems.push({
        code: "invalid_jql",
        path: [...this.#path, key],
        message: `"${[...this.#path, key].join(".")}" is not JQL: ${message}${suggestion ? `; did you mean ${suggestion}?` : ""}`,
        position: { line, column },
        ...(suggestion && { suggestion }),
      });
    }
    return text.trim();
  }

  #readUnlessNull<Value>(
    key: string,
    fallback: Value,
    expected: string,
    parse: (value: Json) => Value | undefined,
  ): Value | undefined {
    if (this.#selector[key] !== null) return this.#read(key, fallback, expected, parse);
    this.#known.add(key);
    return undefined;
  }

  #read<Value>(key: string, fallback: Value, expected: string, parse: (value: Json) => Value | undefined): Value {
    this.#known.add(key);
    const value = this.#selector[key];
    if (value === undefined) return fallback;
    const parsed = parse(value);
    if (parsed !== undefined) return parsed;
    this.#problems.push({
      code: "invalid_selector",
      path: [...this.#path, key],
      message: `"${[...this.#path, key].join(".")}" must be ${expected}, not ${JSON.stringify(value)}`,
    });
    return fallback;
  }

  #allProblems(): InputProblem[] {
    const unknown = Object.keys(this.#selector).filter((key) => !this.#known.has(key));
    return [...this.#problems, ...unknown.map((key) => this.#toUnknown(key))];
  }

  #toUnknown(key: string): InputProblem {
    const suggestion = closest(key, this.#known);
    const name = [...this.#path, key].join(".");
    return {
      code: "unknown_selector_key",
      path: [...this.#path, key],
      message: `"${name}" is not a key of the selector of "${this.#kind}"${suggestion ? `; did you mean "${suggestion}"?` : ""}`,
      ...(suggestion && { suggestion }),
    };
  }
}
