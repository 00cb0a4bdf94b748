import { Worker } from "node:worker_threads";
import type { JqLimit } from "../jq/jq-errors.ts";
import type { JqReply, JqRequest } from "./jq-wasm-worker.ts";

export type JqAnswer = Exclude<JqReply, { trap: string }>;

/** Why there is no answer. */
export interface JqFailure {
  readonly message: string;
  readonly limit: JqLimit;
}

export function isFailure(result: object): result is JqFailure {
  return "limit" in result;
}

/** Real jq in a worker thread, one call after the other. A worker that does not answer in time is killed. */
export class JqWorker {
  #worker: Worker | undefined;
  #lastId = 0;
  #turn: Promise<unknown> = Promise.resolve();

  call(program: string, input: string, deadlineMs: number): Promise<JqAnswer | JqFailure> {
    const turn = this.#turn.then(() => this.#callNow(program, input, deadlineMs));
    this.#turn = turn.catch(() => undefined); // a call that cannot start holds up no other
    return turn;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #callNow(program: string, input: string, deadlineMs: number): Promise<JqAnswer | JqFailure> {
    const worker = (this.#worker ??= startWorker());
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const end = (answer: JqAnswer | JqFailure): void => {
        clearTimeout(timer);
        worker.off("message", onMessage);
        worker.off("error", onError);
        worker.unref();
        resolve(answer);
      };
      const fail = (failure: JqFailure): void => {
        this.#worker = undefined;
        void worker.terminate();
        end(failure);
      };
      const timer = setTimeout(
        () => fail({ message: `jq did not end within ${deadlineMs} ms`, limit: "time" }),
        deadlineMs,
      );
      const onMessage = (reply: JqReply): void => {
        if (reply.id === id) end("trap" in reply ? toTrap(reply.trap) : reply);
      };
      const onError = (error: unknown): void => fail(toTrap(error instanceof Error ? error.message : String(error)));
      worker.ref();
      worker.on("message", onMessage);
      worker.on("error", onError);
      worker.postMessage({ id, program, input } satisfies JqRequest);
    });
  }
}

function toTrap(reason: string): JqFailure {
  return { message: `jq failed: ${reason}`, limit: "trap" };
}

function startWorker(): Worker {
  // Compiled, the file beside this one ends in .js.
  const file = new URL(`./jq-wasm-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  // When jq breaks down it says so on stderr too, where nobody could tell by whom that was.
  const worker = new Worker(file, { stderr: true });
  worker.stderr.resume();
  return worker;
}
