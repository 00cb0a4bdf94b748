/**
 * Dates by asking the zone what its clocks show and searching for the answer: slow, and with nothing in common with the
 * arithmetic of offsets that it checks.
 */
export class LocalCalendar {
  readonly #format: Intl.DateTimeFormat;
  readonly #instants = new Map<string, readonly number[]>();
  readonly #firsts = new Map<string, number>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  }

  /** `2026-03-11 13:45`, as the clock shows it. */
  show(epochMs: number): string {
    return this.#format.format(epochMs);
  }

  /**
   * All instants (whole minutes) at which the clock shows a text. None in a gap; then the readings an hour (or what the
   * gap measures) to either side are what a careless or a careful program takes it for.
   */
  instantsOf(text: string): readonly number[] {
    const known = this.#instants.get(text);
    if (known !== undefined) return known;
    const exact = this.#search(text);
    const found = exact.length > 0 ? exact : this.#aroundGap(text);
    this.#instants.set(text, found);
    return found;
  }

  /** The first instant at which the clock shows a text or anything later. */
  firstOf(text: string): number {
    const known = this.#firsts.get(text);
    if (known !== undefined) return known;
    const near = toUtc(text);
    let instant = near - 15 * HOUR_MS;
    while (this.show(instant) < text) instant += 15 * MINUTE_MS;
    this.#firsts.set(text, instant);
    return instant;
  }

  #search(text: string): number[] {
    const near = toUtc(text);
    const minutes = near - 15 * HOUR_MS;
    // Every zone is off by whole quarters of an hour, and so the minute within the quarter is the same everywhere.
    return Array.from({ length: 4 * 30 }, (_, index) => minutes + index * 15 * MINUTE_MS).filter(
      (instant) => this.show(instant) === text,
    );
  }

  #aroundGap(text: string): number[] {
    for (const gap of [30 * MINUTE_MS, HOUR_MS, 24 * HOUR_MS]) {
      const around = [-gap, gap].map((shift) => this.#search(toText(toUtc(text) + shift)));
      if (around.every((found) => found.length > 0)) return around.flat();
    }
    throw new RangeError(`no clock ever shows ${text}, nor anything near it`);
  }
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The text read as if it were UTC, and back: only for reckoning with texts. */
export function toUtc(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}Z`);
}

export function toText(utcMs: number): string {
  return new Date(utcMs).toISOString().slice(0, 16).replace("T", " ");
}
