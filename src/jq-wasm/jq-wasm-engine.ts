import type { JqEngine, JqSyntaxProblem, JqValue, PageProblem, PageResult } from "../jq/jq-engine.ts";
import { toDoubleQuotes } from "../jq/single-quotes.ts";
import { findRefused, toCheckText, toPageText } from "./jq-program-text.ts";
import { isFailure, JqWorker, type JqFailure } from "./jq-worker.ts";
import { ProgramBreaker } from "./program-breaker.ts";

/** What a page may cost. */
const BASE_DEADLINE_MS = 1500;
const ITEM_DEADLINE_MS = 20;
/** Deeper values make WebAssembly's stack overflow. */
const MAX_DEPTH = 400;
/** What all outputs of a page may take as text; a cell that exceeds its share is asked for alone. */
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/** Programs whose check is remembered. */
const MAX_CHECKS = 10_000;

type Cell = readonly [JqValue?] | { readonly e: string } | { readonly l: "output" };

const TOO_DEEP: JqFailure = { message: `the value is nested deeper than ${MAX_DEPTH} levels`, limit: "depth" };
const TOO_LONG: JqFailure = { message: `the output is longer than ${MAX_OUTPUT_BYTES} bytes`, limit: "output" };
const NO_ANSWER: JqFailure = { message: "jq gave no answer", limit: "trap" };

export interface JqWasmEngineOptions {
  /** Milliseconds since whenever, never going back; tells when a program that was ended is tried again. */
  readonly stopwatch?: () => number;
  /** What a call may take, before what its items add. */
  readonly deadlineMs?: number;
}

/** A page under way. */
interface Page {
  readonly programs: readonly string[];
  /** The inputs as JSON texts; undefined for what jq cannot take. */
  readonly lines: readonly (string | undefined)[];
  readonly values: (JqValue | undefined)[][];
  readonly problems: PageProblem[];
}

/**
 * Real jq (jq-wasm) in a worker: one call per page. When a page traps, runs out of time or comes back short, its programs
 * are tried one by one, and of a program that fails again the items, so that the guilty ones alone pay. A program that was
 * ended too often is not tried again for a while (ProgramBreaker).
 */
export class JqWasmEngine implements JqEngine {
  readonly #checks = new Map<string, JqSyntaxProblem | undefined>();
  readonly #worker = new JqWorker();
  readonly #breaker: ProgramBreaker;
  readonly #deadlineMs: number;

  constructor({ stopwatch = () => performance.now(), deadlineMs = BASE_DEADLINE_MS }: JqWasmEngineOptions = {}) {
    this.#breaker = new ProgramBreaker(stopwatch);
    this.#deadlineMs = deadlineMs;
  }

  async check(source: string): Promise<JqSyntaxProblem | undefined> {
    if (this.#checks.has(source)) return this.#checks.get(source);
    const problem = await this.#check(toDoubleQuotes(source));
    // That jq broke down says nothing about the program: the next check tries again.
    if (problem !== undefined && isFailure(problem)) return { message: problem.message, line: 1, column: 1 };
    if (this.#checks.size >= MAX_CHECKS) this.#checks.clear();
    this.#checks.set(source, problem);
    return problem;
  }

  async evaluatePage(programs: readonly string[], inputs: readonly JqValue[]): Promise<PageResult> {
    const page: Page = {
      programs: programs.map(toDoubleQuotes),
      lines: inputs.map((input) => (isShallow(input) ? toLine(input) : undefined)),
      values: programs.map(() => inputs.map(() => undefined)),
      problems: [],
    };
    const items = [...page.lines.keys()];
    const deep = items.filter((item) => page.lines[item] === undefined);
    for (const program of programs.keys()) for (const item of deep) fail(page, program, item, TOO_DEEP);
    const shallow = items.filter((item) => page.lines[item] !== undefined);
    await this.#evaluate(page, [...programs.keys()], shallow);
    return { values: page.values, problems: page.problems };
  }

  close(): Promise<void> {
    return this.#worker.close();
  }

  async #check(source: string): Promise<JqSyntaxProblem | JqFailure | undefined> {
    const refused = findRefused(source);
    if (refused !== undefined) {
      const before = source.slice(0, Math.max(0, source.indexOf(refused))).split("\n");
      const column = (before.at(-1)?.length ?? 0) + 1;
      return { message: `${refused} is not available in a mapping`, line: before.length, column };
    }
    if (source.trim() === "") return { message: "the program is empty", line: 1, column: 1 };
    // With no input, nothing runs: a program that would never end is only compiled.
    const alone = await this.#worker.call(toCheckText(source), "", this.#deadlineMs);
    if (isFailure(alone)) return alone;
    if (alone.exitCode === 3) return toSyntaxProblem(alone.stderr);
    const inPage = await this.#worker.call(toPageText([source], MAX_OUTPUT_BYTES), "", this.#deadlineMs);
    if (isFailure(inPage)) return inPage;
    if (inPage.exitCode !== 3) return undefined;
    return { message: "the program is not one expression", line: 1, column: 1 };
  }

  /** Fills in the cells of these programs and items: together if that goes well, else in parts. */
  async #evaluate(page: Page, programs: readonly number[], items: readonly number[]): Promise<void> {
    const allowed = programs.filter((program) => !this.#refuse(page, program, items));
    if (allowed.length === 0 || items.length === 0) return;
    const rows = await this.#call(page, allowed, items);
    if (!isFailure(rows)) await this.#takeRows(page, allowed, items, rows);
    else if (allowed.length > 1) for (const program of allowed) await this.#evaluate(page, [program], items);
    else await this.#blame(page, allowed[0] ?? 0, items, rows);
  }

  #refuse(page: Page, program: number, items: readonly number[]): boolean {
    const refusal = this.#breaker.findRefusal(page.programs[program] ?? "");
    if (refusal === undefined) return false;
    for (const item of items) fail(page, program, item, refusal);
    return true;
  }

