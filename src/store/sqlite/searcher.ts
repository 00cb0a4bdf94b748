import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { LimitError, QuaysideError, type ErrorCode } from "../../runtime/errors.ts";
import type { SearchArgs, SearchCalls, SearchName, SearchResult } from "./searches.ts";
import { toError } from "./writer.ts";

export interface SearchRequest {
  readonly name: SearchName;
  readonly args: unknown;
}
export type SearchReply =
  | { readonly result: unknown }
  | { readonly error: { readonly code: ErrorCode; readonly message: string } };

const DEADLINE_MS = 10_000;
/** So that a search that reads every entity holds up no other. */
const MAX_THREADS = 2;

/**
 * Runs searches in threads of their own: one without an index reads every entity. A thread starts when a search finds no
 * other idle. One whose search takes too long is ended with it.
 */
export class Searcher implements SearchCalls {
  readonly #path: string;
  readonly #deadlineMs: number;
  readonly #idle: SearchThread[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #running = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(path: string, deadlineMs = DEADLINE_MS) {
    this.#path = path;
    this.#deadlineMs = deadlineMs;
  }

  async call<Name extends SearchName>(name: Name, args: SearchArgs<Name>): Promise<SearchResult<Name>> {
    while (this.#running.size >= MAX_THREADS) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const answer = this.#run({ name, args });
    this.#running.add(answer);
    try {
      return (await answer) as SearchResult<Name>; // as search-worker.ts runs it
    } finally {
      this.#running.delete(answer);
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    for (const thread of this.#idle) await thread.end();
  }

  async #run(request: SearchRequest): Promise<unknown> {
    if (this.#isClosed) throw new QuaysideError("internal", "The database is closed");
    const thread = this.#idle.pop() ?? new SearchThread(this.#path);
    const reply = await thread.ask(request, this.#deadlineMs);
    this.#idle.push(thread);
    if ("error" in reply) throw toError(reply.error);
    return reply.result;
  }
}

/** A thread that does one search at a time, and is of no use after one that it does not answer. */
class SearchThread {
  readonly #worker: Worker;

  constructor(path: string) {
    // Compiled, the file beside this one ends in .js.
    const file = new URL(`./search-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
    this.#worker = new Worker(file, { workerData: { path } });
  }

  ask(request: SearchRequest, deadlineMs: number): Promise<SearchReply> {
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        worker.off("message", onMessage);
        worker.off("error", onError);
        worker.unref();
      };
      const fail = (error: Error): void => {
        end();
        void worker.terminate();
        reject(error);
      };
      const onMessage = (reply: SearchReply): void => {
        end();
        resolve(reply);
      };
      const onError = (cause: unknown): void => fail(new QuaysideError("internal", "A search failed", { cause }));
      const onDeadline = (): void =>
        fail(new LimitError(`The search took longer than ${deadlineMs} ms: ask for one blueprint, or for less`));
      const timer = setTimeout(onDeadline, deadlineMs);
      worker.ref();
      worker.on("message", onMessage);
      worker.on("error", onError);
      worker.postMessage(request);
    });
  }

  /** It closes its database itself: to terminate a thread takes it from under the statements. */
  async end(): Promise<void> {
    const ended = once(this.#worker, "exit");
    this.#worker.ref(); // the process is not over before that
    this.#worker.postMessage(null);
    await ended;
  }
}
