import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export const CLIENT = { clientId: "bench", clientSecret: "bench" };

export type Request = { readonly type: "measure" } | { readonly type: "close-store" } | { readonly type: "close" };
export type Reply =
  | { readonly type: "ready"; readonly url: string }
  | { readonly type: "closed" }
  | ({ readonly type: "measured" } & Measured);

/** What a server holds after a forced collection, and how long its loop was blocked since the last time. */
export interface Measured {
  /** Resident, without what is only mapped from files. */
  readonly ownBytes: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly loopMaxMs: number;
  readonly loopP99Ms: number;
  /** The longest of it in CPU time, whatever else the machine does. */
  readonly loopBusiestMs: number;
}

/** A catalog served over HTTP by a process of its own, which can be killed. */
export class ServedCatalog {
  readonly url: string;
  readonly token: string;
  readonly #child: ChildProcess;
  #hasEnded = false;

  private constructor(child: ChildProcess, url: string, token: string) {
    this.#child = child;
    this.url = url;
    this.token = token;
    child.once("exit", () => (this.#hasEnded = true));
  }

  static async start(
    path: string,
    options: { readonly isLogging?: boolean; readonly plantsEarlyAnswer?: boolean } = {},
  ): Promise<ServedCatalog> {
    const { isLogging = false, plantsEarlyAnswer = false } = options;
    const args = [path, ...(isLogging ? ["--log"] : []), ...(plantsEarlyAnswer ? ["--plant-early-answer"] : [])];
    const execArgv = ["--expose-gc", "--max-semi-space-size=8"];
    const child = fork(join(import.meta.dirname, "server-process.ts"), args, {
      execArgv,
      stdio: ["ignore", 2, 2, "ipc"],
    });
    const ready = await hear(child, "ready");
    const body = JSON.stringify(CLIENT);
    const signedIn = await fetch(`${ready.url}/v1/auth/access_token`, { method: "POST", body });
    const { accessToken } = (await signedIn.json()) as { accessToken: string }; // the answer of that route
    return new ServedCatalog(child, ready.url, accessToken);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  measure(): Promise<Measured> {
    return this.#ask({ type: "measure" }, "measured");
  }

  /** Pulls the store from under the app: every request that needs it fails from then on. */
  async closeStore(): Promise<void> {
    await this.#ask({ type: "close-store" }, "closed");
  }

  /** As `kill -9` does. Resolves when nothing of it runs any more. */
  async kill(): Promise<void> {
    if (this.#hasEnded) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }

  async close(): Promise<void> {
    if (this.#hasEnded) return;
    const ended = once(this.#child, "exit");
    await this.#ask({ type: "close" }, "closed");
    await ended;
  }

  #ask<Type extends Reply["type"]>(request: Request, type: Type): Promise<Extract<Reply, { readonly type: Type }>> {
    this.#child.send(request);
    return hear(this.#child, type);
  }
}

function hear<Type extends Reply["type"]>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<Reply, { readonly type: Type }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`The server ended with ${code}`));
    child.once("exit", onExit);
    child.on("message", function listen(reply: Reply) {
      if (reply.type !== type) return;
      child.off("exit", onExit);
      child.off("message", listen);
      resolve(reply as Extract<Reply, { readonly type: Type }>); // of that type, as was just seen
    });
  });
}
