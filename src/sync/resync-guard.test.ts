import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { UpstreamError } from "../runtime/errors.ts";
import type { Run } from "../store/run-store.ts";
import { MemoryResource, TestWorld } from "./resync.fixture.ts";
import { Resync } from "./resync.ts";

let world: TestWorld;
beforeEach(async () => void (world = await TestWorld.open()));
afterEach(() => world.close());

const toIds = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

function remove(resource: MemoryResource, count: number): void {
  for (const id of [...resource.objects.keys()].slice(0, count)) resource.objects.delete(id);
}

describe("I5: too many removals at once are held", () => {
  test.each([
    [200, 2, "goes through"],
    [200, 20, "goes through"],
    [200, 38, "goes through"],
    [200, 40, "goes through"],
    [200, 42, "is held"],
    [50, 20, "goes through"],
    [50, 21, "is held"],
  ])("of %i entities the removal of %i %s", async (total, removed, verdict) => {
    const things = new MemoryResource(0, toIds("T", total));
    await world.run([things]);
    remove(things, removed);
    const isHeld = verdict === "is held";
    expect(await world.run([things])).toMatchObject({
      status: "completed",
      deleted: isHeld ? 0 : removed,
      held: isHeld ? 1 : 0,
    });
    expect(world.sink.entities.size).toBe(isHeld ? total : total - removed);
  });

  test("the plan says which run made it, for what, and what it holds", async () => {
    const things = new MemoryResource(0, toIds("T", 50));
    await world.run([things]);
    remove(things, 30);
    const { id: runId } = await world.run([things]);
    const [plan] = await world.store.plans.list("jira/test", 9);
    const counts = { entities: 30, known: 50, kind: "thing", bucket: things.bucket };
    expect(plan).toMatchObject({ runId, reason: "too_many", status: "held", projects: [], ...counts });
    expect(await world.store.plans.listEntities(plan?.id ?? "", 99)).toHaveLength(30);
  });

  test("an explicit threshold of the mapping counts instead", async () => {
    const things = new MemoryResource(0, toIds("T", 50));
    await world.run([things]);
    remove(things, 40);
    expect(await world.run([things], { deletionThreshold: 0.9 })).toMatchObject({ deleted: 40, held: 0 });
    remove(things, 1);
    expect(await world.run([things], { deletionThreshold: 0.05 })).toMatchObject({ deleted: 0, held: 1 });
  });

  test("each kind is judged by itself", async () => {
    const [few, many] = [new MemoryResource(0, toIds("F", 30), "few"), new MemoryResource(1, toIds("M", 900), "many")];
    await world.run([few, many]);
    remove(few, 25);
    remove(many, 25);
    expect(await world.run([few, many])).toMatchObject({ deleted: 25, held: 1 });
    expect(world.sink.entities.size).toBe(930 - 25);
  });

  test("what a mapping lets go of is guarded alike: a resource that left it, a selector that drops", async () => {
    const [one, other] = [new MemoryResource(0, toIds("A", 30)), new MemoryResource(1, toIds("B", 30))];
    await world.run([one, other]);
    for (const id of one.objects.keys()) one.objects.set(id, "filtered");
    expect(await world.run([one])).toMatchObject({ deleted: 0, held: 2 });
    expect(world.sink.entities.size).toBe(60);
  });

  test("what comes back is nobody's plan any more", async () => {
    const things = new MemoryResource(0, toIds("T", 50));
    await world.run([things]);
    remove(things, 30);
    await world.run([things]);
    for (const id of toIds("T", 50)) things.objects.set(id, "first");
    expect(await world.run([things])).toMatchObject({ held: 0, deleted: 0 });
    expect(await world.store.plans.list("jira/test", 9)).toMatchObject([{ status: "superseded" }]);
  });
});

