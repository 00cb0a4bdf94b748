import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AuthenticationError } from "../runtime/errors.ts";
import { MemoryResource, TestWorld } from "./resync.fixture.ts";

let world: TestWorld;
beforeEach(async () => void (world = await TestWorld.open()));
afterEach(() => world.close());

const A_TO_E = ["A", "B", "C", "D", "E"];

test("a first run creates everything, a second one maps and writes nothing", async () => {
  const things = new MemoryResource(0, A_TO_E);
  const first = await world.run([things]);
  expect(first).toMatchObject({
    status: "completed",
    resources: [{ status: "completed", counts: { listed: 5, mapped: 5, created: 5 } }],
  });
  expect(world.sink.identifiers()).toEqual(A_TO_E);
  things.mapped.length = 0;
  const second = await world.run([things]);
  expect(second).toMatchObject({
    status: "completed",
    resources: [{ counts: { listed: 5, unchanged: 5, mapped: 0 } }],
  });
  expect(things.mapped).toEqual([]);
  expect(world.sink.writes).toBe(5);
});

test("only what changed is mapped and written, only what vanished is removed", async () => {
  const things = new MemoryResource(0, A_TO_E);
  await world.run([things]);
  things.mapped.length = 0;
  things.objects.set("B", "second");
  things.objects.delete("D");
  const second = await world.run([things]);
  expect(things.mapped).toEqual(["B"]);
  expect(second).toMatchObject({ deleted: 1, resources: [{ counts: { updated: 1, vanished: 1 } }] });
  expect(world.sink.identifiers()).toEqual(["A", "B", "C", "E"]);
});

test("a changed mapping maps everything again", async () => {
  const things = new MemoryResource(0, A_TO_E);
  await world.run([things]);
  things.mapped.length = 0;
  things.fingerprint = "f2";
  await world.run([things]);
  expect(things.mapped).toEqual(A_TO_E);
});

test("a read that breaks off removes nothing, the other resources go on, and the run is incomplete", async () => {
  const [broken, whole] = [new MemoryResource(0, A_TO_E), new MemoryResource(1, ["X", "Y"])];
  await world.run([broken, whole]);
  broken.objects.delete("A");
  whole.objects.delete("X");
  broken.failAt = "E";
  const second = await world.run([broken, whole]);
  expect(second).toMatchObject({
    status: "incomplete",
    deleted: 1,
    resources: [{ status: "failed", error: "planted" }, { status: "completed" }],
  });
  expect(world.sink.identifiers()).toEqual([...A_TO_E, "Y"]);
});

test("bad credentials end the run at once", async () => {
  const [broken, whole] = [new MemoryResource(0, ["A"]), new MemoryResource(1, ["X"])];
  broken.failAt = "A";
  broken.failure = new AuthenticationError("planted");
  await expect(world.run([broken, whole])).rejects.toThrow(AuthenticationError);
  expect(whole.mapped).toEqual([]);
  expect((await world.store.runs.list("jira/test", 1))[0]).toMatchObject({ status: "failed", error: "planted" });
});

test("what ended a run is what is told of it, even if the session cannot be ended in good order", async () => {
  const things = new MemoryResource(0, ["A"]);
  things.failAt = "A";
  things.failure = new AuthenticationError("planted");
  const session = await world.sink.beginFull({ runId: "r", dataSource: "d", flags: world.toPlan([]).flags });
  const abandon = (): Promise<never> => Promise.reject(new Error("the sink"));
  vi.spyOn(world.sink, "beginFull").mockResolvedValueOnce({ ...session, abandon });
  await expect(world.run([things])).rejects.toThrow(AuthenticationError);
  expect((await world.store.runs.list("jira/test", 1))[0]).toMatchObject({ status: "failed", error: "planted" });
});

