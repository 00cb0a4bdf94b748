import { expect, test } from "vitest";
import { MALFORMED_SETTINGS } from "../src/config/malformed-settings.fixture.ts";
import { MALFORMED_ANSWERS } from "../src/jira/malformed-answers.fixture.ts";
import { MALFORMED_MAPPINGS } from "../src/sync/malformed-mappings.fixture.ts";

// That each is refused, and its corrected twin is not, is tested beside the code.
const LISTS = { settings: MALFORMED_SETTINGS, mappings: MALFORMED_MAPPINGS, answers: MALFORMED_ANSWERS };

/** Code and path, without line and column. */
function toPair(problem: string): string {
  return problem.replace(/ \d+:\d+$/, "");
}

function countPairs(problems: readonly { readonly problem: string }[]): number {
  return new Set(problems.map(({ problem }) => toPair(problem))).size;
}

test("mistakes in settings, mappings and answers of Jira are told apart by code and path", () => {
  const { settings, mappings, answers } = LISTS;
  expect(countPairs([...settings, ...mappings, ...answers])).toBeGreaterThanOrEqual(80);
  expect(countPairs(settings)).toBeGreaterThanOrEqual(40);
  expect(countPairs(mappings)).toBeGreaterThanOrEqual(25);
  expect(countPairs(answers)).toBeGreaterThanOrEqual(10);
  // It counts pairs, not mistakes.
  const [first] = mappings;
  expect(countPairs([...mappings, ...(first ? [first] : [])])).toBe(countPairs(mappings));
});

test("every mistake in a mapping is told with its line and column, but for one that has no lines", () => {
  const unplaced = MALFORMED_MAPPINGS.filter(({ problem }) => !/ \d+:\d+$/.test(problem));
  expect(unplaced.map(({ wrong }) => wrong)).toEqual([""]);
});
