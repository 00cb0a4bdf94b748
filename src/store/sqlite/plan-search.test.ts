import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EntitySearch, SearchCondition, SearchField } from "../../model/search.ts";
import { Connection } from "./connection.ts";
import { countGroups } from "./count-groups.ts";
import { migrate } from "./migrate.ts";
import { createIndex, listIndexes } from "./property-index.ts";
import { countRows, readPage } from "./run-search.ts";

/**
 * 8000 issues of blueprint 2 with one status in two, one size in three, one color in four, 100 people, of whom the first
 * two lead half of the issues each. People are of blueprint 1.
 */
const ISSUES = 8000;

let folder: string;
let db: Connection;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "quayside-plan-"));
  const path = join(folder, "catalog.db");
  const writer = Connection.openWriter(path);
  migrate(writer);
  const blueprint = `INSERT INTO blueprint VALUES (?, ?, '{}', 1, 0, 1, 'me', 1, 'me')`;
  writer.run(blueprint, 1, "person");
  writer.run(blueprint, 2, "issue");
  writer.exec("BEGIN; INSERT INTO relation VALUES (1, 'assignee'), (2, 'lead')");
  const insert = (blueprintId: number, name: string, title: string, properties: object): number =>
    writer.insert(
      `INSERT INTO entity (blueprint_id, identifier, title, team, properties, computed, relations, is_stub, version,
         data_source, created_at, created_by, updated_at, updated_by)
       VALUES (?, ?, ?, '[]', ?, '{}', '{}', 0, 1, 'x', 1, 'me', ?, 'me')`,
      blueprintId,
      name,
      title,
      JSON.stringify(properties),
      Number(name.slice(1)) % 997,
    );
  for (let number = 0; number < 100; number++) insert(1, `p${number}`, `Person ${number}`, {});
  for (let number = 0; number < ISSUES; number++) {
    const [status, assignee] = [number % 2 === 0 ? "open" : "done", `p${number % 100}`];
    const id = insert(2, `i${number}`, `Issue number ${number}`, {
      status,
      assignee,
      points: number,
      size: number % 3,
      color: number % 4,
    });
    writer.run("INSERT INTO edge VALUES (?, 1, (SELECT id FROM entity WHERE identifier = ?))", id, assignee);
    writer.run("INSERT INTO edge VALUES (?, 2, (SELECT id FROM entity WHERE identifier = ?))", id, `p${number % 2}`);
  }
  writer.exec("COMMIT");
  for (const names of [["status"], ["assignee"], ["size"], ["color"], ["size", "color"]])
    createIndex(writer)({ kind: "fields", blueprintId: 2, fields: names.map(property) });
  createIndex(writer)({ kind: "fields", blueprintId: 2, fields: [{ kind: "meta", name: "$updatedAt" }] });
  createIndex(writer)({ kind: "text" });
  writer.close();
  db = Connection.openReader(path);
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const property = (name: string): SearchField => ({ kind: "property", name, isCalculated: false, isScalar: true });
const meta = (name: "$title" | "$updatedAt" | "$identifier" | "$blueprint"): SearchField => ({ kind: "meta", name });
const is = (field: SearchField, ...values: readonly string[]): SearchCondition => ({
  type: "equal",
  field,
  values,
  negated: false,
});
const all = (...conditions: readonly SearchCondition[]): SearchCondition => ({ type: "all", conditions });
const search = (rule: SearchCondition, rest: Partial<EntitySearch> = {}): EntitySearch => ({
  blueprintId: 2,
  rule,
  limit: 50,
  ...rest,
});
const status = is(property("status"), "open");
const assignee = is(property("assignee"), "p4");
const byTime = { field: meta("$updatedAt"), isDescending: true };

/** How SQLite reads `entity` in the statements that a search runs; `read` gives what it found. */
function explain<Result>(read: (db: Connection) => Result): {
  readonly steps: readonly string[];
  readonly found: Result;
} {
  const steps: string[] = [];
  const explainOne = (sql: string, values: readonly never[]): void => {
    const plan = db.all(`EXPLAIN QUERY PLAN ${sql}`, ...values).map((row) => String(row["detail"]));
    steps.push(...plan.filter((step) => /\bentity\b|TEMP B-TREE/.test(step)));
  };
  const watched = new Proxy(db, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (sql: string, ...values: readonly never[]) => unknown; // a search uses methods that take SQL
      return (sql: string, ...values: readonly never[]) => {
        if (sql.includes("SELECT")) explainOne(sql, values);
        return method.call(target, sql, ...values);
      };
    },
  });
  return { found: read(watched), steps };
}

