import { beforeEach, expect, test } from "vitest";
import type { SearchCondition, SearchField } from "../model/search.ts";
import type { EntityPlan, PlannedRow, WaitingEdge } from "./entity-store.ts";
import { applyPlan, listFeed, putBlueprint, toOrigin, toRow } from "./store-writes.fixture.ts";
import type { Store } from "./store.ts";

const EVERYTHING: SearchCondition = { type: "all", conditions: [] };

/** What every EntityStore promises. `getStore` gives a new store in each test. */
export function runEntityContract(getStore: () => Store): void {
  let store: Store;
  let person: number;
  let issue: number;
  beforeEach(async () => {
    store = getStore();
    person = await putBlueprint(store, "person");
    issue = await putBlueprint(store, "issue");
  });
  const assignedTo = (target: string): Pick<PlannedRow, "relations" | "edges"> => ({
    relations: JSON.stringify({ assignee: target }),
    edges: [{ relation: "assignee", targetBlueprintId: person, target }],
  });
  const waitingFor = (target: string, position = 0): WaitingEdge => ({
    relation: "assignee",
    targetBlueprintId: person,
    target,
    position,
  });

  test("read back as planned, with who wrote them and when", async () => {
    const row = toRow(issue, "A-1", {
      title: "Ünï 💡",
      icon: "Jira",
      team: '["t"]',
      properties: '{"a":1,"b":["x"]}',
      computed: '{"c":2}',
      relations: '{"parent":null}',
    });
    expect(await applyPlan(store, { rows: [row] })).toBe(true);
    expect(await store.entities.findRows(issue, ["A-1", "A-2"])).toEqual([
      {
        id: expect.any(Number),
        blueprintId: issue,
        identifier: "A-1",
        title: "Ünï 💡",
        icon: "Jira",
        team: ["t"],
        properties: { a: 1, b: ["x"] },
        computed: { c: 2 },
        relations: { parent: null },
        isStub: false,
        version: 1,
        dataSource: "source",
        createdAtMs: 10,
        createdBy: "me",
        updatedAtMs: 10,
        updatedBy: "me",
      },
    ]);
    expect(await store.entities.findExisting(issue, ["A-1", "A-2"])).toEqual(new Set(["A-1"]));
    expect(await store.entities.findRows(person, ["A-1"])).toEqual([]);
  });

  test("an update moves version, time and author, unless it only puts the entity in order", async () => {
    await applyPlan(store, { rows: [toRow(issue, "A-1")] });
    const later = toOrigin(20, { actor: "you", dataSource: "other" });
    await applyPlan(
      store,
      { rows: [toRow(issue, "A-1", { expectedVersion: 1, keepsAuthor: true, title: "T2" })] },
      later,
    );
    expect(await store.entities.findRows(issue, ["A-1"])).toMatchObject([
      { title: "T2", version: 2, updatedAtMs: 10, updatedBy: "me", dataSource: "source" },
    ]);
    await applyPlan(store, { rows: [toRow(issue, "A-1", { expectedVersion: 2, title: "T3" })] }, later);
    expect(await store.entities.findRows(issue, ["A-1"])).toMatchObject([
      {
        title: "T3",
        version: 3,
        createdAtMs: 10,
        createdBy: "me",
        updatedAtMs: 20,
        updatedBy: "you",
        dataSource: "other",
      },
    ]);
  });

  test("a plan is applied whole or not at all", async () => {
    await applyPlan(store, { rows: [toRow(person, "p")] });
    const before = await listFeed(store);
    const stale: Partial<EntityPlan>[] = [
      { rows: [toRow(issue, "A-1"), toRow(person, "p")] },
      { rows: [toRow(issue, "A-1"), toRow(person, "p", { expectedVersion: 7 })] },
      { rows: [toRow(issue, "A-1"), toRow(person, "q", { expectedVersion: 1 })] },
      { rows: [toRow(issue, "A-1", assignedTo("nobody"))] },
      { rows: [toRow(issue, "A-1")], removals: [{ blueprintId: person, identifier: "q", expectedVersion: 1 }] },
      { rows: [toRow(issue, "A-1")], removals: [{ blueprintId: person, identifier: "p", expectedVersion: 2 }] },
      { rows: [toRow(issue, "A-1")], blueprints: [{ id: person, version: 2 }] },
      { rows: [toRow(issue, "A-1")], blueprints: [{ id: 99, version: 1 }] },
    ];
    for (const plan of stale) expect(await applyPlan(store, plan)).toBe(false);
    expect(await store.entities.count({ rule: EVERYTHING })).toBe(1);
    expect(await listFeed(store)).toEqual(before);
    expect(await applyPlan(store, { rows: [toRow(issue, "A-1")], blueprints: [{ id: person, version: 1 }] })).toBe(
      true,
    );
  });

  test("rows of a plan may point at each other, and nothing that is pointed at can go", async () => {
    expect(await applyPlan(store, { rows: [toRow(issue, "A-1", assignedTo("p")), toRow(person, "p")] })).toBe(true);
    expect(await store.entities.listReferrers(person, ["p", "q"])).toEqual([
      { blueprintId: issue, identifier: "A-1", relation: "assignee", target: "p" },
    ]);
    const removal = { blueprintId: person, identifier: "p", expectedVersion: 1 };
    expect(await applyPlan(store, { removals: [removal] })).toBe(false);
    const lettingGo = toRow(issue, "A-1", { expectedVersion: 1, edges: [] });
    expect(await applyPlan(store, { rows: [lettingGo], removals: [removal] })).toBe(true);
    expect(await store.entities.listReferrers(person, ["p"])).toEqual([]);
  });

  test("an entity gets another identifier only when nothing goes on pointing at the old one", async () => {
    await applyPlan(store, {
      rows: [toRow(issue, "A-1", assignedTo("p")), toRow(person, "p"), toRow(person, "taken")],
    });
    const renamed = toRow(person, "q", { previousIdentifier: "p", expectedVersion: 1 });
    const follower = toRow(issue, "A-1", { ...assignedTo("q"), expectedVersion: 1 });
    expect(await applyPlan(store, { rows: [renamed] })).toBe(false);
    expect(await applyPlan(store, { rows: [{ ...renamed, identifier: "taken" }, follower] })).toBe(false);
    expect(await applyPlan(store, { rows: [{ ...renamed, expectedVersion: 2 }, follower] })).toBe(false);
    const [before] = await store.entities.findRows(person, ["p"]);
    expect(await applyPlan(store, { rows: [renamed, follower] }, toOrigin(20))).toBe(true);
    expect(await store.entities.findRows(person, ["p", "q"])).toMatchObject([
      { id: before?.id, identifier: "q", version: 2, createdAtMs: 10, updatedAtMs: 20 },
    ]);
    expect(await store.entities.listReferrers(person, ["p", "q"])).toMatchObject([{ target: "q" }]);
    expect((await listFeed(store)).slice(-3)).toEqual(["deleted entity p", "created entity q", "updated entity A-1"]);
  });

  test("edges that are not named stay", async () => {
    await applyPlan(store, { rows: [toRow(issue, "A-1", assignedTo("p")), toRow(person, "p")] });
    await applyPlan(store, {
      rows: [toRow(issue, "A-1", { expectedVersion: 1, edges: undefined, pending: undefined })],
    });
    expect(await store.entities.listReferrers(person, ["p"])).toHaveLength(1);
  });

  test("what waits is found by source and by target, and goes when it is set anew", async () => {
    const [one, two] = [waitingFor("b", 1), waitingFor("a", 0)];
    await applyPlan(store, { rows: [toRow(issue, "A-1", { pending: [one, two] }), toRow(issue, "A-2")] });
    const [row] = await store.entities.findRows(issue, ["A-1"]);
    const id = row?.id ?? 0;
    expect(await store.entities.findPending([id, 99])).toEqual([
      { ...two, sourceId: id },
      { ...one, sourceId: id },
    ]);
    expect(await store.entities.listWaitingFor(person, ["a", "b", "c"])).toEqual([
      { blueprintId: issue, identifier: "A-1" },
    ]);
    expect(await store.entities.listWaitingFor(issue, ["a"])).toEqual([]);
    expect(await store.entities.listWaiting("source", 0, 10)).toEqual([{ id, blueprintId: issue, identifier: "A-1" }]);
    expect(await store.entities.listWaiting("source", id, 10)).toEqual([]);
    expect(await store.entities.listWaiting("another", 0, 10)).toEqual([]);
    await applyPlan(store, { rows: [toRow(issue, "A-1", { expectedVersion: 1, pending: [] })] });
    expect(await store.entities.findPending([id])).toEqual([]);
  });

  test("what waits goes with its entity", async () => {
    await applyPlan(store, { rows: [toRow(issue, "A-1", { pending: [waitingFor("a")] })] });
    await applyPlan(store, { removals: [{ blueprintId: issue, identifier: "A-1", expectedVersion: 1 }] });
    expect(await store.entities.listWaiting("source", 0, 10)).toEqual([]);
  });

  test("stubs are idle when nothing points at them", async () => {
    const stub = { isStub: true };
    await applyPlan(store, {
      rows: [toRow(person, "p", stub), toRow(person, "q", stub), toRow(issue, "A-1", assignedTo("p"))],
    });
    expect(await store.entities.listIdleStubs()).toEqual([{ blueprintId: person, identifier: "q" }]);
  });

  test("a search is read in pages, by identifier within a blueprint and by age over all", async () => {
    const names = ["b", "d", "a", "c"];
    await applyPlan(store, { rows: [...names.map((name) => toRow(issue, name)), toRow(person, "p")] });
    const readAll = async (blueprintId?: number): Promise<string[]> => {
      const found: string[] = [];
      let from: string | undefined;
      do {
        const page = await store.entities.search({
          rule: EVERYTHING,
          limit: 2,
          ...(blueprintId !== undefined && { blueprintId }),
          ...(from !== undefined && { from }),
        });
        expect(page.rows.length).toBeLessThanOrEqual(2);
        found.push(...page.rows.map((row) => row.identifier));
        from = page.next;
      } while (from !== undefined);
      return found;
    };
    expect(await readAll(issue)).toEqual(["a", "b", "c", "d"]);
    expect(await readAll()).toEqual([...names, "p"]);
    expect(await store.entities.count({ rule: EVERYTHING })).toBe(5);
    expect(await store.entities.count({ rule: EVERYTHING, blueprintId: issue })).toBe(4);
  });

  test("values of fields are listed for what a search finds, up to a limit", async () => {
    const properties = JSON.stringify({ done: true, code: "1", tags: ["x"] });
    await applyPlan(store, { rows: [toRow(issue, "a", { properties }), toRow(issue, "b"), toRow(person, "p")] });
    const names = ["done", "code", "tags"];
    const fields: SearchField[] = [
      { kind: "meta", name: "$identifier" },
      ...names.map((name) => ({ kind: "property", name, isCalculated: false, isScalar: false }) as const),
      { kind: "meta", name: "$createdAt" },
    ];
    const list = (limit: number) => store.entities.listValues({ rule: EVERYTHING, blueprintId: issue }, fields, limit);
    expect(new Set(await list(9))).toEqual(
      new Set([
        ["a", true, "1", ["x"], "1970-01-01T00:00:00.010Z"],
        ["b", null, null, null, "1970-01-01T00:00:00.010Z"],
      ]),
    );
    expect(await list(1)).toHaveLength(1);
    expect(await store.entities.listValues({ rule: EVERYTHING }, fields, 9)).toHaveLength(3);
  });

  test("whole numbers beyond 2^53 are sorted, found, counted and measured", async () => {
    const numbers = [2 ** 62, -1e16, 9.1e18, 1e16, 7, 1e100];
    const rows = numbers.map((n, index) => toRow(issue, `i${index}`, { properties: JSON.stringify({ n }) }));
    await applyPlan(store, { rows });
    const field: SearchField = { kind: "property", name: "n", isCalculated: false, isScalar: true };
    const within = { rule: EVERYTHING, blueprintId: issue };
    const readSorted = async (isDescending: boolean): Promise<unknown[]> => {
      const found: unknown[] = [];
      let from: string | undefined;
      do {
        const search = { ...within, limit: 1, sort: { field, isDescending }, ...(from !== undefined && { from }) };
        const page = await store.entities.search(search);
        found.push(...page.rows.map(({ properties }) => properties["n"]));
        from = page.next;
      } while (from !== undefined && found.length <= numbers.length);
      return found;
    };
    const ordered = numbers.toSorted((a, b) => a - b);
    expect(await readSorted(false)).toEqual(ordered);
    expect(await readSorted(true)).toEqual(ordered.toReversed());
    for (const n of numbers) {
      const equal: SearchCondition = { type: "equal", field, values: [n], negated: false };
      expect(await store.entities.count({ ...within, rule: equal })).toBe(1);
    }
    const groups = await store.entities.countGroups(within, [field], 10);
    expect(new Set(groups.map(({ values }) => values[0]))).toEqual(new Set(numbers));
    const measured = await store.entities.measure(within, { value: field, withMedian: true });
    expect(measured).toMatchObject({ count: 6, min: -1e16, max: 1e100, sum: 1e100 });
    const from = { value: 0, isIncluded: true };
    const times: SearchCondition = { type: "range", field, as: "instant", from, negated: false };
    expect(await store.entities.count({ ...within, rule: times })).toBe(0);
  });

  test("numbers are measured up to the largest, whose sum need not be a number", async () => {
    const rows = [1e200, 3e200].map((n) => toRow(issue, String(n), { properties: JSON.stringify({ n }) }));
    await applyPlan(store, { rows });
    const value: SearchField = { kind: "property", name: "n", isCalculated: false, isScalar: true };
    const measure = () => store.entities.measure({ rule: EVERYTHING, blueprintId: issue }, { value });
    expect(await measure()).toMatchObject({ sum: 4e200, mean: 2e200 });
    const more = [1e308, 1.5e308].map((n) => toRow(issue, String(n), { properties: JSON.stringify({ n }) }));
    await applyPlan(store, { rows: more });
    expect(await measure()).toMatchObject({ count: 4, min: 1e200, max: 1.5e308 });
  });

  test("the audit log stops where it has read very much", async () => {
    const properties = JSON.stringify({ text: "x".repeat(350_000) });
    const rows = Array.from({ length: 60 }, (_, index) => toRow(issue, `i${index}`, { properties }));
    await applyPlan(store, { rows });
    const found = await store.audit.list({ subjects: ["entity"], limit: 60 });
    expect(found.map(({ identifier }) => identifier)).toEqual(
      rows
        .slice(10)
        .map(({ identifier }) => identifier)
        .toReversed(),
    );
  });

  test("a cursor that is none, or of another kind of search, is refused", async () => {
    const search = (from: string, blueprintId?: number) =>
      store.entities.search({ rule: EVERYTHING, limit: 1, from, ...(blueprintId !== undefined && { blueprintId }) });
    await applyPlan(store, { rows: [toRow(issue, "a"), toRow(issue, "b")] });
    const { next = "" } = await store.entities.search({ rule: EVERYTHING, limit: 1, blueprintId: issue });
    const { next: global = "" } = await store.entities.search({ rule: EVERYTHING, limit: 1 });
    for (const attempt of [search("x"), search(next), search(global, issue)]) {
      await expect(attempt).rejects.toMatchObject({ code: "invalid_input" });
    }
  });
}
