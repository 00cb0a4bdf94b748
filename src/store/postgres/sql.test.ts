import { expect, test } from "vitest";
import { join, literal, quoteName, raw, sql } from "./sql.ts";

test("values are numbered through all parts, and never stand in the text", () => {
  const part = sql`b = ${"x'; DROP"} AND ${sql`c = ANY (${[1, 2]}::integer[])`}`;
  const { text, values } = sql`SELECT ${raw("a")} FROM t WHERE a = ${1} AND (${part}) LIMIT ${9}`;
  expect(text).toBe("SELECT a FROM t WHERE a = $1 AND (b = $2 AND c = ANY ($3::integer[])) LIMIT $4");
  expect(values).toEqual([1, "x'; DROP", [1, 2], 9]);
});

test("parts are joined; of none nothing is left", () => {
  const { text, values } = join([sql`a = ${1}`, sql`b = ${2}`, raw("c")], " AND ");
  expect([text, values]).toEqual(["a = $1 AND b = $2 AND c", [1, 2]]);
  expect(join([], ", ").text).toBe("");
});

test("literals and names hold their quotes", () => {
  expect([literal("it's").text, quoteName('a"b').text]).toEqual(["'it''s'", '"a""b"']);
});
