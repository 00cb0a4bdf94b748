const hourMs = 3_600_000;

interface Offset {
  readonly ms: number;
  readonly text: string;
}

/** Writes dates as Jira does in one zone: `2026-01-26T01:39:15.510+0800`, with an offset that has no colon. */
export class JiraDates {
  readonly #format: Intl.DateTimeFormat;
  /** Offsets change on the hour at most; asking Intl for each date would cost more than the rest of an issue. */
  readonly #offsets = new Map<number, Offset>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  }

  write(epochMs: number): string {
    const { ms, text } = this.#findOffset(Math.floor(epochMs / hourMs));
    return new Date(epochMs + ms).toISOString().slice(0, -1) + text;
  }

  #findOffset(hour: number): Offset {
    let offset = this.#offsets.get(hour);
    if (offset === undefined) this.#offsets.set(hour, (offset = this.#readOffset(hour * hourMs)));
    return offset;
  }

  #readOffset(epochMs: number): Offset {
    const [, sign = "+", hour = "00", minute = "00"] =
      /GMT([+-])(\d\d):(\d\d)/.exec(this.#format.format(epochMs)) ?? [];
    const ms = (Number(hour) * 60 + Number(minute)) * 60_000;
    return { ms: sign === "-" ? -ms : ms, text: `${sign}${hour}${minute}` };
  }
}
