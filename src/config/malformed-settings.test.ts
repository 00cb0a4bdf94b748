import { expect, test } from "vitest";
import { findProblems, readWith } from "./config-files.fixture.ts";
import { MALFORMED_SETTINGS, type Given } from "./malformed-settings.fixture.ts";

function describe({ env, files }: Given): string[] {
  return findProblems(env, files).map(({ code, path = [], position }) => {
    const place = position ? ` ${position.line}:${position.column}` : "";
    return `${code} ${path.join(".")}${place}`;
  });
}

test.each(MALFORMED_SETTINGS)(
  "$problem is said about the wrong settings, and nothing about the right ones",
  (malformed) => {
    expect(describe(malformed.wrong)).toEqual([malformed.problem]);
    expect(describe(malformed.right)).toEqual([]);
  },
);

test("no two mistakes are told alike", () => {
  expect(MALFORMED_SETTINGS.length).toBeGreaterThanOrEqual(40);
  expect(new Set(MALFORMED_SETTINGS.map(({ problem }) => problem)).size).toBe(MALFORMED_SETTINGS.length);
});

test("no message shows a secret", () => {
  for (const { wrong } of MALFORMED_SETTINGS) {
    for (const { message } of findProblems(wrong.env, wrong.files)) expect(message).not.toContain("s3cret");
  }
  // A value that is no secret is shown, so the check above can fail.
  expect(() => readWith({ QUAYSIDE_PORT: "s3cret" })).toThrow("s3cret");
});
