import { expect, test } from "vitest";
import { parseJql } from "./parse-jql.ts";
import { JqlSyntaxError } from "./jql-syntax-error.ts";
import { printJql, quoteJql } from "./print-jql.ts";

function failure(text: string): JqlSyntaxError {
  try {
    parseJql(text);
  } catch (thrown) {
    if (thrown instanceof JqlSyntaxError) return thrown;
    throw thrown;
  }
  throw new Error(`"${text}" was expected to fail`);
}

test("the default filter is an OR of three comparisons", () => {
  const { where, orderBy } = parseJql("(statusCategory != Done) OR (created >= -1w) OR (updated >= -1w)");
  expect(orderBy).toBeUndefined();
  expect(where).toMatchObject({
    type: "or",
    clauses: [
      { field: { name: "statusCategory" }, operator: "!=", operand: { type: "text", text: "Done" } },
      { field: { name: "created" }, operator: ">=", operand: { type: "text", text: "-1w" } },
      { field: { name: "updated" }, operator: ">=", operand: { type: "text", text: "-1w" } },
    ],
  });
});

test("AND binds tighter than OR, and NOT tighter than AND", () => {
  expect(parseJql("a = 1 OR NOT b = 2 AND c = 3").where).toMatchObject({
    type: "or",
    clauses: [{ field: { name: "a" } }, { type: "and", clauses: [{ type: "not" }, { field: { name: "c" } }] }],
  });
});

test("&&, &, ||, | and ! are AND, OR and NOT", () => {
  expect(printJql(parseJql("a=1 && b=2 & c=3 || !d=4 | e=5"))).toBe("a = 1 AND b = 2 AND c = 3 OR NOT d = 4 OR e = 5");
});

test("the empty query and a bare ORDER BY have no conditions", () => {
  expect(parseJql(" \n")).toEqual({ where: undefined, orderBy: undefined });
  expect(parseJql("order by key, cf[10010] desc").orderBy?.sorts).toMatchObject([
    { field: { name: "key" }, direction: undefined },
    { field: { name: "cf[10010]", customFieldId: "10010" }, direction: "desc" },
  ]);
});

test.each([
  ["status WAS NOT IN (Open, EMPTY) BY currentUser() DURING (-1w, now())"],
  ["status CHANGED FROM Open TO (Done, Closed) BEFORE 2026-01-01"],
  ['fixVersion IN (1, "1", releasedVersions(ABC, "-1"))'],
  ["issue.property[deploy].state = green"],
  ['"Story Points[Number]" IS NOT EMPTY ORDER BY "a\\"b" ASC'],
  ['cf[10010] !~ "two words"'],
])("%s survives parsing and printing", (text) => {
  expect(printJql(parseJql(text))).toBe(text);
});

test("every node knows where it stands", () => {
  const { where } = parseJql("a = 1 AND\n  b in (x, 'y z')");
  expect(where).toMatchObject({
    clauses: [
      { at: { line: 1, column: 1, offset: 0 } },
      {
        at: { line: 2, column: 3, offset: 12 },
        operand: { at: { line: 2, column: 8 }, items: [{}, { text: "y z", at: { line: 2, column: 12 } }] },
      },
    ],
  });
});

test("an error says what was expected, what stands there, and where", () => {
  const error = failure("project = ABC\nstatus = Done");
  expect(error.message).toBe("Expecting either 'OR' or 'AND' but got 'status'. (line 2, character 1)");
  expect(error).toMatchObject({ line: 2, column: 1, offset: 14, expected: ["OR", "AND"] });
});

test.each([
  ["project = DO", '"DO"'],
  ["project = ABC ADN status = Done", "AND"],
  ["project WSA ABC", "WAS"],
  ["reporter = a@b.c", "\\u0040"],
  ["status in Done", "(Done)"],
])("%s is refused with the suggestion %s", (text, suggestion) => {
  expect(failure(text).suggestion).toBe(suggestion);
});

test("of two mistakes the first one is reported", () => {
  expect(failure("a b @").column).toBe(3);
});

test("nesting without end is refused, not a crash", () => {
  expect(failure(`${"(".repeat(100_000)}a = 1`).message).toContain("nested more than");
  expect(failure(`${"NOT ".repeat(100_000)}a = 1`).message).toContain("nested more than");
  expect(failure(`a in ${"(".repeat(100_000)}`).message).toContain("nested more than");
});

test.each([
  ["ABC-12", "ABC-12"],
  ["DO", '"DO"'],
  ["null", '"null"'],
  ["cf", '"cf"'],
  ["10000", '"10000"'],
  ["-5", '"-5"'],
  ["", '""'],
  ["two words", '"two words"'],
  ['say "hi" \\ bye', '"say \\"hi\\" \\\\ bye"'],
  ["a\u0001\n\u00a0b", '"a\\u0001\\n\u00a0b"'],
  ["故事", "故事"],
  ["a@b.c", '"a@b.c"'],
])("%j is quoted as %s", (value, quoted) => {
  expect(quoteJql(value)).toBe(quoted);
  expect(parseJql(`a = ${quoted}`).where).toMatchObject({ operand: { type: "text", text: value } });
});
