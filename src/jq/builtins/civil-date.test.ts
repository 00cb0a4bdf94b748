import { expect, test } from "vitest";
import { toCivilDate, toDayOfYear, toDays, toWeekday } from "./civil-date.ts";

const DAY_MS = 86_400_000;

test("days, dates, weekdays and days of the year are those of JavaScript's calendar, from 1000 to 9999", () => {
  const last = Date.UTC(9999, 11, 31) / DAY_MS;
  // Every 17 days: each day of the month, of the week and of leap years comes up.
  for (let days = Date.UTC(1000, 0, 1) / DAY_MS; days <= last; days += 17) {
    const date = new Date(days * DAY_MS);
    const civil = { year: date.getUTCFullYear(), month: date.getUTCMonth(), day: date.getUTCDate() };
    if (
      toDays(civil) !== days ||
      toWeekday(days) !== date.getUTCDay() ||
      toDayOfYear(days, civil.year) !== days - Date.UTC(civil.year, 0, 1) / DAY_MS
    ) {
      expect.fail(`${date.toISOString()} is not day ${toDays(civil)}`);
    }
    const { year, month, day } = toCivilDate(days);
    if (year !== civil.year || month !== civil.month || day !== civil.day) expect.fail(`day ${days} is another`);
  }
});

test("months and days beyond their ends run over into the next ones", () => {
  for (const [year, month, day] of [
    [2023, 13, 1],
    [2024, 1, 30],
    [2024, 0, 0],
    [2023, 10_000, 10_000],
  ] as const) {
    // prettier-ignore
    expect(toDays({ year, month, day })).toBe(Date.UTC(year, month, day) / DAY_MS);
  }
});
