import { Worker } from "node:worker_threads";
import type { JqEngine, JqSyntaxProblem, JqValue, PageProblem, PageResult } from "../jq/jq-engine.ts";
import { toDoubleQuotes } from "../jq/single-quotes.ts";
import { findRefused, toCheckText, toPageText } from "./jq-program-text.ts";
import type { JqReply, JqRequest } from "./jq-wasm-worker.ts";

/** What a page may cost; an item that is evaluated alone gets the fixed part. */
const BASE_DEADLINE_MS = 2000;
const ITEM_DEADLINE_MS = 20;
/** Deeper values make WebAssembly's stack overflow. */
const MAX_DEPTH = 400;

type Answer = Exclude<JqReply, { trap: string }>;
type Cell = readonly [JqValue?] | { readonly e: string };

/**
 * Real jq (jq-wasm) in a worker: one call per page, one at a time. When a page traps, runs out of time or comes back
 * short, its items are tried one by one, so that the guilty one alone pays. A worker that does not answer is killed.
 */
export class JqWasmEngine implements JqEngine {
  readonly #checks = new Map<string, JqSyntaxProblem | undefined>();
  #worker: Worker | undefined;
  #lastId = 0;
  #turn: Promise<unknown> = Promise.resolve();

  async check(source: string): Promise<JqSyntaxProblem | undefined> {
    if (!this.#checks.has(source)) this.#checks.set(source, await this.#check(toDoubleQuotes(source)));
    return this.#checks.get(source);
  }

  async evaluatePage(programs: readonly string[], inputs: readonly JqValue[]): Promise<PageResult> {
    const text = toPageText(programs.map(toDoubleQuotes));
    const rows = await this.#evaluateRows(text, programs.length, inputs);
    const problems: PageProblem[] = [];
    const values = programs.map((_, program) =>
      rows.map((row, item) => {
        const cell = row[program];
        if (cell === undefined || "e" in cell) {
          problems.push({ program, item, message: cell?.e ?? "jq gave no answer" });
          return undefined;
        }
        return cell[0];
      }),
    );
    return { values, problems };
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #check(source: string): Promise<JqSyntaxProblem | undefined> {
    const refused = findRefused(source);
    if (refused !== undefined) {
      const before = source.slice(0, Math.max(0, source.indexOf(refused))).split("\n");
      const column = (before.at(-1)?.length ?? 0) + 1;
      return { message: `${refused} is not available in a mapping`, line: before.length, column };
    }
    if (source.trim() === "") return { message: "the program is empty", line: 1, column: 1 };
    // With no input, nothing runs: a program that would never end is only compiled.
    const alone = await this.#call(toCheckText(source), "", BASE_DEADLINE_MS);
    if (typeof alone === "string") return { message: alone, line: 1, column: 1 };
    if (alone.exitCode === 3) return toSyntaxProblem(alone.stderr);
    const inPage = await this.#call(toPageText([source]), "", BASE_DEADLINE_MS);
    if (typeof inPage !== "string" && inPage.exitCode !== 3) return undefined;
    return { message: "the program is not one expression", line: 1, column: 1 };
  }

  async #evaluateRows(text: string, width: number, inputs: readonly JqValue[]): Promise<readonly (readonly Cell[])[]> {
    const together = inputs.every(isShallow)
      ? await this.#call(text, inputs.map(toLine).join("\n"), BASE_DEADLINE_MS + ITEM_DEADLINE_MS * inputs.length)
      : "too deep";
    const rows = typeof together === "string" ? [] : toRows(together.stdout);
    if (rows.length === inputs.length) return rows;
    const alone: (readonly Cell[])[] = [];
    for (const input of inputs) alone.push(await this.#evaluateAlone(text, width, input));
    return alone;
  }

  async #evaluateAlone(text: string, width: number, input: JqValue): Promise<readonly Cell[]> {
    const answer = isShallow(input)
      ? await this.#call(text, toLine(input), BASE_DEADLINE_MS)
      : `the value is nested deeper than ${MAX_DEPTH} levels`;
    const row = typeof answer === "string" ? undefined : toRows(answer.stdout)[0];
    const reason = typeof answer === "string" ? answer : "jq gave no answer";
    return row ?? Array.from({ length: width }, () => ({ e: reason }));
  }

  /** The answer of jq, or why there is none. Calls run one after another. */
  #call(program: string, input: string, deadlineMs: number): Promise<Answer | string> {
    const turn = this.#turn.then(() => this.#callNow(program, input, deadlineMs));
    this.#turn = turn;
    return turn;
  }

  #callNow(program: string, input: string, deadlineMs: number): Promise<Answer | string> {
    const worker = (this.#worker ??= startWorker());
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const end = (answer: Answer | string): void => {
        clearTimeout(timer);
        worker.off("message", onMessage);
        worker.off("error", onError);
        worker.unref();
        resolve(answer);
      };
      const fail = (reason: string): void => {
        this.#worker = undefined;
        void worker.terminate();
        end(reason);
      };
      const timer = setTimeout(() => fail(`jq did not end within ${deadlineMs} ms`), deadlineMs);
      const onMessage = (reply: JqReply): void => {
        if (reply.id === id) end("trap" in reply ? `jq failed: ${reply.trap}` : reply);
      };
      const onError = (error: unknown): void =>
        fail(`jq failed: ${error instanceof Error ? error.message : String(error)}`);
      worker.ref();
      worker.on("message", onMessage);
      worker.on("error", onError);
      worker.postMessage({ id, program, input } satisfies JqRequest);
    });
  }
}

function startWorker(): Worker {
  // Compiled, the file beside this one ends in .js.
  return new Worker(new URL(`./jq-wasm-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url));
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
