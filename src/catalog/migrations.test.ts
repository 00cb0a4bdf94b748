import { afterEach, beforeEach, expect, test } from "vitest";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import { Catalog, type EntityDocument } from "./catalog.ts";
import { Migrations } from "./migrations.ts";
import { openTestCatalog, type TestCatalog } from "./test-catalog.fixture.ts";
import { ME, MERGE, refusal, writeOne } from "./test-entities.fixture.ts";

let opened: TestCatalog;
let catalog: Catalog;
beforeEach(async () => {
  opened = await openTestCatalog({ threads: false });
  catalog = opened.catalog;
  const schema = { properties: { text: { type: "string" }, number: { type: "number" } } };
  await catalog.createBlueprint({ identifier: "a", title: "A", schema }, ME);
});
afterEach(() => opened.close());

async function writeMany(count: number): Promise<void> {
  const documents = Array.from({ length: count }, (_, index): EntityDocument => {
    return { blueprint: "a", identifier: `e${index}`, properties: { text: String(index) } };
  });
  await catalog.writeEntities(documents, MERGE, ME);
}

test("all entities of a blueprint are deleted in the background, page by page, and the blueprint with them if asked", async () => {
  await writeMany(1100);
  const begun = await catalog.migrations.deleteEntities("a", { deleteBlueprint: true }, ME);
  expect(begun).toMatchObject({ status: "PENDING", deleteEntities: true, actor: "client-1", sourceBlueprint: "a" });
  await catalog.migrations.settled();
  expect(catalog.migrations.get(begun.id)).toMatchObject({ status: "COMPLETED", successCount: 1100, failureCount: 0 });
  expect(() => catalog.getBlueprint("a")).toThrow(refusal("not_found"));
});

test("entities that others require are not deleted, nor a blueprint that others relate to", async () => {
  const relations = { to: { target: "a", required: true } };
  await catalog.createBlueprint({ identifier: "b", title: "B", schema: {}, relations }, ME);
  const required = catalog.migrations.deleteEntities("a", { deleteBlueprint: false }, ME);
  await expect(required).rejects.toEqual(refusal("has_dependents", '"b"'));
  await catalog.patchBlueprint("b", { relations: { to: { target: "a" } } }, ME);
  const related = catalog.migrations.deleteEntities("a", { deleteBlueprint: true }, ME);
  await expect(related).rejects.toEqual(refusal("has_dependents", '"b"'));
  const system = catalog.migrations.deleteEntities("_user", { deleteBlueprint: true }, ME);
  await expect(system).rejects.toEqual(refusal("protected_resource"));
});

test("a mapping writes values of one property to another of another type", async () => {
  await writeMany(3);
  const mapping = { filter: '.identifier != "e0"', entity: { properties: { number: ".properties.text | tonumber" } } };
  const { id } = await catalog.migrations.create("a", mapping, ME);
  await catalog.migrations.settled();
  expect(catalog.migrations.get(id)).toMatchObject({ status: "COMPLETED", successCount: 2, failureCount: 0 });
  const read = async (identifier: string) => (await catalog.getEntity({ blueprint: "a", identifier })).properties;
  expect([await read("e0"), await read("e2")]).toEqual([
    { text: "0", number: null },
    { text: "2", number: 2 },
  ]);
});

test("a mapping makes entities of items in another blueprint, and counts what it cannot write", async () => {
  await writeOne(catalog, { blueprint: "a", identifier: "x", properties: { text: "p,q" } }, MERGE);
  await catalog.createBlueprint({ identifier: "b", title: "B", schema: { properties: {} } }, ME);
  const entity = { identifier: ".item", title: '"T " + .item', properties: {}, relations: {} };
  const itemsToParse = '(.properties.text | split(",")) + ["not an identifier"]';
  const { id } = await catalog.migrations.create("a", { blueprint: "b", itemsToParse, entity }, ME);
  await catalog.migrations.settled();
  expect(catalog.migrations.get(id)).toMatchObject({ status: "COMPLETED", successCount: 2, failureCount: 1 });
  expect((await catalog.listEntities("b")).map((each) => each.title)).toEqual(["T p", "T q"]);
});

test("a mapping that cannot be is refused, naming the place", async () => {
  const create = (mapping: unknown) => catalog.migrations.create("a", mapping, ME);
  await expect(create({})).rejects.toEqual(refusal("invalid_request", "mapping/entity"));
  await expect(create({ entity: { title: "|" } })).rejects.toEqual(refusal("invalid_request", "mapping/entity/title"));
  await expect(create({ blueprint: "x", entity: {} })).rejects.toEqual(refusal("not_found", '"x"'));
});

test("one can be cancelled until it has ended", async () => {
  await writeMany(10);
  const { id } = await catalog.migrations.deleteEntities("a", { deleteBlueprint: true }, ME);
  expect(await catalog.migrations.cancel(id, ME)).toMatchObject({ status: "PENDING_CANCELLATION" });
  await catalog.migrations.settled();
  expect(catalog.migrations.get(id)).toMatchObject({ status: "CANCELLED" });
  expect(catalog.getBlueprint("a").identifier).toBe("a");
  await expect(catalog.migrations.cancel(id, ME)).rejects.toEqual(refusal("invalid_request", "CANCELLED"));
  await expect(catalog.migrations.cancel("x", ME)).rejects.toEqual(refusal("not_found"));
});

test("one that a crash cut off is done at the next start", async () => {
  await writeMany(10);
  const { id } = await catalog.migrations.deleteEntities("a", { deleteBlueprint: false }, ME);
  const begun = { ...catalog.migrations.get(id), status: "RUNNING" };
  await catalog.migrations.settled();
  await writeMany(5);
  await opened.store.settings.save("migrations", [begun] as never);
  const jq = new JqWasmEngine();
  const restarted = await Catalog.open({ store: opened.store, jq, clock: opened.clock, newIdentifier: () => "x" });
  await restarted.migrations.settled();
  expect(restarted.migrations.get(id)).toMatchObject({ status: "COMPLETED", successCount: 5 });
  expect(await restarted.countEntities("a")).toBe(0);
  await jq.close();
});

/** As another process has them: nothing is run until the gate opens. */
function openElsewhere(gate: Promise<void>): Migrations {
  const { clock, store } = opened;
  const alone = async (work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    await gate;
    await work(new AbortController().signal);
  };
  return new Migrations({ catalog, settings: store.settings, clock, newId: () => "elsewhere", alone });
}

test("one that another process ends is not cancelled any more, and one that another cancels does not run", async () => {
  await writeMany(10);
  const never = new Promise<void>(() => undefined);
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const [stale, runner] = [openElsewhere(never), openElsewhere(gate)];
  const begun = await runner.deleteEntities("a", { deleteBlueprint: false }, ME);
  await stale.resume();
  expect(await stale.cancel(begun.id, ME)).toMatchObject({ status: "PENDING_CANCELLATION" });
  expect(runner.get(begun.id)).toMatchObject({ status: "PENDING" });
  open();
  await runner.settled();
  expect(runner.get(begun.id)).toMatchObject({ status: "CANCELLED" });
  expect(await catalog.countEntities("a")).toBe(10);
  expect(stale.get(begun.id)).toMatchObject({ status: "PENDING_CANCELLATION" });
  await expect(stale.cancel(begun.id, ME)).rejects.toEqual(refusal("invalid_request", "CANCELLED"));
  expect(await opened.store.settings.find("migrations")).toMatchObject([{ status: "CANCELLED" }]);
});