describe("a plan that is decided", () => {
  const hold = async (): Promise<{ readonly things: MemoryResource; readonly plan: string }> => {
    const things = new MemoryResource(0, toIds("T", 50));
    await world.run([things]);
    remove(things, 30);
    await world.run([things]);
    const [plan] = await world.store.plans.list("jira/test", 9);
    return { things, plan: plan?.id ?? "" };
  };
  const removeApproved = (plan: string): Promise<Run> =>
    new Resync(world.services).removeApproved(world.toPlan([]), { plan, by: "maria" }, new AbortController().signal);

  test("approved: exactly its entities go, but for those that are claimed again", async () => {
    const { things, plan } = await hold();
    things.objects.set("T1", "back");
    await world.run([things]);
    await world.store.plans.decide(plan, "approved", 1);
    expect(await removeApproved(plan)).toMatchObject({ deleted: 29 });
    expect(world.sink.identifiers()).toContain("T1");
    expect(world.sink.entities.size).toBe(21);
    expect(await world.store.plans.find(plan)).toMatchObject({ status: "done" });
  });

  test("the approval is a run of its own: who, when, of which plan, and what went", async () => {
    const { things, plan } = await hold();
    await world.store.plans.decide(plan, "approved", 1);
    world.nowMs += 5000;
    await removeApproved(plan);
    const [run] = await world.store.runs.list("jira/test", 9);
    expect(run).toMatchObject({
      trigger: "approval",
      status: "completed",
      startedAtMs: world.nowMs,
      deleted: 30,
      held: 0,
      approval: { plan, by: "maria" },
    });
    expect(run?.approval?.removed.map(({ identifier }) => identifier).toSorted()).toEqual(toIds("T", 30).toSorted());
    // It has read nothing, so the next resync looks past it for what was read and verified last.
    expect((await world.run([things])).resources).toMatchObject([{ mode: "trusting" }]);
  });

  test("an approval that fails is kept with its reason, and is carried out by the next run", async () => {
    const { things, plan } = await hold();
    await world.store.plans.decide(plan, "approved", 1);
    world.sink.failure = new Error("planted");
    await expect(removeApproved(plan)).rejects.toThrow("planted");
    expect((await world.store.runs.list("jira/test", 1))[0]).toMatchObject({ status: "failed", error: "planted" });
    world.sink.failure = undefined;
    expect(await world.run([things])).toMatchObject({ deleted: 30 });
  });

  test("an approval that does not come to the catalog is kept as failed, not as running", async () => {
    const { plan } = await hold();
    await world.store.plans.decide(plan, "approved", 1);
    vi.spyOn(world.sink, "beginFull").mockRejectedValueOnce(new Error("not there"));
    await expect(removeApproved(plan)).rejects.toThrow("not there");
    expect((await world.store.runs.list("jira/test", 1))[0]).toMatchObject({ status: "failed", error: "not there" });
  });

  test("approved and not carried out: the next run does it", async () => {
    const { things, plan } = await hold();
    await world.store.plans.decide(plan, "approved", 1);
    expect(await world.run([things])).toMatchObject({ deleted: 30, held: 0 });
  });

  test("rejected: its entities stay, and nobody is asked again", async () => {
    const { things, plan } = await hold();
    await world.store.plans.decide(plan, "rejected", 1);
    expect(await world.run([things])).toMatchObject({ deleted: 0, held: 0 });
    expect(world.sink.entities.size).toBe(50);
    expect(await world.store.plans.list("jira/test", 9)).toHaveLength(1);
  });
});

