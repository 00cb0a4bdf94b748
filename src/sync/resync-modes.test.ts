import { afterEach, beforeEach, expect, test } from "vitest";
import { MemoryResource, TestWorld } from "./resync.fixture.ts";
import { KnownUpdates } from "./known-updates.ts";

let world: TestWorld;
beforeEach(async () => void (world = await TestWorld.open()));
afterEach(() => world.close());

const HOUR_MS = 3_600_000;

/** A resource whose listing tells when its objects changed. */
function createDated(ids: readonly string[], index = 0): MemoryResource {
  const resource = new MemoryResource(index, ids);
  resource.updated = new Map(ids.map((id) => [id, "monday"]));
  return resource;
}

test("I7: a trusting read asks for the bodies of what Jira lists as changed, and for those that failed", async () => {
  const things = createDated(["A", "B", "C"]);
  things.objects.set("C", "error");
  await world.run([things]);
  things.mapped.length = 0;
  things.objects.set("A", "second");
  things.updated?.set("A", "tuesday");
  things.objects.set("C", "first");
  const run = await world.run([things]);
  expect(run.resources).toMatchObject([{ mode: "trusting", counts: { listed: 3, mapped: 2, unchanged: 1 } }]);
  expect(things.mapped.toSorted()).toEqual(["A", "C"]);
  expect(things.skipped).toEqual(["B"]);
});

test("I7: what changed without Jira's word is missed by a trusting read, and found by a verifying one", async () => {
  const things = createDated(["A", "B"]);
  await world.run([things]);
  things.objects.set("A", "renamed");
  expect((await world.run([things])).resources).toMatchObject([{ mode: "trusting", counts: { updated: 0 } }]);
  expect((await world.run([things], { mode: "verifying" })).resources).toMatchObject([{ counts: { updated: 1 } }]);
});

test("objects that a trusting read skips are alive, and what vanished is still noticed", async () => {
  const things = createDated(["A", "B", "C"]);
  await world.run([things]);
  things.objects.delete("B");
  expect(await world.run([things])).toMatchObject({ deleted: 1 });
  expect(world.sink.identifiers()).toEqual(["A", "C"]);
});

test("without being told, a resource is verified at first, then when its time has come", async () => {
  const things = createDated(["A"]);
  const modeAfter = async (ms: number): Promise<string | undefined> => {
    world.nowMs += ms;
    return (await world.run([things])).resources[0]?.mode;
  };
  expect(await modeAfter(0)).toBe("verifying");
  expect(await modeAfter(23 * HOUR_MS)).toBe("trusting");
  expect(await modeAfter(HOUR_MS)).toBe("verifying");
  expect(await modeAfter(HOUR_MS)).toBe("trusting");
});

test("a verifying read that fails is due again at once, for that resource alone", async () => {
  const [good, bad] = [createDated(["A"]), new MemoryResource(1, ["X"])];
  bad.failAt = "X";
  await world.run([good, bad]);
  const second = await world.run([good, bad]);
  expect(second.resources.map(({ mode }) => mode)).toEqual(["trusting", "verifying"]);
});

test.each(["verifying", "full"] as const)(
  "a %s read that was asked for and fails is made up for by the next",
  async (mode) => {
    const [good, bad] = [createDated(["A"]), createDated(["X"], 1)];
    await world.run([good, bad]);
    bad.failAt = "X";
    expect(await world.run([good, bad], { mode })).toMatchObject({ status: "incomplete" });
    expect((await world.run([good, bad])).resources.map((each) => each.mode)).toEqual(["trusting", "verifying"]);
    bad.failAt = undefined;
    expect((await world.run([good, bad])).resources.map((each) => each.mode)).toEqual(["trusting", "verifying"]);
    expect((await world.run([good, bad])).resources.map((each) => each.mode)).toEqual(["trusting", "trusting"]);
  },
);

test("a verifying read that is stopped is made up for, also when that comes too late to take it up", async () => {
  const things = createDated(["A", "B", "C"]);
  await world.run([things]);
  const stop = new AbortController();
  things.onPage = () => stop.abort(new Error("planted"));
  await expect(world.run([things], { signal: stop.signal, mode: "verifying" })).rejects.toThrow("planted");
  things.onPage = () => undefined;
  world.nowMs += 2 * HOUR_MS;
  expect((await world.run([things])).resources).toMatchObject([{ mode: "verifying" }]);
});

