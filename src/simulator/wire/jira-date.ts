const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;
const dayMs = 96 * quarterMs;
/** What can stand behind the hour: dates are a good part of an issue, so they are put together from parts. */
const minutesAndSeconds = Array.from(
  { length: 3600 },
  (_, second) => `${String(Math.floor(second / 60)).padStart(2, "0")}:${String(second % 60).padStart(2, "0")}.`,
);
const milliseconds = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, "0"));

/** A quarter of an hour in the zone: offsets change at no other time, and none reaches into the next hour. */
interface Quarter {
  /** `2026-01-26T01:` */
  readonly start: string;
  /** How far behind the full hour it begins. */
  readonly second: number;
  /** `+0800` */
  readonly offset: string;
}

/** Writes dates as Jira does in one zone: `2026-01-26T01:39:15.510+0800`, with an offset that has no colon. */
export class JiraDates {
  readonly #format: Intl.DateTimeFormat;
  readonly #quarters = new Map<number, Quarter>();
  /** By the number of the day; undefined for a day on which it changes. */
  readonly #offsets = new Map<number, string | undefined>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  }

  write(epochMs: number): string {
    const number = Math.floor(epochMs / quarterMs);
    let quarter = this.#quarters.get(number);
    if (quarter === undefined) this.#quarters.set(number, (quarter = this.#read(number * quarterMs)));
    const ms = epochMs - number * quarterMs;
    const second = Math.floor(ms / 1000);
    const { start, offset } = quarter;
    return start + minutesAndSeconds[quarter.second + second] + milliseconds[Math.floor(ms) - second * 1000] + offset;
  }

  #read(epochMs: number): Quarter {
    const offset = this.#findOffset(epochMs);
    const offsetMs = (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3))) * minuteMs;
    const local = new Date(epochMs + (offset.startsWith("-") ? -offsetMs : offsetMs));
    return { start: local.toISOString().slice(0, 14), second: local.getUTCMinutes() * 60, offset };
  }

  /** To ask Intl for each date would cost more than the rest of an issue. */
  #findOffset(epochMs: number): string {
    const day = Math.floor(epochMs / dayMs);
    if (!this.#offsets.has(day)) {
      const [first, last] = [this.#readOffset(day * dayMs), this.#readOffset((day + 1) * dayMs - 1)];
      this.#offsets.set(day, first === last ? first : undefined);
    }
    return this.#offsets.get(day) ?? this.#readOffset(epochMs);
  }

  #readOffset(epochMs: number): string {
    const [, sign = "+", hour = "00", minute = "00"] =
      /GMT([+-])(\d\d):(\d\d)/.exec(this.#format.format(epochMs)) ?? [];
    return sign + hour + minute;
  }
}
