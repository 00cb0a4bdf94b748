import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import packageFile from "../../package.json" with { type: "json" };
import { cpuSecondsOf, findPeakMemoryMb } from "../resync/machine.ts";

export interface LoadRequest {
  /** Issues by their numbers, from `first` on. */
  readonly first: number;
  readonly count: number;
}
export type ServerReply =
  | { readonly url: string; readonly token: string }
  | { readonly loaded: number; readonly seconds: number };

/** Flags that the product is started with. */
const NODE_FLAGS = packageFile.scripts.quayside.split(" ").filter((word) => word.startsWith("--"));

/** The server in its own process, seen from the bench. */
export class CatalogServer {
  readonly url: string;
  readonly token: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, { url, token }: Extract<ServerReply, { url: string }>) {
    this.#process = process;
    this.url = url;
    this.token = token;
  }

  /** `address` is an empty database: a path, or the URL of one in PostgreSQL. */
  static async start(address: string): Promise<CatalogServer> {
    const child = fork(new URL("./server-process.ts", import.meta.url), [address], { execArgv: NODE_FLAGS });
    return new CatalogServer(child, (await nextMessage(child)) as Extract<ServerReply, { url: string }>); // its first message
  }

  /** Entities per second. */
  async load(request: LoadRequest): Promise<number> {
    const done = nextMessage(this.#process);
    this.#process.send(request);
    const { loaded, seconds } = (await done) as Extract<ServerReply, { loaded: number }>; // its answer to a request
    return loaded / seconds;
  }

  cpuSeconds(): number {
    return cpuSecondsOf(this.#process.pid ?? 0).own;
  }

  peakMb(): number {
    return findPeakMemoryMb(this.#process.pid ?? 0) ?? 0;
  }

  async close(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.disconnect();
    await ended;
  }
}

async function nextMessage(child: ChildProcess): Promise<ServerReply> {
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`The server ended with ${String(code)}`);
  });
  const [message] = (await Promise.race([once(child, "message"), failed])) as [ServerReply];
  return message;
}