const isScan = (step: string): boolean => /^SCAN entity(?! USING (COVERING )?INDEX)/.test(step);

describe("no common search reads every entity", () => {
  test.each<[string, EntitySearch, string, number]>([
    ["one property", search(status), "field_2_own_status", 50],
    ["a property and the order of time", search(status, { sort: byTime }), "field_2_", 50],
    ["two properties", search(all(status, assignee)), "field_2_own_assignee", 50],
    [
      "two properties and the order of time",
      search(all(status, assignee), { sort: byTime }),
      "field_2_own_assignee",
      50,
    ],
    ["the order of time alone", search(all(), { sort: byTime }), "field_2_$updatedAt", 50],
    ["identifiers", search(is(meta("$identifier"), "i1", "i2")), "sqlite_autoindex_entity_1", 2],
    [
      "identifiers in the order of time",
      search(is(meta("$identifier"), "i1", "i2"), { sort: byTime }),
      "sqlite_autoindex_entity_1 (blueprint_id=? AND identifier=?)",
      2,
    ],
    [
      "a relation",
      search(is({ kind: "relation", name: "assignee", targetBlueprintId: 1 }, "p4")),
      "INTEGER PRIMARY KEY",
      50,
    ],
    ["two words of the title", search(all(contains("Issue"), contains("number 77"))), "INTEGER PRIMARY KEY", 50],
    [
      "what is related to one",
      search({ type: "relatedTo", blueprintId: 1, identifiers: ["p4"], direction: "downstream" }),
      "INTEGER PRIMARY KEY",
      50,
    ],
    [
      "entities of several blueprints by their names",
      {
        limit: 50,
        rule: {
          type: "any",
          conditions: [
            all(is(meta("$identifier"), "i1"), is(meta("$blueprint"), "issue")),
            all(is(meta("$identifier"), "p1"), is(meta("$blueprint"), "person")),
          ],
        },
      },
      "sqlite_autoindex_entity_1",
      2,
    ],
  ])("%s", (_, wanted, index, count) => {
    const { steps, found } = explain((watched) => readPage(watched, wanted));
    expect(steps.filter(isScan)).toEqual([]);
    expect(steps.join("\n")).toContain(index);
    expect(found.rows).toHaveLength(count);
    if (count < 50) expect(steps.join("\n")).not.toMatch(/field_2_.*\(blueprint_id=\?\)/); // all of an index
  });

  test("and a search without an index does, and asks for one", () => {
    const { steps, found } = explain((watched) => readPage(watched, search(is(property("points"), "7"))));
    expect(steps.some((step) => step.includes("sqlite_autoindex_entity_1 (blueprint_id=?"))).toBe(true);
    expect(found.wanted).toEqual([{ kind: "fields", blueprintId: 2, fields: [property("points")] }]);
  });
});

test("a sorted page is read in the order of its index when much matches, and sorted when little does", () => {
  const much = explain((watched) => readPage(watched, search(all(), { sort: byTime })));
  expect(much.steps.join("\n")).not.toContain("TEMP B-TREE");
  const little = explain((watched) => readPage(watched, search(assignee, { sort: byTime })));
  expect(little.steps.join("\n")).toContain("TEMP B-TREE");
});

test("counts, whole and by value, are read from the index alone", () => {
  const count = explain((watched) => countRows(watched, search(status)));
  expect(count.steps.join("\n")).toContain("COVERING INDEX field_2_own_status");
  expect(count.found.count).toBe(ISSUES / 2);
  const values = explain((watched) =>
    countGroups(watched, { search: search(all()), fields: [property("status")], limit: 5 }),
  );
  expect(values.steps.filter(isScan)).toEqual([]);
  expect(values.steps.join("\n")).toContain("INDEX field_2_own_status");
  expect(values.found.groups.map((each) => each.count)).toEqual([ISSUES / 2, ISSUES / 2]);
});