describe("I6: a lost permission is no removal", () => {
  const setUp = async (kind: string, ids: readonly string[]): Promise<MemoryResource> => {
    const resource = new MemoryResource(0, ids, kind);
    await world.run([resource]);
    return resource;
  };

  test("issues of a project that is not seen any more are held, however few; others go", async () => {
    const issues = await setUp("issue", ["AB-1", "AB-2", "CD-1", "CD-2"]);
    for (const key of ["AB-1", "AB-2", "CD-1"]) issues.objects.delete(key);
    world.visible.delete("AB");
    expect(await world.run([issues])).toMatchObject({ deleted: 1, held: 1, viewer: { hidden: ["AB"] } });
    expect(world.sink.identifiers()).toEqual(["AB-1", "AB-2", "CD-2"]);
    expect(await world.store.plans.list("jira/test", 9)).toMatchObject([
      { reason: "projects_hidden", projects: ["AB"], entities: 2 },
    ]);
  });

  test("the permission comes back: everything is as before, and the plan is superseded", async () => {
    const issues = await setUp("issue", ["AB-1", "CD-1"]);
    issues.objects.delete("AB-1");
    world.visible.delete("AB");
    await world.run([issues]);
    issues.objects.set("AB-1", "first");
    world.visible.add("AB");
    expect(await world.run([issues])).toMatchObject({ held: 0, viewer: { hidden: [] } });
    expect(await world.store.plans.list("jira/test", 9)).toMatchObject([{ status: "superseded" }]);
  });

  test("a project that Jira calls archived or deleted follows the normal guard", async () => {
    const issues = await setUp("issue", ["AB-1", "CD-1"]);
    issues.objects.delete("AB-1");
    world.visible.delete("AB");
    world.archived.add("AB");
    expect(await world.run([issues])).toMatchObject({ deleted: 1, held: 0, viewer: { hidden: [] } });
  });

  test("a permission lost during the read is noticed, because the projects are listed again after it", async () => {
    const issues = await setUp("issue", ["AB-1", "CD-1"]);
    issues.objects.delete("AB-1");
    issues.onPage = () => world.visible.delete("AB");
    expect(await world.run([issues])).toMatchObject({ deleted: 0, held: 1 });
  });

  test("one that comes back during the read is noticed, because the projects were listed before it", async () => {
    const issues = await setUp("issue", ["AB-1", "CD-1"]);
    issues.objects.delete("AB-1");
    world.visible.delete("AB");
    issues.onPage = () => world.visible.add("AB");
    expect(await world.run([issues])).toMatchObject({ deleted: 0, held: 1 });
  });

  test("kinds that do not tell their project are held while any project is hidden, until that is decided", async () => {
    const sprints = await setUp("sprint", ["1", "2", "3"]);
    sprints.objects.delete("1");
    world.visible.delete("AB");
    await world.run([sprints]);
    sprints.objects.delete("2");
    await world.run([sprints]);
    expect(world.sink.identifiers()).toEqual(["1", "2", "3"]);
    for (const { id } of await world.store.plans.list("jira/test", 9))
      await world.store.plans.decide(id, "approved", 1);
    sprints.objects.delete("3");
    await world.run([sprints, new MemoryResource(1, ["x"], "sprint")]);
    expect(world.sink.identifiers()).toEqual(["x"]);
  });

  test.each([
    ["user", 3],
    ["issue", 30],
  ])("an empty listing of %s where %i are known is held", async (kind, count) => {
    const resource = await setUp(kind, toIds("AB-", count));
    resource.objects.clear();
    expect(await world.run([resource], { deletionThreshold: 1 })).toMatchObject({ deleted: 0, held: 1 });
    expect(await world.store.plans.list("jira/test", 9)).toMatchObject([{ reason: "nothing_listed" }]);
  });

  test("what Jira has after all, though its listing lags behind and lacks it, stays", async () => {
    const issues = await setUp("issue", ["AB-1", "AB-2", "AB-3"]);
    issues.objects.delete("AB-1");
    issues.objects.delete("AB-2");
    issues.unlisted.add("AB-1");
    expect(await world.run([issues])).toMatchObject({ deleted: 1, resources: [{ counts: { vanished: 1 } }] });
    expect(world.sink.identifiers()).toEqual(["AB-1", "AB-3"]);
    issues.unlisted.clear();
    expect(await world.run([issues])).toMatchObject({ deleted: 1 });
  });

  test("an empty listing of a few issues is believed as long as their projects are seen", async () => {
    const issues = await setUp("issue", ["AB-1", "AB-2"]);
    issues.objects.clear();
    expect(await world.run([issues])).toMatchObject({ deleted: 2, held: 0 });
  });

  test("projects that cannot be listed leave everything of theirs, and say so", async () => {
    const issues = await setUp("issue", ["AB-1", "AB-2"]);
    world.outlookFailure = new UpstreamError("planted", { method: "GET", url: "x" });
    expect(await world.run([issues])).toMatchObject({ status: "completed" });
    issues.objects.delete("AB-1");
    expect(await world.run([issues])).toMatchObject({ status: "incomplete", resources: [{ error: "planted" }] });
    world.outlookFailure = undefined;
    expect(await world.run([issues])).toMatchObject({ deleted: 1 });
  });
});
