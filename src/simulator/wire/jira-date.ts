const hourMs = 3_600_000;
const halfHourMs = hourMs / 2;
const dayMs = 86_400_000;
/** `00` to `59`, and `000` to `999`: dates are a good part of an issue, so they are put together from parts. */
const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, "0"));
const threeDigits = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, "0"));

interface Offset {
  readonly ms: number;
  readonly text: string;
}

/** Writes dates as Jira does in one zone: `2026-01-26T01:39:15.510+0800`, with an offset that has no colon. */
export class JiraDates {
  readonly #format: Intl.DateTimeFormat;
  /** Offsets change on the half hour at most; asking Intl for each date would cost more than the rest of an issue. */
  readonly #offsets = new Map<number, Offset>();
  /** `2026-01-26T` by the number of the day. */
  readonly #days = new Map<number, string>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  }

  write(epochMs: number): string {
    const { ms, text } = this.#findOffset(Math.floor(epochMs / halfHourMs));
    const localMs = epochMs + ms;
    const day = Math.floor(localMs / dayMs);
    const rest = localMs - day * dayMs;
    const hours = twoDigits[Math.floor(rest / hourMs)];
    const minutes = twoDigits[Math.floor(rest / 60_000) % 60];
    const seconds = twoDigits[Math.floor(rest / 1000) % 60];
    return `${this.#findDay(day)}${hours}:${minutes}:${seconds}.${threeDigits[Math.floor(rest % 1000)]}${text}`;
  }

  #findDay(day: number): string {
    let text = this.#days.get(day);
    if (text === undefined) this.#days.set(day, (text = new Date(day * dayMs).toISOString().slice(0, 11)));
    return text;
  }

  #findOffset(halfHour: number): Offset {
    let offset = this.#offsets.get(halfHour);
    if (offset === undefined) this.#offsets.set(halfHour, (offset = this.#readOffset(halfHour * halfHourMs)));
    return offset;
  }

  #readOffset(epochMs: number): Offset {
    const [, sign = "+", hour = "00", minute = "00"] =
      /GMT([+-])(\d\d):(\d\d)/.exec(this.#format.format(epochMs)) ?? [];
    const ms = (Number(hour) * 60 + Number(minute)) * 60_000;
    return { ms: sign === "-" ? -ms : ms, text: `${sign}${hour}${minute}` };
  }
}