test.each([true, false])(
  "pages in an order (descending: %s) hold every entity once, also those without a value",
  (isDescending) => {
    const sort = { field: property("status"), isDescending };
    const seen: string[] = [];
    let from: string | undefined;
    do {
      const page = readPage(db, search(all(), { sort, limit: 999, ...(from !== undefined && { from }) }));
      seen.push(...page.rows.map((row) => String(row["identifier"])));
      from = page.next;
    } while (from !== undefined);
    expect(new Set(seen).size).toBe(ISSUES);
    expect(seen).toHaveLength(ISSUES);
  },
);

test("two properties that many entities have are read from an index of both, which is asked for when it is not there", () => {
  const both = all(isNumber("color", 1), isNumber("size", 2));
  const page = explain((watched) => readPage(watched, search(both, { sort: byTime })));
  expect(page.steps.join("\n")).toContain("field_2_own_color own_size");
  expect(page.found.wanted).toEqual([]);
  const count = explain((watched) => countRows(watched, search(both)));
  expect(count.steps.at(-1)).toContain("COVERING INDEX field_2_own_color own_size");
  expect(count.found.count).toBe(667);
  const pair = { kind: "fields", blueprintId: 2, fields: [property("size"), property("status")] };
  expect(readPage(db, search(all(status, isNumber("size", 1)))).wanted).toEqual([pair]);
  expect(readPage(db, search(all(assignee, isNumber("size", 1)))).wanted).toEqual([]); // few enough by one of them
  expect(readPage(db, search(all(status, is(property("status"), "done")))).wanted).toEqual([]); // no pair
});

test("groups of two properties are counted from an index of both, which is asked for when it is not there", () => {
  const group = (...names: readonly string[]) =>
    explain((watched) => countGroups(watched, { search: search(all()), fields: names.map(property), limit: 100 }));
  const known = group("size", "color");
  expect(known.steps[0]).toContain("INDEX field_2_own_color own_size");
  expect(known.found.groups).toHaveLength(12);
  expect(known.found.wanted).toEqual([]);
  const fields = [property("status"), property("size")];
  expect(group("status", "size").found.wanted).toEqual([{ kind: "fields", blueprintId: 2, fields }]);
});

test("of a relation that many entities have a page is read in its order, and of one that few have from the edges", () => {
  const lead = is({ kind: "relation", name: "lead", targetBlueprintId: 1 }, "p1");
  const many = explain((watched) => readPage(watched, search(lead)));
  expect(many.steps.join("\n")).toContain("COVERING INDEX sqlite_autoindex_entity_1 (blueprint_id=?)");
  expect(many.steps.join("\n")).not.toContain("TEMP B-TREE");
  expect(many.found.rows).toHaveLength(50);
  expect(countRows(db, search(lead)).count).toBe(ISSUES / 2);
});

test("what reading in order does not come upon soon is found all the same", () => {
  const late: SearchCondition = {
    type: "range",
    field: property("points"),
    as: "number",
    from: { value: ISSUES - 10, isIncluded: true },
    negated: false,
  };
  const { steps, found } = explain((watched) => readPage(watched, search(all(isNumber("size", 1), late))));
  expect(steps.filter((step) => step.includes("field_2_own_size")).length).toBeGreaterThan(2);
  expect(found.rows.map((row) => row["identifier"])).toEqual(["i7990", "i7993", "i7996", "i7999"]);
});

test("an index that is there is not made again, and one over lists is none", () => {
  expect(listIndexes(db, 2)).toEqual(
    new Set([
      "field_2_own_status",
      "field_2_own_assignee",
      "field_2_own_size",
      "field_2_own_color",
      "field_2_own_color own_size",
      "field_2_$updatedAt",
    ]),
  );
  expect(readPage(db, search(is({ ...property("labels"), isScalar: false } as SearchField, "x"))).wanted).toEqual([]);
});

function isNumber(name: string, value: number): SearchCondition {
  return { type: "equal", field: property(name), values: [value], negated: false };
}

function contains(value: string): SearchCondition {
  return { type: "text", field: meta("$title"), match: "contains", value, negated: false };
}
