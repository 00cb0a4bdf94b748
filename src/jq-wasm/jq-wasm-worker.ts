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

/** What real jq may take. Its build allows 256 MiB, which is too much next to everything else in the process. */
const MAX_HEAP_BYTES = 128 * 1024 * 1024;
const PAGE_BYTES = 65_536;

limitMemory();

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

/** The part that is used here: the types come with those of browsers only. */
declare namespace WebAssembly {
  // oxlint-disable-next-line no-unused-vars -- it is the type of a global
  class Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
}

/** There is no option for it, but all memory beyond the first is asked for here, and refused by throwing. */
function limitMemory(): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
    if (this.buffer.byteLength + pages * PAGE_BYTES > MAX_HEAP_BYTES) throw new RangeError("jq needs too much memory");
    return grow.call(this, pages);
  };
}
