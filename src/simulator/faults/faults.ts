import { createRandom, hashText, toFraction, type Random } from "../random.ts";

/** What can go wrong with one request. */
export type FaultKind =
  /** Limited, because this endpoint is asked too fast. */
  | "429-burst"
  /** Limited, because the hour's quota is used up. */
  | "429-quota"
  /** Limited, because this issue is written too often. */
  | "429-issue"
  | "500"
  | "503"
  /** The connection is cut before anything is answered. */
  | "reset"
  /** The request is served, and the connection cut in the middle of the answer. */
  | "truncated"
  /** Nothing comes. */
  | "stall";

export const faultKinds: readonly FaultKind[] = [
  "429-burst",
  "429-quota",
  "429-issue",
  "500",
  "503",
  "reset",
  "truncated",
  "stall",
];

export interface FaultOptions {
  /** Share of requests that go wrong, from 0 to 1. */
  readonly rate: number;
  readonly kinds?: readonly FaultKind[];
  /** How often the same request goes wrong in a row at most. */
  readonly maxInARow?: number;
  /** Instead of the seconds that Jira names for each sort of limit. */
  readonly retryAfterSeconds?: number;
}

interface Planned {
  readonly kind: FaultKind;
  readonly endpoint: string | undefined;
}

const rememberedRequests = 1_000_000;

/**
 * Decides which requests go wrong: those planned by a test come first, then a share of all. Whether the k-th attempt of
 * a request fails depends on the seed, the request and k alone, so that a run with several connections is as
 * repeatable as one with a single one.
 */
export class Faults {
  readonly #random: Random;
  readonly #planned: Planned[] = [];
  readonly #attempts = new Map<number, number>();
  #options: FaultOptions;

  constructor(seed: number, options: FaultOptions) {
    this.#random = createRandom(seed);
    this.#options = options;
  }

  get retryAfterSeconds(): number | undefined {
    return this.#options.retryAfterSeconds;
  }

  set(options: FaultOptions): void {
    this.#options = options;
  }

  /** The next `times` requests, of this endpoint if one is given, go wrong in this way. */
  plan(kind: FaultKind, { endpoint, times = 1 }: { readonly endpoint?: string; readonly times?: number } = {}): void {
    for (let time = 0; time < times; time++) this.#planned.push({ kind, endpoint });
  }

  decide(endpoint: string, request: string): FaultKind | undefined {
    const place = this.#planned.findIndex((one) => one.endpoint === undefined || one.endpoint === endpoint);
    const planned = place < 0 ? undefined : this.#planned.splice(place, 1)[0];
    if (planned !== undefined) return planned.kind;
    const { rate, kinds = faultKinds, maxInARow = 3 } = this.#options;
    if (rate <= 0 || kinds.length === 0) return undefined;
    const fingerprint = hashText(request);
    if (this.#attempts.size > rememberedRequests) this.#attempts.clear();
    const attempt = this.#attempts.get(fingerprint) ?? 0;
    this.#attempts.set(fingerprint, attempt + 1);
    const fails = (one: number): boolean => one >= 0 && toFraction(this.#random(fingerprint, 1401 + one)) < rate;
    const isInARow = Array.from({ length: maxInARow }, (_, back) => attempt - 1 - back).every(fails);
    if (!fails(attempt) || isInARow) return undefined;
    return kinds[this.#random(fingerprint, 2401 + attempt) % kinds.length];
  }
}