  /** The program alone has failed on these items. */
  async #blame(page: Page, program: number, items: readonly number[], failure: JqFailure): Promise<void> {
    const [only, ...others] = items;
    if (only !== undefined && others.length === 0) {
      this.#breaker.report(page.programs[program] ?? "", failure);
      fail(page, program, only, failure);
    } else for (const item of items) await this.#evaluate(page, [program], [item]);
  }

  async #call(
    page: Page,
    programs: readonly number[],
    items: readonly number[],
  ): Promise<readonly (readonly Cell[])[] | JqFailure> {
    const share = Math.floor(MAX_OUTPUT_BYTES / (programs.length * items.length));
    const text = toPageText(
      programs.map((program) => page.programs[program] ?? ""),
      share,
    );
    const input = items.map((item) => page.lines[item] ?? "").join("\n");
    const deadlineMs = this.#deadlineMs + (items.length > 1 ? ITEM_DEADLINE_MS * items.length : 0);
    const answer = await this.#worker.call(text, input, deadlineMs);
    if (isFailure(answer)) return answer;
    const rows = toRows(answer.stdout);
    return rows.length === items.length ? rows : NO_ANSWER;
  }

  async #takeRows(
    page: Page,
    programs: readonly number[],
    items: readonly number[],
    rows: readonly (readonly Cell[])[],
  ): Promise<void> {
    const isAlone = programs.length === 1 && items.length === 1;
    for (const [column, program] of programs.entries()) {
      for (const [row, item] of items.entries()) {
        const cell = rows[row]?.[column] ?? { e: NO_ANSWER.message };
        if ("e" in cell) page.problems.push({ program, item, message: cell.e });
        else if (!("l" in cell)) setValue(page, program, item, cell[0]);
        else if (isAlone) fail(page, program, item, TOO_LONG);
        else await this.#evaluate(page, [program], [item]);
      }
    }
  }
}

function setValue(page: Page, program: number, item: number, value: JqValue | undefined): void {
  const column = page.values[program];
  if (column !== undefined) column[item] = value;
}

function fail(page: Page, program: number, item: number, failure: JqFailure): void {
  page.problems.push({ program, item, ...failure });
}

/** jq refuses lone surrogates, and then the whole page. */
function toLine(value: JqValue): string {
  return JSON.stringify(value).replaceAll(/\\ud[89a-f][0-9a-f]{2}/gi, "\\ufffd");
}

function toRows(stdout: string): readonly (readonly Cell[])[] {
  return stdout === ""
    ? []
    : stdout
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as readonly Cell[]); // the shape is that of toPageText
}

function isShallow(value: JqValue, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth < MAX_DEPTH && Object.values(value).every((child: JqValue) => isShallow(child, depth + 1));
}

/** From `jq: error: <what> at <top-level>, line L, column C:`, where line 1 is the prefix. */
function toSyntaxProblem(stderr: string): JqSyntaxProblem {
  const found = /^jq: error: (.+?) at <[^>]*>, line (\d+), column (\d+)/m.exec(stderr);
  if (found === null) return { message: stderr.split("\n")[0] ?? "not a jq program", line: 1, column: 1 };
  const [, message = "", line = "", column = ""] = found;
  return { message, line: Math.max(1, Number(line) - 1), column: Number(column) };
}
