import { Worker } from "node:worker_threads";
import type { EntitySearch } from "../../model/search.ts";
import { LimitError, QuaysideError, type ErrorCode } from "../../runtime/errors.ts";
import type { SqlRow } from "./connection.ts";
import { toError } from "./writer.ts";

export interface SqlPage {
  readonly rows: readonly SqlRow[];
  readonly next: string | undefined;
}

/** Where the stores send their searches. */
export interface SearchCalls {
  readPage(search: EntitySearch): Promise<SqlPage>;
  countRows(search: Pick<EntitySearch, "blueprintId" | "rule">): Promise<number>;
  close(): Promise<void>;
}

export type SearchRequest =
  | { readonly type: "page"; readonly search: EntitySearch }
  | { readonly type: "count"; readonly search: Pick<EntitySearch, "blueprintId" | "rule"> };
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

  async readPage(search: EntitySearch): Promise<SqlPage> {
    return (await this.#inTurn({ type: "page", search })) as SqlPage; // as search-worker.ts answers a page
  }

  async countRows(search: Pick<EntitySearch, "blueprintId" | "rule">): Promise<number> {
    return (await this.#inTurn({ type: "count", search })) as number; // as search-worker.ts answers a count
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
