import { loadJq, type Jq } from "jq-wasm";
import { parentPort } from "node:worker_threads";

export interface OracleRequest {
  readonly program: string;
  readonly input: string;
}

/** What real jq printed; undefined when it refused the program or broke down. */
export interface OracleReply {
  readonly stdout: string | undefined;
}

let jq: Jq | undefined;

parentPort?.on("message", (request: OracleRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply));
});

async function answer({ program, input }: OracleRequest): Promise<OracleReply> {
  try {
    jq ??= await loadJq();
    // "--" keeps a program such as "-n" from being taken for an option.
    const { stdout, exitCode } = jq.raw(input, program, ["-c", "--"]);
    return { stdout: exitCode === 0 ? stdout : undefined };
  } catch {
    jq = undefined; // a trap poisons the instance
    return { stdout: undefined };
  }
}
