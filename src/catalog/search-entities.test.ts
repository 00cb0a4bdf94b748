import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import type { Catalog, EntityDocument } from "./catalog.ts";
import { openTestCatalog, type TestCatalog } from "./test-catalog.fixture.ts";
import { ME, MERGE, refusal } from "./test-entities.fixture.ts";

let opened: TestCatalog;
let catalog: Catalog;
beforeAll(async () => {
  opened = await openTestCatalog({ threads: false });
  catalog = opened.catalog;
  await catalog.createBlueprint({ identifier: "person", title: "Person", schema: {} }, ME);
  await catalog.createBlueprint(
    {
      identifier: "issue",
      title: "Issue",
      schema: { properties: { status: { type: "string" }, points: { type: "number" } } },
      relations: { needs: { target: "issue", required: true }, likes: { target: "issue" }, by: { target: "person" } },
    },
    ME,
  );
  const issue = (identifier: string, properties: JsonObject, relations = {}): EntityDocument => {
    return { blueprint: "issue", identifier, properties, relations: { needs: identifier, ...relations } };
  };
  await catalog.writeEntities(
    [
      { blueprint: "person", identifier: "ann" },
      issue("a", { status: "open", points: 3 }, { by: "ann" }),
      issue("b", { status: "open", points: 1 }, { needs: "a" }),
      issue("c", { status: "done" }, { likes: "b" }),
      issue("d", { points: 8 }, { needs: "c" }),
    ],
    MERGE,
    ME,
  );
});
afterAll(() => opened.close());

const EVERYTHING = { combinator: "and", rules: [] };
const ISSUES = { combinator: "and", rules: [{ property: "$blueprint", operator: "=", value: "issue" }] };

async function findSorted(property: string, isDescending: boolean, limit: number): Promise<readonly string[]> {
  const found: string[] = [];
  let from: string | undefined;
  do {
    const sort = { property, isDescending };
    const page = await catalog.search(EVERYTHING, {
      blueprint: "issue",
      sort,
      limit,
      ...(from !== undefined && { from }),
    });
    found.push(...page.entities.map((each) => each.identifier));
    from = page.next;
  } while (from !== undefined);
  return found;
}

test.each([1, 2, 3, 100])("an order holds over pages of %d, with what has no value at its low end", async (limit) => {
  expect(await findSorted("points", false, limit)).toEqual(["c", "b", "a", "d"]);
  expect(await findSorted("points", true, limit)).toEqual(["d", "a", "b", "c"]);
  expect(await findSorted("status", false, limit)).toEqual(["d", "c", "a", "b"]);
  expect(await findSorted("status", true, limit)).toEqual(["b", "a", "c", "d"]);
});

test("a cursor of another order, and an order over all blueprints, are refused", async () => {
  const sort = { property: "points", isDescending: false };
  const { next = "" } = await catalog.search(EVERYTHING, { blueprint: "issue", limit: 1 });
  const other = catalog.search(EVERYTHING, { blueprint: "issue", sort, from: next });
  await expect(other).rejects.toMatchObject({ code: "invalid_input" });
  await expect(catalog.search(EVERYTHING, { sort })).rejects.toEqual(refusal("invalid_request", "one blueprint"));
});

test("relations are followed as far as they are required, or not", async () => {
  const find = async (required: boolean | undefined): Promise<string> => {
    const rule = { operator: "relatedTo", blueprint: "issue", value: "a", direction: "downstream" };
    const rules = [{ ...rule, ...(required !== undefined && { required }) }];
    const { entities } = await catalog.search({ combinator: "and", rules });
    return entities.map((each) => each.identifier).join(" ");
  };
  expect([await find(undefined), await find(true), await find(false)]).toEqual(["b c d", "b", ""]);
});

test("a number of all that is found", async () => {
  const open = { combinator: "and", rules: [...ISSUES.rules, { property: "status", operator: "=", value: "open" }] };
  expect(await catalog.aggregate(ISSUES, { func: "count" })).toBe(4);
  expect(await catalog.aggregate(ISSUES, { func: "sum", property: "points" })).toBe(12);
  expect(await catalog.aggregate(ISSUES, { func: "average", property: "points" })).toBe(4);
  expect(await catalog.aggregate(ISSUES, { func: "median", property: "points" })).toBe(3);
  expect(await catalog.aggregate(open, { func: "max", property: "points" })).toBe(3);
  expect(await catalog.aggregate(ISSUES, { func: "average", averageOf: "day" })).toBe(4);
  await expect(catalog.aggregate(ISSUES, { func: "sum" })).rejects.toEqual(refusal("invalid_request", "property"));
  await expect(catalog.aggregate(ISSUES, { func: "sum", property: "x" })).rejects.toEqual(
    refusal("invalid_request", '"x"'),
  );
});

test("the number of each value, the most frequent first", async () => {
  expect(await catalog.countGroups(ISSUES, [{ property: "status" }])).toEqual([
    { values: ["open"], count: 2 },
    { values: [null], count: 1 },
    { values: ["done"], count: 1 },
  ]);
  expect(await catalog.countGroups(EVERYTHING, [{ relation: "by" }], "issue")).toEqual([
    { values: [null], count: 3 },
    { values: ["ann"], count: 1 },
  ]);
});

test("a search over all that asks for one blueprint may name what that one does not have", async () => {
  const rules = [
    { property: "$blueprint", operator: "=", value: "person" },
    { property: "points", operator: "=", value: 3 },
  ];
  expect((await catalog.search({ combinator: "and", rules })).entities).toEqual([]);
});

test("a search that is asked again and again over many entities gets an index", async () => {
  const documents = Array.from({ length: 1100 }, (_, index): EntityDocument => {
    return { blueprint: "person", identifier: `p${index}`, title: `P ${index % 7}` };
  });
  await catalog.writeEntities(documents, MERGE, ME);
  const sort = { property: "$title", isDescending: false };
  const first = await catalog.search(EVERYTHING, { blueprint: "person", sort });
  for (let times = 0; times < 3; times++) await catalog.search(EVERYTHING, { blueprint: "person", sort });
  await opened.store.check(); // the writer has done what it was asked before
  const again = await catalog.search(EVERYTHING, { blueprint: "person", sort });
  expect(again).toEqual(first);
});
