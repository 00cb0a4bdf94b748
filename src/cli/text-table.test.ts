import { expect, test } from "vitest";
import { toTextTable } from "./text-table.ts";

test("columns are as wide as their widest cell, numbers stand to the right with separators", () => {
  expect(
    toTextTable(
      ["kind", "listed"],
      [
        ["issue", 1500],
        ["user", 40],
      ],
    ),
  ).toBe(["kind   listed", "-----  ------", "issue   1,500", "user       40"].join("\n"));
});

test("what a reader sees as one character counts as one", () => {
  const [, , first, second] = toTextTable(
    ["a", "n"],
    [
      ["e\u0301", 1],
      ["👩‍👩‍👧", 2],
    ],
  ).split("\n");
  expect([first, second]).toEqual(["e\u0301  1", "👩‍👩‍👧  2"]);
});
