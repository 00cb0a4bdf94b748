import { expect, test } from "vitest";
import { toDateRange } from "./date-preset.ts";

const NOW = Date.parse("2024-05-06T07:08:09.010Z");

test.each([
  ["today", "2024-05-06T00:00:00.000Z", "2024-05-06T23:59:59.999Z"],
  ["tomorrow", "2024-05-07T00:00:00.000Z", "2024-05-07T23:59:59.999Z"],
  ["yesterday", "2024-05-05T00:00:00.000Z", "2024-05-05T23:59:59.999Z"],
  ["lastDay", "2024-05-05T07:08:09.010Z", "2024-05-06T07:08:09.010Z"],
  ["lastMonth", "2024-04-06T07:08:09.010Z", "2024-05-06T07:08:09.010Z"],
  ["last12Months", "2023-05-07T07:08:09.010Z", "2024-05-06T07:08:09.010Z"],
])("%s is from %s to %s", (preset, from, to) => {
  expect(toDateRange(preset, NOW)?.map((time) => new Date(time).toISOString())).toEqual([from, to]);
});

test("other words are no presets", () => {
  for (const preset of ["lastYear", "toString", "", 7, null]) expect(toDateRange(preset, NOW)).toBeUndefined();
});
