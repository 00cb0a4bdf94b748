import { Worker } from "node:worker_threads";
import type { JqValue } from "../../src/jq/jq-engine.ts";
import type { OracleReply, OracleRequest } from "./oracle-worker.ts";
import { toCollectingProgram, toOutcome, type Case, type Outcome } from "./outcome.ts";

const DEADLINE_MS = 3000;
const PREFIX = "def env: {}; {} as $ENV |";

const NO_TIME = Symbol("the call took too long");

/**
 * Real jq in a worker. A batch of cases is one call, because a call costs a millisecond however little it does. A batch
 * that fails as a whole is halved until the guilty case stands alone; one that does not end is tried case by case.
 */
export class Oracle {
  #worker: Worker | undefined;

  /** `outcomes[case][input]`. One call at a time. */
  async answer(cases: readonly Case[]): Promise<readonly (readonly Outcome[])[]> {
    const cells = cases.map(({ program }, index) => `(.[${index}] | map(${toCollectingProgram(program)}))`);
    const input = JSON.stringify(cases.map(({ inputs }) => inputs));
    const stdout = await this.#call({ program: `${PREFIX} [${cells.join(",")}]`, input });
    if (typeof stdout === "string" && stdout !== "") {
      const rows = JSON.parse(stdout) as JqValue[][]; // the shape is that of the cells
      return rows.map((row) => row.map(toOutcome));
    }
    if (cases.length <= 1) {
      const none = stdout === NO_TIME || stdout === "" ? "broken" : "refused";
      return cases.map(({ inputs }) => inputs.map(() => ({ none })));
    }
    const size = stdout === NO_TIME ? 1 : Math.ceil(cases.length / 2);
    const outcomes: (readonly Outcome[])[] = [];
    for (let start = 0; start < cases.length; start += size) {
      outcomes.push(...(await this.answer(cases.slice(start, start + size))));
    }
    return outcomes;
  }

  /** `name/arity` of each builtin of real jq. */
  async listBuiltins(): Promise<readonly string[]> {
    const stdout = await this.#call({ program: "builtins | sort", input: "null" });
    return JSON.parse(typeof stdout === "string" ? stdout : "[]") as string[]; // the shape is that of jq's `builtins`
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #call(request: OracleRequest): Promise<string | undefined | typeof NO_TIME> {
    const worker = (this.#worker ??= new Worker(new URL("./oracle-worker.ts", import.meta.url)));
    return new Promise((resolve) => {
      const end = (result: string | undefined | typeof NO_TIME): void => {
        clearTimeout(timer);
        worker.off("message", onMessage).off("error", giveUp);
        resolve(result);
      };
      const giveUp = (): void => {
        this.#worker = undefined;
        void worker.terminate();
        end(NO_TIME);
      };
      const timer = setTimeout(giveUp, DEADLINE_MS);
      const onMessage = ({ stdout }: OracleReply): void => end(stdout);
      worker.on("message", onMessage).on("error", giveUp);
      worker.postMessage(request);
    });
  }
}
