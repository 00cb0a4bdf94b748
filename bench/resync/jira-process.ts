import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpuSecondsOf } from "./machine.ts";

export interface SimulatorRequest {
  /** How many issues, spread evenly, get another summary. */
  readonly edit: number;
}
export type SimulatorReply = JiraAccess | { readonly edited: number };

export interface JiraAccess {
  readonly url: string;
  readonly email: string;
  readonly token: string;
}

/** The simulator in its own process, seen from the bench. */
export class JiraProcess {
  readonly access: JiraAccess;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, access: JiraAccess) {
    this.#process = process;
    this.access = access;
  }

  static async start(issues: number, latencyMs = 0): Promise<JiraProcess> {
    const child = fork(new URL("./simulator-process.ts", import.meta.url), [String(issues), String(latencyMs)], {
      execArgv: ["--max-semi-space-size=8"],
    });
    const [access] = (await once(child, "message")) as [JiraAccess]; // its first message
    return new JiraProcess(child, access);
  }

  /** CPU of the simulator so far. */
  cpuSeconds(): number {
    return cpuSecondsOf(this.#process.pid ?? 0).own;
  }

  async edit(issues: number): Promise<void> {
    const done = once(this.#process, "message");
    this.#process.send({ edit: issues } satisfies SimulatorRequest);
    await done;
  }

  async close(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.disconnect();
    await ended;
  }
}
