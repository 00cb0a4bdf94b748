/**
 * Jira's published limit per endpoint and method is 100 a second for reads and half of that for writes. A tenth is left
 * alone: requests sent evenly do not arrive evenly.
 */
const READS_PER_SECOND = 90;
const WRITES_PER_SECOND = 45;
/** So many requests may go out at once after a silence. */
const BURST = 20;
const SLOWEST_SHARE = 0.01;
/** How fast a pace that a refusal has lowered is tried again. */
const CEILING_GROWTH_PER_MINUTE = 1.1;
const RECOVERY_SECONDS = 30;
/** Refusals this close together are one. */
const SAME_REFUSAL_MS = 1000;

/**
 * When the next request to one endpoint may leave. Two rules:
 * 1. never more than `BURST` plus the present rate times the time, over any stretch of time (a virtual queue);
 * 2. a refusal halves the rate and remembers a little less than the refused rate as its ceiling; the rate then climbs
 *    back to the ceiling, and the ceiling by a tenth a minute, so that a limit once learned is rarely met again.
 */
export class Pace {
  readonly #nominal: number;
  #rate: number;
  #ceiling: number;
  /** The time at which the virtual queue is empty. */
  #emptyAtMs = 0;
  #changedAtMs = 0;
  #refusedAtMs = Number.NEGATIVE_INFINITY;

  constructor(method: string, ratePerSecond?: number) {
    const isRead = method === "GET" || method === "POST";
    this.#nominal = ratePerSecond ?? (isRead ? READS_PER_SECOND : WRITES_PER_SECOND);
    this.#rate = this.#nominal;
    this.#ceiling = this.#nominal;
  }

  get ratePerSecond(): number {
    return this.#rate;
  }

  /** Books the next free moment and returns it; it may lie in the past. */
  reserve(nowMs: number): number {
    this.#recover(nowMs);
    const intervalMs = 1000 / this.#rate;
    const sendAtMs = Math.max(nowMs, this.#emptyAtMs - (BURST - 1) * intervalMs);
    this.#emptyAtMs = Math.max(this.#emptyAtMs, nowMs) + intervalMs;
    return sendAtMs;
  }

  /**
   * The other side refused a request because there were too many, and wants none before `untilMs`. Those under way with
   * it are refused as well and count no more. Afterwards requests go out evenly: the other side has no burst to spare.
   */
  refuse(nowMs: number, untilMs: number): void {
    if (nowMs - this.#refusedAtMs >= SAME_REFUSAL_MS) {
      this.#refusedAtMs = nowMs;
      this.#ceiling = Math.max(this.#rate * 0.9, this.#nominal * SLOWEST_SHARE);
      this.#slowTo(this.#rate / 2, nowMs);
    }
    this.#emptyAtMs = Math.max(this.#emptyAtMs, untilMs + ((BURST - 1) * 1000) / this.#rate);
  }

  /** The other side says that it is about to refuse. */
  warn(nowMs: number): void {
    this.#slowTo(this.#rate * 0.95, nowMs);
  }

  #slowTo(rate: number, nowMs: number): void {
    this.#recover(nowMs);
    this.#rate = Math.max(rate, this.#nominal * SLOWEST_SHARE);
  }

  #recover(nowMs: number): void {
    const seconds = Math.max(0, nowMs - this.#changedAtMs) / 1000;
    this.#changedAtMs = nowMs;
    if (this.#ceiling < this.#nominal) {
      this.#ceiling = Math.min(this.#nominal, this.#ceiling * CEILING_GROWTH_PER_MINUTE ** (seconds / 60));
    }
    this.#rate = Math.min(this.#ceiling, this.#rate + (this.#ceiling * seconds) / RECOVERY_SECONDS);
  }
}
