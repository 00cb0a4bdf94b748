import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EntitySearch, SearchCondition, SearchField, SearchSort } from "../../model/search.ts";
import { Connection } from "./connection.ts";
import { countGroups } from "./count-groups.ts";
import { migrate } from "./migrate.ts";
import { createIndex, toSortSql } from "./property-index.ts";
import { countRows, readPage } from "./run-search.ts";
import { toSearchSql, toValueSql } from "./search-sql.ts";

/** More of them find more: QUAYSIDE_LAW_RUNS=1000. */
const RUNS = Number(process.env["QUAYSIDE_LAW_RUNS"] ?? 60);

/** Enough that no way of searching is left out. */
const ISSUES = 6000;
const PEOPLE = 40;

let folder: string;
let db: Connection;
/** Indexes over half of the fields, so that plans with and without them are made. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "quayside-laws-"));
  const path = join(folder, "catalog.db");
  const writer = Connection.openWriter(path);
  migrate(writer);
  for (const [id, name] of ["person", "issue"].entries()) {
    writer.run("INSERT INTO blueprint VALUES (?, ?, '{}', 1, 0, 1, 'me', 1, 'me')", id + 1, name);
  }
  writer.exec("BEGIN; INSERT INTO relation VALUES (1, 'assignee'), (2, 'parent')");
  const insert = (blueprintId: number, identifier: string, n: number, properties: object): number =>
    writer.insert(
      `INSERT INTO entity (blueprint_id, identifier, title, team, properties, computed, relations, is_stub, version,
         data_source, created_at, created_by, updated_at, updated_by)
       VALUES (?, ?, ?, '[]', ?, '{}', '{}', 0, 1, 'x', 1, 'me', ?, 'me')`,
      blueprintId,
      identifier,
      `Word${n % 13} and word${n % 7}`,
      JSON.stringify(properties),
      n % 501,
    );
  const people = Array.from({ length: PEOPLE }, (_, n) => insert(1, `p${n}`, n, {}));
  let parent = 0;
  for (let n = 0; n < ISSUES; n++) {
    const size = n % 5 === 0 ? {} : { size: (n * n) % 3 };
    const id = insert(2, `i${(n * 7) % ISSUES}`, n, { ...size, color: `c${n % 4}`, rare: n % 600, hidden: n % 3 });
    // Most of the issues are of the first person.
    writer.run("INSERT INTO edge VALUES (?, 1, ?)", id, people[n % 3 === 0 ? n % PEOPLE : 0] ?? 0);
    if (n % 20 !== 0) writer.run("INSERT INTO edge VALUES (?, 2, ?)", id, parent);
    else parent = id;
  }
  writer.exec("COMMIT");
  const indexed = [["size"], ["color"], ["rare"], ["color", "size"]];
  for (const names of indexed) createIndex(writer)({ kind: "fields", blueprintId: 2, fields: names.map(property) });
  createIndex(writer)({ kind: "fields", blueprintId: 2, fields: [UPDATED] });
  createIndex(writer)({ kind: "text" });
  writer.close();
  db = Connection.openReader(path);
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const UPDATED: SearchField = { kind: "meta", name: "$updatedAt" };
const TITLE: SearchField = { kind: "meta", name: "$title" };
function property(name: string): SearchField {
  return { kind: "property", name, isCalculated: false, isScalar: true };
}
const relation = (name: string, targetBlueprintId: number): SearchField => ({
  kind: "relation",
  name,
  targetBlueprintId,
});
const equal = (field: SearchField, values: readonly (string | number | null)[], negated: boolean): SearchCondition => {
  return { type: "equal", field, values, negated };
};

const somePeople = fc.integer({ min: 0, max: PEOPLE }).map((n) => `p${n}`);
const someIssue = fc.integer({ min: 0, max: ISSUES }).map((n) => `i${n}`);
const someColor = fc.integer({ min: 0, max: 4 }).map((n) => `c${n}`);
const someSize = fc.constantFrom(0, 1, 2, null);
const condition: fc.Arbitrary<SearchCondition> = fc.oneof(
  fc
    .tuple(fc.array(someSize, { minLength: 1, maxLength: 2 }), fc.boolean())
    .map(([v, no]) => equal(property("size"), v, no)),
  fc.tuple(fc.array(someColor, { maxLength: 2 }), fc.boolean()).map(([v, no]) => equal(property("color"), v, no)),
  fc.integer({ min: 0, max: 600 }).map((n) => equal(property("rare"), [n], false)),
  fc.integer({ min: 0, max: 3 }).map((n) => equal(property("hidden"), [n], false)),
  fc.tuple(somePeople, fc.boolean()).map(([name, no]) => equal(relation("assignee", 1), [name], no)),
  fc.array(someIssue, { minLength: 1, maxLength: 3 }).map((names) => equal(relation("parent", 2), names, false)),
  fc.constantFrom("Word1", "word", "and", "d3", "x").map((value): SearchCondition => {
    return { type: "text", field: TITLE, match: "contains", value, negated: false };
  }),
  fc.tuple(somePeople, fc.constantFrom("upstream", "downstream", "both")).map(([name, direction]): SearchCondition => ({
    type: "relatedTo",
    blueprintId: 1,
    identifiers: [name],
    direction,
  })),
  fc.array(someIssue, { maxLength: 3 }).map((names) => equal({ kind: "meta", name: "$identifier" }, names, false)),
  someIssue.map((name): SearchCondition => {
    const steps = [{ relation: "parent", direction: "forward", maxHops: 2 }] as const;
    return { type: "related", steps, condition: equal({ kind: "meta", name: "$identifier" }, [name], false) };
  }),
  fc.integer({ min: 0, max: 600 }).map((value): SearchCondition => {
    return { type: "range", field: property("rare"), as: "number", from: { value, isIncluded: true }, negated: false };
  }),
);
const group = (type: "all" | "any") =>
  fc.array(condition, { maxLength: 3 }).map((conditions): SearchCondition => ({ type, conditions }));
const rule = fc.oneof(
  group("all"),
  group("any"),
  fc.tuple(group("any"), group("all")).map((conditions): SearchCondition => ({ type: "all", conditions })),
);
const sort = fc.option(
  fc.record({
    field: fc.constantFrom(UPDATED, property("size"), property("hidden"), TITLE),
    isDescending: fc.boolean(),
  }),
  { nil: undefined },
);

/** Without a plan: every entity is looked at. */
function findAll(given: SearchCondition, order: SearchSort | undefined): readonly unknown[] {
  const { sql, values } = toSearchSql(given);
  const direction = order?.isDescending === true ? "DESC" : "ASC";
  const first = order === undefined ? "" : `+${toSortSql(order.field)} ${direction},`;
  const rows = db.all(
    `SELECT identifier FROM entity NOT INDEXED WHERE blueprint_id = 2 AND (${sql})
     ORDER BY ${first} +identifier ${direction}`,
    ...values,
  );
  return rows.map((row) => row["identifier"]);
}

