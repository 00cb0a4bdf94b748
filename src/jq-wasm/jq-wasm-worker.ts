import { loadJq, type Jq } from "jq-wasm";
import { parentPort } from "node:worker_threads";

export interface JqRequest {
  readonly id: number;
  readonly program: string;
  /** JSON texts, one per line. */
  readonly input: string;
}
export type JqReply =
  | { readonly id: number; readonly stdout: string; readonly stderr: string; readonly exitCode: number }
  | { readonly id: number; readonly trap: string };

let jq: Promise<Jq> | undefined;

parentPort?.on("message", ({ id, program, input }: JqRequest) => {
  void answer(id, program, input).then((reply) => parentPort?.postMessage(reply));
});

async function answer(id: number, program: string, input: string): Promise<JqReply> {
  try {
    jq ??= loadJq();
    // "--" keeps a program such as "-n" from being taken for an option.
    return { id, ...(await jq).raw(input, program, ["-c", "--"]) };
  } catch (error) {
    jq = undefined; // a trap poisons the instance
    return { id, trap: error instanceof Error ? error.message : String(error) };
  }
}
