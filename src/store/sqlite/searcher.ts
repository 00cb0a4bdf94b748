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

/**
 * Runs searches in a thread of their own, one after another: one without an index reads every entity. The thread starts
 * with the first search; one that takes too long is ended with it, and the next search starts another.
 */
export class Searcher implements SearchCalls {
  readonly #path: string;
  readonly #deadlineMs: number;
  #worker: Worker | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(path: string, deadlineMs = DEADLINE_MS) {
    this.#path = path;
    this.#deadlineMs = deadlineMs;
  }

  async call<Name extends SearchName>(name: Name, args: SearchArgs<Name>): Promise<SearchResult<Name>> {
    return (await this.#inTurn({ name, args })) as SearchResult<Name>; // as search-worker.ts runs it
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turn;
    await this.#worker?.terminate();
  }

  #inTurn(request: SearchRequest): Promise<unknown> {
    const answer = this.#turn.then(() => this.#run(request));
    this.#turn = answer.catch(() => undefined); // its caller hears of it
    return answer;
  }

  #run(request: SearchRequest): Promise<unknown> {
    if (this.#isClosed) throw new QuaysideError("internal", "The database is closed");
    const worker = (this.#worker ??= startWorker(this.#path));
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        worker.off("message", onMessage);
        worker.off("error", onError);
        worker.unref();
      };
      const fail = (error: Error): void => {
        end();
        this.#worker = undefined;
        void worker.terminate();
        reject(error);
      };
      const onMessage = (reply: SearchReply): void => {
        end();
        if ("error" in reply) reject(toError(reply.error));
        else resolve(reply.result);
      };
      const onError = (cause: unknown): void => fail(new QuaysideError("internal", "A search failed", { cause }));
      const onDeadline = (): void =>
        fail(new LimitError(`The search took longer than ${this.#deadlineMs} ms: ask for one blueprint, or for less`));
      const timer = setTimeout(onDeadline, this.#deadlineMs);
      worker.ref();
      worker.on("message", onMessage);
      worker.on("error", onError);
      worker.postMessage(request);
    });
  }
}

function startWorker(path: string): Worker {
  // Compiled, the file beside this one ends in .js.
  const file = new URL(`./search-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  return new Worker(file, { workerData: { path } });
}