test("a catalog that cannot be reached ends the run, and takes nothing from what earlier attempts have read", async () => {
  const things = new MemoryResource(0, A_TO_E);
  const stop = new AbortController();
  things.onPage = () => things.mapped.length === 4 && stop.abort(new Error("stopped"));
  await expect(world.run([things], { signal: stop.signal })).rejects.toThrow("stopped");
  things.onPage = () => undefined;
  vi.spyOn(world.sink, "beginFull").mockRejectedValueOnce(new Error("not there"));
  await expect(world.run([things])).rejects.toThrow("not there");
  expect((await world.store.runs.list("jira/test", 1))[0]).toMatchObject({ status: "aborted", error: "not there" });
  expect(await world.run([things])).toMatchObject({ status: "completed", attempt: 3 });
  expect(things.skipped).toEqual(["A", "B", "C", "D"]);

  vi.spyOn(world.sink, "beginFull").mockRejectedValueOnce(new Error("not there"));
  await expect(world.run([things])).rejects.toThrow("not there");
  expect((await world.store.runs.list("jira/test", 1))[0]).toMatchObject({ status: "failed", error: "not there" });
});

test("bad credentials end the run even if what was read before cannot be written either", async () => {
  const things = new MemoryResource(0, A_TO_E);
  things.failAt = "E";
  things.failure = new AuthenticationError("planted");
  world.sink.failure = new Error("the sink");
  await expect(world.run([things])).rejects.toThrow(AuthenticationError);
});

test("an object that cannot be mapped keeps the entity it had, and is tried again", async () => {
  const things = new MemoryResource(0, A_TO_E);
  await world.run([things]);
  things.objects.set("B", "error");
  const second = await world.run([things]);
  expect(second).toMatchObject({
    status: "completed",
    deleted: 0,
    failureCount: 1,
    failures: [{ level: "error", object: "B", field: "identifier" }],
  });
  things.mapped.length = 0;
  await world.run([things]);
  expect(things.mapped).toEqual(["B"]);
  expect(world.sink.identifiers()).toEqual(A_TO_E);
});

test("an object that was listed twice keeps the entity of its first body if the second cannot be mapped", async () => {
  const things = new MemoryResource(0, ["A"]);
  const read = things.read.bind(things);
  things.read = async function* (options) {
    yield* read(options);
    things.objects.set("A", "error");
    yield* read(options);
  };
  expect(await world.run([things])).toMatchObject({ status: "completed", deleted: 0, failureCount: 1 });
  expect(world.sink.identifiers()).toEqual(["A"]);
});

test("an object that the selector drops loses its entity", async () => {
  const things = new MemoryResource(0, A_TO_E);
  await world.run([things]);
  things.objects.set("B", "filtered");
  expect(await world.run([things])).toMatchObject({
    deleted: 1,
    failureCount: 0,
    resources: [{ counts: { filtered: 1 } }],
  });
  expect(world.sink.identifiers()).toEqual(["A", "C", "D", "E"]);
});

test("a warning is kept on the run and costs nothing else", async () => {
  const things = new MemoryResource(0, ["A"]);
  things.objects.set("A", "warning");
  expect(await world.run([things])).toMatchObject({
    status: "completed",
    failureCount: 0,
    warningCount: 1,
    failures: [{ level: "warning", object: "A" }],
  });
  expect(world.sink.identifiers()).toEqual(["A"]);
});

test("an entity whose write failed is written by the next run, and is not taken for gone", async () => {
  const things = new MemoryResource(0, ["A", "B"]);
  world.sink.broken.add("B");
  expect(await world.run([things])).toMatchObject({
    failureCount: 1,
    resources: [{ counts: { created: 1, failed: 1 } }],
  });
  world.sink.broken.clear();
  things.mapped.length = 0;
  await world.run([things]);
  expect(things.mapped).toEqual(["B"]);
  expect(world.sink.identifiers()).toEqual(["A", "B"]);
});

test("an entity that two resources claim stays until both let go", async () => {
  const [one, other] = [new MemoryResource(0, ["A", "B"]), new MemoryResource(1, ["A"])];
  await world.run([one, other]);
  one.objects.delete("A");
  expect(await world.run([one, other])).toMatchObject({ deleted: 0 });
  other.objects.delete("A");
  expect(await world.run([one, other])).toMatchObject({ deleted: 1 });
  expect(world.sink.identifiers()).toEqual(["B"]);
});

