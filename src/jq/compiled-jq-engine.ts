import { compileJq, type JqOptions, type JqProgram } from "./compile-jq.ts";
import { JqError, JqLimitError, JqSyntaxError, JqUnsupportedError } from "./jq-errors.ts";
import type { JqAnalysis } from "./analyze-jq.ts";
import type { JqEngine, JqSyntaxProblem, JqValue, PageProblem, PageResult } from "./jq-engine.ts";
import type { JqTimings } from "./jq-timings.ts";
import { toDoubleQuotes } from "./single-quotes.ts";

export interface CompiledJqEngineOptions extends JqOptions {
  readonly timings?: JqTimings;
}

type Entry =
  | { readonly kind: "program"; readonly program: JqProgram }
  | { readonly kind: "syntaxError"; readonly error: JqSyntaxError }
  /** Only real jq can tell. */
  | { readonly kind: "unsupported" };

type Value = JqValue | undefined;

/** A page under way: what has been found, and what is left to the fall-back. */
interface Page {
  readonly inputs: readonly JqValue[];
  readonly values: Value[][];
  readonly problems: PageProblem[];
  readonly uncompiled: number[];
  readonly undecided: { readonly program: number; readonly items: number[] }[];
  turnStart: number;
}

/** One program on its way through a page. */
interface Column {
  readonly index: number;
  readonly program: JqProgram;
  readonly values: Value[];
  /** Items that are left to the fall-back. */
  readonly undecided: number[];
}

const MAX_PROGRAMS = 1000;
/** Longest stretch of a page without letting others run, to which one evaluation may add its own limit. */
const TURN_MS = 40;
/** Quick evaluations between two looks at the clock. */
const ITEMS_PER_LOOK = 64;

/**
 * Port's way of evaluating jq, over compiled programs: the first output only; an error gives no value and is reported;
 * single-quoted strings are accepted; `env` and `$ENV` are empty. What cannot be compiled goes to the fall-back, as one
 * page of programs and inputs. A limit hit is final.
 */
export class CompiledJqEngine implements JqEngine {
  readonly #fallBack: JqEngine;
  readonly #options: CompiledJqEngineOptions;
  readonly #stopwatch: () => number;
  /** In the order of last use. */
  readonly #entries = new Map<string, Entry>();

  constructor(fallBack: JqEngine, options: CompiledJqEngineOptions = {}) {
    this.#fallBack = fallBack;
    this.#options = options;
    this.#stopwatch = options.stopwatch ?? (() => performance.now());
  }

  async check(source: string): Promise<JqSyntaxProblem | undefined> {
    const entry = this.#find(source);
    if (entry.kind === "unsupported") return this.#explain(await this.#fallBack.check(source));
    if (entry.kind === "program") return undefined;
    const { message, line, column } = entry.error;
    return { message, line, column };
  }

  /** What the program reads; undefined when it is not compiled. */
  analyze(source: string): JqAnalysis | undefined {
    const entry = this.#find(source);
    return entry.kind === "program" ? entry.program.analysis : undefined;
  }

  async evaluatePage(programs: readonly string[], inputs: readonly JqValue[]): Promise<PageResult> {
    const page: Page = {
      inputs,
      values: programs.map(() => inputs.map(() => undefined)),
      problems: [],
      uncompiled: [],
      undecided: [],
      turnStart: this.#stopwatch(),
    };
    for (const [index, source] of programs.entries()) await this.#evaluateColumn(page, index, source);
    const uncompiled = page.uncompiled.map((program) => programs[program] ?? "");
    if (uncompiled.length > 0) await this.#fallBackOn(page, page.uncompiled, uncompiled, [...inputs.keys()]);
    for (const { program, items } of page.undecided) {
      await this.#fallBackOn(page, [program], [programs[program] ?? ""], items);
    }
    return { values: page.values, problems: page.problems };
  }

  /**
   * One program on one input, at once. Throws JqError, JqLimitError or JqUnsupportedError, and JqSyntaxError for what
   * `check` refuses.
   */
  evaluateNow(source: string, input: JqValue): Value {
    const entry = this.#find(source);
    if (entry.kind === "program") return entry.program.first(input);
    throw entry.kind === "syntaxError" ? entry.error : new JqUnsupportedError("the program is not compiled");
  }

  close(): Promise<void> {
    return this.#fallBack.close();
  }

