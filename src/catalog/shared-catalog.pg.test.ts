import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CompiledJqEngine } from "../jq/compiled-jq-engine.ts";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import { systemClock } from "../runtime/clock.ts";
import { openPostgresStore } from "../store/postgres/open-postgres-store.ts";
import { createEmptyDatabase } from "../store/postgres/test-database.fixture.ts";
import { Catalog } from "./catalog.ts";
import { ISSUE, ME, MERGE, PERSON, refusal, YOU } from "./test-entities.fixture.ts";

const jq = new CompiledJqEngine(new JqWasmEngine());
let url: string;
let closers: (() => Promise<void>)[];
let one: Catalog;
let other: Catalog;

async function open(): Promise<Catalog> {
  const store = await openPostgresStore({ url, clock: systemClock });
  closers.push(() => store.close());
  return Catalog.open({ store, jq, clock: systemClock, newIdentifier: randomUUID });
}

/** Two catalogs that open an empty database at the same time. */
beforeEach(async () => {
  url = await createEmptyDatabase();
  closers = [];
  [one, other] = await Promise.all([open(), open()]);
});
afterEach(async () => {
  for (const close of closers) await close();
});

const bare = (identifier: string) => ({ identifier, title: identifier, schema: { properties: {} } });
const key = { blueprint: "person", identifier: "ann" };

test("a blueprint that another process made is there for writes at once, and for reads after a look", async () => {
  await one.createBlueprint(PERSON, ME);
  expect(await other.writeEntities([key], MERGE, YOU)).toMatchObject([{ result: "created" }]);
  await other.createBlueprint(ISSUE, YOU); // its relations lead to a blueprint of the other
  expect(one.listBlueprints().map(({ identifier }) => identifier)).not.toContain("issue");
  await one.refresh();
  expect(one.getBlueprint("issue")).toMatchObject({ createdBy: YOU.actor });
});

test("entities fit the blueprint as another process has changed it", async () => {
  await one.createBlueprint(PERSON, ME);
  await other.refresh();
  const number = { ...PERSON, schema: { properties: { age: { type: "number" }, mail: { type: "string" } } } };
  await one.replaceBlueprint("person", number, ME);
  const [written] = await other.writeEntities([{ ...key, properties: { mail: "x" } }], MERGE, YOU);
  expect(written).toMatchObject({ result: "created", entity: { properties: { mail: "x" } } });
  await one.replaceBlueprint("person", PERSON, ME);
  const [refused] = await other.writeEntities([{ ...key, properties: { mail: "x" } }], MERGE, YOU);
  expect(refused).toMatchObject({ result: "failed" });
});

test("changes of a blueprint by several processes build on each other", async () => {
  await one.createBlueprint(PERSON, ME);
  await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      const name = `p${index}`;
      const catalog = index % 2 === 0 ? one : other;
      const schema = { properties: {} };
      await catalog.createBlueprint({ ...bare(name), schema, relations: { person: { target: "person" } } }, ME);
      await catalog.patchBlueprint("person", index % 2 === 0 ? { title: name } : { icon: name }, ME);
    }),
  );
  for (const catalog of [one, other]) {
    await catalog.refresh();
    expect(catalog.listBlueprints().filter(({ identifier }) => /^p\d$/.test(identifier))).toHaveLength(10);
    const { title, icon } = catalog.getBlueprint("person");
    expect([title, icon]).toEqual([expect.stringMatching(/^p[02468]$/), expect.stringMatching(/^p[13579]$/)]);
  }
});

test("a relation to a blueprint that another process deletes meanwhile cannot be made", async () => {
  for (let round = 0; round < 10; round++) {
    const [target, source] = [`target${round}`, `source${round}`];
    await one.createBlueprint(bare(target), ME);
    const made = other.createBlueprint({ ...bare(source), relations: { to: { target } } }, YOU);
    const deleted = one.deleteBlueprint(target, ME);
    const results = await Promise.allSettled([made, deleted]);
    expect(results.filter(({ status }) => status === "rejected")).toHaveLength(1);
  }
});

test("a renamed blueprint is written to by its new name alone", async () => {
  await one.createBlueprint(PERSON, ME);
  await other.writeEntities([key], MERGE, YOU);
  await one.patchBlueprint("person", { identifier: "human" }, ME);
  const human = { ...key, blueprint: "human" };
  expect(await other.writeEntities([key, human], MERGE, YOU)).toMatchObject([
    { result: "failed", error: refusal("not_found", "person") },
    { result: "unchanged" },
  ]);
});

test("a mirror that another process makes while what it shows is written shows what was written", async () => {
  await one.createBlueprint(PERSON, ME);
  await one.createBlueprint({ ...bare("pet"), relations: { owner: { target: "person" } } }, ME);
  await one.writeEntities(
    [
      { ...key, properties: { age: 0 } },
      { blueprint: "pet", identifier: "rex", relations: { owner: "ann" } },
    ],
    MERGE,
    ME,
  );
  await other.refresh();
  for (let age = 1; age <= 10; age++) {
    const mirrorProperties = { [`age${age}`]: { title: "Age", path: "owner.age" } };
    await Promise.all([
      one.patchBlueprint("pet", { mirrorProperties }, ME),
      other.writeEntities([{ ...key, properties: { age } }], MERGE, YOU),
    ]);
    const rule = { property: `age${age}`, operator: "=", value: age };
    const found = await one.search({ combinator: "and", rules: [rule] }, { blueprint: "pet" });
    expect(found.entities).toHaveLength(1);
  }
});

test("a listener hears of what another process commits, and of what it commits itself once", async () => {
  const heard = Promise.withResolvers<void>();
  let own = 0;
  other.onChange(heard.resolve);
  one.onChange(() => own++);
  await one.createBlueprint(PERSON, ME);
  await heard.promise;
  expect(own).toBe(1);
});

test("a migration is carried out by one process, and known to all", async () => {
  await one.createBlueprint(PERSON, ME);
  const people = Array.from({ length: 1200 }, (_, index) => ({ blueprint: "person", identifier: `p${index}` }));
  await one.writeEntities(people, MERGE, ME);
  const { id } = await one.migrations.deleteEntities("person", { deleteBlueprint: false }, ME);
  const third = await open(); // while it goes on
  await Promise.all([one.migrations.settled(), third.migrations.settled()]);
  for (const catalog of [one, other, third]) {
    await catalog.refresh();
    expect(catalog.migrations.get(id)).toMatchObject({ status: "COMPLETED", successCount: 1200 });
  }
  expect((await one.listAudit({ actions: ["deleted"], limit: 5000 })).length).toBe(1200);
});

test("migrations that several processes start are all kept", async () => {
  await one.createBlueprint(PERSON, ME);
  const start = (catalog: Catalog) => catalog.migrations.deleteEntities("person", { deleteBlueprint: false }, ME);
  await other.refresh();
  const started = await Promise.all([start(one), start(other), start(one), start(other)]);
  await Promise.all([one.migrations.settled(), other.migrations.settled()]);
  await one.refresh();
  expect(new Set(one.migrations.list().map(({ id }) => id))).toEqual(new Set(started.map(({ id }) => id)));
  expect(one.migrations.list().map(({ status }) => status)).toEqual(Array(4).fill("COMPLETED"));
});