const MAX_PAGES = 5;

/** The first pages, and whether there are more. */
function readPages(search: EntitySearch): { readonly found: readonly unknown[]; readonly hasMore: boolean } {
  const found: unknown[] = [];
  let from: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = readPage(db, { ...search, ...(from !== undefined && { from }) });
    found.push(...page.rows.map((row) => row["identifier"]));
    from = page.next;
    if (from === undefined) return { found, hasMore: false };
  }
  return { found, hasMore: true };
}

test("the pages of a search are what looking at every entity gives, in the order asked for, whatever the plan", () => {
  fc.assert(
    fc.property(rule, sort, fc.constantFrom(7, 50, 1000), (given, order, limit) => {
      const search = { blueprintId: 2, rule: given, limit, ...(order && { sort: order }) };
      const all = findAll(given, order);
      const hasMore = all.length > MAX_PAGES * limit;
      expect(readPages(search)).toEqual({ found: all.slice(0, MAX_PAGES * limit), hasMore });
    }),
    { numRuns: RUNS },
  );
});

test("a count is the number of entities, and groups add up to it", () => {
  fc.assert(
    fc.property(rule, fc.subarray(["size", "color", "hidden"], { minLength: 1, maxLength: 2 }), (given, names) => {
      const search = { blueprintId: 2, rule: given };
      const { count } = countRows(db, search);
      expect(count).toBe(findAll(given, undefined).length);
      const { groups } = countGroups(db, { search, fields: names.map(property), limit: 1000 });
      expect(groups.reduce((sum, each) => sum + each.count, 0)).toBe(count);
      const values = names.map((name) => toValueSql(property(name)));
      const { sql, values: bound } = toSearchSql(given);
      const distinct = db.all(
        `SELECT DISTINCT ${values.join(", ")} FROM entity NOT INDEXED WHERE blueprint_id = 2 AND (${sql})`,
        ...bound,
      );
      expect(groups).toHaveLength(distinct.length);
    }),
    { numRuns: RUNS },
  );
});