  async #evaluateColumn(page: Page, index: number, source: string): Promise<void> {
    const entry = this.#find(source);
    const timing = this.#options.timings?.find(source);
    if (timing !== undefined) timing.evaluations += page.inputs.length;
    if (entry.kind === "unsupported") page.uncompiled.push(index);
    else if (entry.kind === "syntaxError") {
      for (const item of page.inputs.keys()) page.problems.push({ program: index, item, message: entry.error.message });
    }
    if (entry.kind !== "program") return;
    const column: Column = { index, program: entry.program, values: page.values[index] ?? [], undecided: [] };
    const { undecided } = column;
    const failuresBefore = page.problems.length;
    const start = timing === undefined ? 0 : this.#stopwatch();
    let waitedMs = 0;
    for (let item = 0; item < page.inputs.length;) {
      item = evaluateItems(page, column, item);
      if (this.#stopwatch() - page.turnStart >= TURN_MS) waitedMs += await this.#giveWay(page);
    }
    if (undecided.length > 0) page.undecided.push({ program: index, items: undecided });
    if (timing === undefined) return;
    timing.milliseconds += this.#stopwatch() - start - waitedMs;
    timing.failures += page.problems.length - failuresBefore;
  }

  /** Real jq does not know the functions that were added, so it calls them undefined. */
  #explain(problem: JqSyntaxProblem | undefined): JqSyntaxProblem | undefined {
    const name = /(\w+\/\d) is not defined/.exec(problem?.message ?? "")?.[1];
    if (problem === undefined || name === undefined || !Object.hasOwn(this.#options.functions ?? {}, name)) {
      return problem;
    }
    return { ...problem, message: `${name} cannot be used together with what only real jq evaluates` };
  }

  /** Lets others run; returns how long that took. */
  async #giveWay(page: Page): Promise<number> {
    const start = this.#stopwatch();
    await new Promise((resolve) => setTimeout(resolve, 0));
    page.turnStart = this.#stopwatch();
    return page.turnStart - start;
  }

  async #fallBackOn(
    page: Page,
    indices: readonly number[],
    sources: readonly string[],
    items: readonly number[],
  ): Promise<void> {
    const inputs = items.map((item) => page.inputs[item] ?? null);
    const start = this.#stopwatch();
    const { values, problems } = await this.#fallBack.evaluatePage(sources, inputs);
    const shareMs = (this.#stopwatch() - start) / sources.length;
    for (const [row, source] of sources.entries()) {
      const timing = this.#options.timings?.find(source);
      if (timing === undefined) continue;
      timing.fallBacks += items.length;
      timing.failures += problems.filter(({ program }) => program === row).length;
      timing.milliseconds += shareMs;
    }
    for (const [row, index] of indices.entries()) {
      const column = page.values[index] ?? [];
      for (const [position, item] of items.entries()) column[item] = values[row]?.[position];
    }
    for (const { program, item, ...problem } of problems) {
      page.problems.push({ program: indices[program] ?? program, item: items[item] ?? item, ...problem });
    }
  }

  #find(source: string): Entry {
    const known = this.#entries.get(source);
    // Moved to the end: the first entry is the one that was not used for longest.
    if (known !== undefined) this.#entries.delete(source);
    const entry = known ?? this.#compile(source);
    this.#entries.set(source, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_PROGRAMS && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }

  #compile(source: string): Entry {
    try {
      return { kind: "program", program: compileJq(toDoubleQuotes(source), this.#options) };
    } catch (error) {
      if (error instanceof JqSyntaxError) return { kind: "syntaxError", error };
      if (error instanceof JqUnsupportedError) return { kind: "unsupported" };
      if (error instanceof JqLimitError) {
        const at = { offset: 0, line: 1, column: 1 };
        return { kind: "syntaxError", error: new JqSyntaxError(error.message, at) };
      }
      throw error;
    }
  }
}

/** Until it is time for a look at the clock; returns the item to go on with. */
function evaluateItems(page: Page, { index, program, values, undecided }: Column, from: number): number {
  const end = Math.min(from + ITEMS_PER_LOOK, page.inputs.length);
  for (let item = from; item < end; item++) {
    try {
      values[item] = program.first(page.inputs[item] ?? null);
    } catch (error) {
      if (error instanceof JqUnsupportedError && !program.usesAddedFunctions) undecided.push(item);
      else page.problems.push({ program: index, item, ...toProblem(error) });
    }
    if (program.tookLong()) return item + 1;
  }
  return end;
}

function toProblem(error: unknown): Pick<PageProblem, "message" | "limit"> {
  if (error instanceof JqUnsupportedError) {
    return { message: `${error.message}, and real jq lacks functions that the program calls` };
  }
  if (error instanceof JqError) return { message: error.message };
  if (error instanceof JqLimitError) return { message: error.message, limit: error.limit };
  throw error;
}
