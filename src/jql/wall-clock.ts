/** The instants that a reading of the clock on the wall may mean. Equal except where the clock is set back or forth. */
export interface InstantRange {
  readonly earliest: number;
  readonly latest: number;
}

const HOUR_MS = 3_600_000;
/** The zones of the world lie between twelve hours behind UTC and fourteen ahead of it. */
const WESTERNMOST_MS = -12 * HOUR_MS;
const EASTERNMOST_MS = 14 * HOUR_MS;

/**
 * Converts between instants (epoch ms) and wall time (ms since 1970-01-01 00:00 on the clock of a zone). Without a zone
 * it answers with the range that all zones of the world span.
 */
export interface WallClock {
  /** What the clock shows at an instant: one reading, or the extremes over all zones. */
  toWall(epochMs: number): InstantRange;
  /** The instants at which the clock shows this; when it is set forth past it, the span of what may be meant. */
  toInstant(wallMs: number): InstantRange;
  /** The first instant at which the clock shows this or more: where a day, a month, … begins. */
  toFirstInstant(wallMs: number): InstantRange;
}

export function createWallClock(timeZone: string | undefined): WallClock {
  return timeZone === undefined ? ANY_ZONE_CLOCK : createZoneClock(timeZone);
}

const ANY_ZONE_CLOCK: WallClock = {
  toWall: (epochMs) => ({ earliest: epochMs + WESTERNMOST_MS, latest: epochMs + EASTERNMOST_MS }),
  toInstant: (wallMs) => ({ earliest: wallMs - EASTERNMOST_MS, latest: wallMs - WESTERNMOST_MS }),
  toFirstInstant: (wallMs) => ({ earliest: wallMs - EASTERNMOST_MS, latest: wallMs - WESTERNMOST_MS }),
};

function createZoneClock(timeZone: string): WallClock {
  const offsetAt = createOffsetReader(timeZone);
  const toInstant = (wallMs: number): InstantRange => {
    // Every instant with this reading lies between these two, and no zone changes twice within such a span.
    const before = wallMs - offsetAt(wallMs - EASTERNMOST_MS - HOUR_MS);
    const after = wallMs - offsetAt(wallMs - WESTERNMOST_MS + HOUR_MS);
    return { earliest: Math.min(before, after), latest: Math.max(before, after) };
  };
  return {
    toWall: (epochMs) => {
      const wallMs = epochMs + offsetAt(epochMs);
      return { earliest: wallMs, latest: wallMs };
    },
    toInstant: (wallMs) => {
      const { earliest, latest } = toInstant(wallMs);
      if (earliest === latest) return { earliest, latest };
      const exact = [earliest, latest].filter((epochMs) => epochMs + offsetAt(epochMs) === wallMs);
      return exact.length === 0 ? { earliest, latest } : { earliest: Math.min(...exact), latest: Math.max(...exact) };
    },
    toFirstInstant: (wallMs) => {
      let { earliest: low, latest: high } = toInstant(wallMs);
      if (low + offsetAt(low) >= wallMs) return { earliest: low, latest: low };
      // The clock first shows this, or what comes right after a gap, somewhere in (low, high].
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (middle + offsetAt(middle) >= wallMs) high = middle;
        else low = middle;
      }
      return { earliest: high, latest: high };
    },
  };
}

/** Wall time minus UTC, in ms. */
function createOffsetReader(timeZone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (epochMs) => {
    const wholeSecond = Math.floor(epochMs / 1000) * 1000;
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(wholeSecond)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecond;
  };
}
