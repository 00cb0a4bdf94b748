import type { Clock } from "../runtime/clock.ts";

/** Past this age a listing is read anew, for sessions that live long. */
const MAX_AGE_MS = 15 * 60_000;

interface Entry {
  readonly value: Promise<unknown>;
  readonly loadedAtMs: number;
}

/** Listings that several kinds need in one run, such as all boards: read once in a session. */
export class SharedReads {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async get<Value>(name: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.#entries.get(name);
    if (known !== undefined && this.#clock.now() - known.loadedAtMs < MAX_AGE_MS) {
      return known.value as Promise<Value>; // each name has one caller, so one type
    }
    const value = load();
    this.#entries.set(name, { value, loadedAtMs: this.#clock.now() });
    value.catch(() => this.#entries.delete(name)); // a failure is not worth keeping
    return value;
  }
}