test("a resource that left the mapping lets go of everything; one that is broken, of nothing", async () => {
  const [one, other] = [new MemoryResource(0, ["A"]), new MemoryResource(1, ["X"])];
  await world.run([one, other]);
  const broken = [{ bucket: other.bucket, kind: other.kind, index: 1, error: "planted" }];
  expect(await world.run([one], { broken })).toMatchObject({
    status: "incomplete",
    deleted: 0,
    resources: [{ status: "completed" }, { status: "failed", error: "planted" }],
  });
  expect(await world.run([one])).toMatchObject({ status: "completed", deleted: 1 });
  expect(world.sink.identifiers()).toEqual(["A"]);
});

test("a sink that fails stops the resource; what was not remembered is written again", async () => {
  const things = new MemoryResource(0, A_TO_E);
  world.sink.failure = new Error("planted");
  expect(await world.run([things])).toMatchObject({ status: "incomplete", resources: [{ status: "failed" }] });
  world.sink.failure = undefined;
  expect(await world.run([things])).toMatchObject({ status: "completed", resources: [{ counts: { created: 5 } }] });
});

test("I1: a sink that fails in the middle costs the writes under way, and what it had taken is not mapped again", async () => {
  const ids = Array.from({ length: 100 }, (_, index) => `X${100 + index}`);
  const things = new MemoryResource(0, ids);
  things.onPage = () => {
    if (world.sink.writes > 0) world.sink.failure = new Error("planted");
  };
  expect(await world.run([things])).toMatchObject({ status: "incomplete", resources: [{ counts: { created: 40 } }] });
  expect(world.sink.identifiers()).toEqual(ids.slice(0, 40));
  world.sink.failure = undefined;
  things.onPage = () => undefined;
  things.mapped.length = 0;
  expect(await world.run([things])).toMatchObject({ status: "completed", resources: [{ counts: { created: 60 } }] });
  expect(things.mapped).toEqual(ids.slice(40));
});

test("a run that was stopped is taken up: what was read is not read again, and the end is complete", async () => {
  const things = new MemoryResource(0, A_TO_E);
  const stop = new AbortController();
  let pages = 0;
  things.onPage = () => {
    if (++pages === 3) stop.abort(new Error("planted"));
  };
  await expect(world.run([things], { signal: stop.signal })).rejects.toThrow("planted");
  const [stopped] = await world.store.runs.list("jira/test", 1);
  expect(stopped).toMatchObject({ status: "aborted", attempt: 1 });
  things.onPage = () => undefined;
  things.mapped.length = 0;
  const resumed = await world.run([things]);
  expect(resumed).toMatchObject({ id: stopped?.id, attempt: 2, status: "completed", deleted: 0 });
  expect(things.skipped).toEqual(["A", "B", "C", "D"]);
  expect(things.mapped).toEqual(["E"]);
  expect(world.sink.identifiers()).toEqual(A_TO_E);
});

test("what vanished before a run was taken up is still noticed", async () => {
  const things = new MemoryResource(0, A_TO_E);
  await world.run([things]);
  const stop = new AbortController();
  things.onPage = () => stop.abort(new Error("planted"));
  await expect(world.run([things], { signal: stop.signal })).rejects.toThrow("planted");
  things.onPage = () => undefined;
  things.objects.delete("A");
  expect(await world.run([things])).toMatchObject({ attempt: 2, deleted: 1 });
});

test("a run that was stopped too long ago, or under another mapping, begins anew", async () => {
  const things = new MemoryResource(0, A_TO_E);
  const stopAtThird = async () => {
    const stop = new AbortController();
    let pages = 0;
    things.onPage = () => {
      if (++pages === 3) stop.abort(new Error("planted"));
    };
    await expect(world.run([things], { signal: stop.signal })).rejects.toThrow("planted");
    things.onPage = () => undefined;
  };
  await stopAtThird();
  world.nowMs += 2 * 60 * 60 * 1000;
  expect(await world.run([things])).toMatchObject({ attempt: 1 });
  expect(things.skipped).toEqual([]);
  await stopAtThird();
  things.fingerprint = "f2";
  expect(await world.run([things])).toMatchObject({ attempt: 2 });
  expect(things.skipped).toEqual([]);
});
