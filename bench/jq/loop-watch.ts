import { performance } from "node:perf_hooks";

export interface Stretch {
  readonly wallMs: number;
  /** CPU time of this thread: what remains of it on an idle machine. */
  readonly cpuMs: number;
}

/** Finds the longest stretch in which the event loop ran nothing but one task: a timer is always due. */
export class LoopWatch {
  #timer: NodeJS.Timeout;
  #last = readClocks();
  #longest: Stretch = { wallMs: 0, cpuMs: 0 };

  constructor() {
    this.#timer = setTimeout(() => this.#tick(), 1);
  }

  /** Lets the timer run, so that what has just ended counts, and nothing before the next task does. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }

  stop(): Stretch {
    clearTimeout(this.#timer);
    return this.#longest;
  }

  #tick(): void {
    const now = readClocks();
    const wallMs = now.wallMs - this.#last.wallMs;
    if (wallMs > this.#longest.wallMs) this.#longest = { wallMs, cpuMs: now.cpuMs - this.#last.cpuMs };
    this.#last = now;
    this.#timer = setTimeout(() => this.#tick(), 1);
  }
}

function readClocks(): Stretch {
  const { user, system } = process.threadCpuUsage();
  return { wallMs: performance.now(), cpuMs: (user + system) / 1000 };
}
