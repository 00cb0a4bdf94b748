import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ConfigurationError, ConflictError, QuaysideError, type ErrorCode } from "../../runtime/errors.ts";
import type { OperationName, Operations } from "./operations.ts";

export type WriterRequest = { readonly id: number; readonly name: OperationName; readonly args: unknown };
export type WriterReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly code: ErrorCode; readonly message: string } };

type Args<Name extends OperationName> = Parameters<ReturnType<Operations[Name]>>[0];
type Result<Name extends OperationName> = ReturnType<ReturnType<Operations[Name]>>;

/** Where the stores send their writes. */
export interface WriteCalls {
  call<Name extends OperationName>(name: Name, args: Args<Name>): Promise<Result<Name>>;
  close(): Promise<void>;
}

/**
 * The one writer of a database file, in a thread of its own. Calls are answered after their commit, in order; those that
 * wait at the same time share one.
 */
export class Writer implements WriteCalls {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #lastId = 0;
  #failure: Error | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (reply: WriterReply) => this.#settle(reply));
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", () => this.#fail(new QuaysideError("internal", "The database writer has ended")));
  }

  /** Opens (or creates) the file and brings its schema up to date. */
  static async open(path: string): Promise<Writer> {
    // Compiled, the file beside this one ends in .js.
    const file = new URL(`./writer-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
    const writer = new Writer(new Worker(file, { workerData: { path } }));
    try {
      await writer.call("ping", undefined);
    } catch (error) {
      await writer.#worker.terminate();
      throw error;
    }
    return writer;
  }

  call<Name extends OperationName>(name: Name, args: Args<Name>): Promise<Result<Name>> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject }); // the worker answers with the operation's own result
      this.#worker.postMessage({ id, name, args } satisfies WriterRequest);
    });
  }

  /** Waits for what was called, then ends the thread. */
  async close(): Promise<void> {
    if (this.#failure !== undefined) {
      await this.#worker.terminate();
      return;
    }
    await this.call("ping", undefined);
    this.#failure ??= new QuaysideError("internal", "The database is closed");
    const ended = once(this.#worker, "exit");
    this.#worker.postMessage(null); // it closes the database itself: to terminate it takes that from under the statements
    await ended;
  }

  #settle(reply: WriterReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiting?.reject(toError(reply.error));
    else waiting?.resolve(reply.result);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

/** Errors lose their class between threads; the code says which it was. Operations throw no others. */
export function toError({ code, message }: { readonly code: ErrorCode; readonly message: string }): QuaysideError {
  if (code === "conflict") return new ConflictError(message);
  if (code === "configuration_invalid") return new ConfigurationError(message);
  return new QuaysideError(code, message);
}
