import { expect, test } from "vitest";
import { idsClause, keysClause, reorderJql, restrictJql, updatedSinceClause } from "./compose-jql.ts";
import { JqlSyntaxError } from "./jql-syntax-error.ts";
import { parseJql } from "./parse-jql.ts";

test.each([
  ["a = 1 OR b = 2", "(a = 1 OR b = 2) AND id in (3)"],
  ["a = 1 order by rank desc, key", "(a = 1) AND id in (3) ORDER BY rank DESC, key"],
  ["order by created", "id in (3) ORDER BY created"],
  ["", "id in (3)"],
  ["a = 'order by x'", "(a = 'order by x') AND id in (3)"],
  ['a  =\n"ORDER"  ', '(a  =\n"ORDER") AND id in (3)'],
])("%j is restricted to %j", (userJql, restricted) => {
  expect(restrictJql(userJql, "id in (3)")).toBe(restricted);
  expect(() => parseJql(restricted)).not.toThrow();
});

test("a query that closes a parenthesis of ours is refused, not let through", () => {
  expect(() => restrictJql("a = 1) OR (b = 2", "id in (3)")).toThrow(JqlSyntaxError);
});

test("keys, ids and times are written so that no value can be misread", () => {
  expect(keysClause(["ABC-1", "DO-2", 'x"y'])).toBe('key in (ABC-1, DO-2, "x\\"y")');
  expect(idsClause(["10001", "10002"])).toBe("id in (10001, 10002)");
  expect(updatedSinceClause(1_767_225_600_000.5)).toBe("updated >= 1767225600000");
});

test("the order can be replaced or dropped", () => {
  expect(reorderJql("a = 1 ORDER BY b", "key ASC")).toBe("a = 1 ORDER BY key ASC");
  expect(reorderJql("a = 1 ORDER BY b", undefined)).toBe("a = 1");
  expect(reorderJql("", "key")).toBe("ORDER BY key");
});