test("a changed mapping maps everything again, also in a trusting read", async () => {
  const things = createDated(["A", "B"]);
  await world.run([things]);
  things.mapped.length = 0;
  things.fingerprint = "f2";
  expect((await world.run([things])).resources).toMatchObject([{ mode: "trusting" }]);
  expect(things.mapped).toEqual(["A", "B"]);
});

test("a full read maps and writes everything, changed or not", async () => {
  const things = createDated(["A", "B"]);
  await world.run([things]);
  things.mapped.length = 0;
  const run = await world.run([things], { mode: "full" });
  expect(run.resources).toMatchObject([{ counts: { mapped: 2, same: 2, updated: 0 } }]);
});

test("with --kind the other resources are neither read nor dropped", async () => {
  const [one, other] = [new MemoryResource(0, ["A"], "one"), new MemoryResource(1, ["X"], "other")];
  await world.run([one, other]);
  one.objects.delete("A");
  other.objects.delete("X");
  const run = await world.run([one, other], { kinds: ["one"] });
  expect(run).toMatchObject({ status: "completed", resources: [{ status: "completed" }, { status: "skipped" }] });
  expect(world.sink.identifiers()).toEqual(["X"]);
  expect((await world.run([one, other])).resources.map(({ mode }) => mode)).toEqual(["trusting", "trusting"]);
});

test("I8: a verifying read restores what people removed or changed in the catalog; a trusting one does not look", async () => {
  const things = createDated(["A", "B", "C"]);
  await world.run([things]);
  world.sink.entities.delete("thing\u0000A");
  world.sink.entities.set("thing\u0000B", { blueprint: "thing", identifier: "B", title: "by hand" });
  world.sink.foreign.add("B");
  things.mapped.length = 0;
  await world.run([things]);
  expect(world.sink.identifiers()).toEqual(["B", "C"]);
  const run = await world.run([things], { mode: "verifying" });
  expect(run.resources).toMatchObject([{ counts: { created: 1, updated: 1, unchanged: 1 } }]);
  expect(world.sink.entities.get("thing\u0000B")).toMatchObject({ title: "first" });
});

test("I8: where something was removed, all that has relations is written again, for it may have lost one", async () => {
  const [targets, sources] = [new MemoryResource(0, ["T"], "target"), new MemoryResource(1, ["S"], "source")];
  sources.hasRelations = true;
  await world.run([targets, sources]);
  world.sink.entities.delete("thing\u0000T");
  const run = await world.run([targets, sources], { mode: "verifying" });
  expect(run.resources).toMatchObject([{ counts: { created: 1 } }, { mode: "full", counts: { mapped: 1 } }]);
});

test("a run that was cut off goes on only in the way in which it began", async () => {
  const things = createDated(["A", "B", "C", "D"]);
  const stop = new AbortController();
  let pages = 0;
  things.onPage = () => {
    if (++pages === 2) stop.abort(new Error("planted"));
  };
  await expect(world.run([things], { signal: stop.signal, mode: "full" })).rejects.toThrow("planted");
  things.onPage = () => undefined;
  things.mapped.length = 0;
  await world.run([things], { mode: "verifying" });
  expect(things.skipped).toEqual([]);
  expect(things.mapped).toEqual(["C", "D"]);
});

test("known updates are told by id and date together, and none by objects without a date", async () => {
  const objects = Array.from({ length: 500 }, (_, index) => ({
    ref: { id: `${index}`, updated: `2026-01-01T00:00:${index}` },
    state: "f:h",
    entities: [],
  }));
  await world.store.ledger.recordPage({ bucket: "b", runId: "r", attempt: 1, entries: objects, seen: [] });
  const known = await KnownUpdates.load(world.store.ledger, "b", "f");
  expect(objects.every(({ ref }) => known.has(ref))).toBe(true);
  expect(objects.some(({ ref }) => known.has({ id: ref.id, updated: `${ref.updated}0` }))).toBe(false);
  expect(known.has({ id: "1" })).toBe(false);
  expect((await KnownUpdates.load(world.store.ledger, "b", "g")).has({ id: "1", updated: "x" })).toBe(false);
});
