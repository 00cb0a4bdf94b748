import { expect, test } from "vitest";
import { JiraDates } from "./jira-date.ts";

test.each([
  ["UTC", Date.UTC(2026, 0, 26, 1, 39, 15, 510), "2026-01-26T01:39:15.510+0000"],
  ["Asia/Singapore", Date.UTC(2026, 0, 25, 17, 39, 15, 7), "2026-01-26T01:39:15.007+0800"],
  ["Asia/Kolkata", Date.UTC(2026, 0, 1, 0, 0, 0, 0), "2026-01-01T05:30:00.000+0530"],
  ["America/New_York", Date.UTC(2026, 2, 8, 6, 59, 59, 999), "2026-03-08T01:59:59.999-0500"],
  ["America/New_York", Date.UTC(2026, 2, 8, 7, 0, 0, 0), "2026-03-08T03:00:00.000-0400"],
  ["Australia/Lord_Howe", Date.UTC(2026, 3, 4, 14, 59, 0, 0), "2026-04-05T01:59:00.000+1100"],
  ["Australia/Lord_Howe", Date.UTC(2026, 3, 4, 15, 0, 0, 0), "2026-04-05T01:30:00.000+1030"],
  ["Australia/Lord_Howe", Date.UTC(2026, 9, 3, 15, 29, 0, 0), "2026-10-04T01:59:00.000+1030"],
  ["Australia/Lord_Howe", Date.UTC(2026, 9, 3, 15, 30, 0, 0), "2026-10-04T02:30:00.000+1100"],
  ["Europe/London", Date.UTC(1969, 11, 31, 12, 0, 0, 1), "1969-12-31T13:00:00.001+0100"],
])("in %s, %d is %s", (timeZone, epochMs, text) => {
  expect(new JiraDates(timeZone).write(epochMs)).toBe(text);
});

test("it is Intl's reading of the date, whatever the zone and the time", () => {
  for (const timeZone of ["Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"]) {
    const dates = new JiraDates(timeZone);
    for (let epochMs = Date.UTC(2025, 0, 1); epochMs < Date.UTC(2027, 0, 1); epochMs += 7 * 3_600_000 + 12_345) {
      const text = dates.write(epochMs);
      expect(Date.parse(text.replace(/(\d\d)$/, ":$1"))).toBe(epochMs);
      const [hour] = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "short" }).format(epochMs).split(":");
      expect(text.slice(11, 13)).toBe(hour);
    }
  }
});
