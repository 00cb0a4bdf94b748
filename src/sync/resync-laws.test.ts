import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryResource, TestWorld } from "./resync.fixture.ts";

const IDS = ["A", "B", "C"];

/** Something that happens to Jira, to the catalog, or to the process. `n` counts the resource's pages. */
type Step =
  | { readonly type: "put" | "remove" | "filter" | "fail"; readonly resource: number; readonly id: string }
  | { readonly type: "run"; readonly mode: "trusting" | "verifying" | "full" }
  | { readonly type: "abort" | "read fails" | "write fails"; readonly resource: number; readonly page: number }
  | { readonly type: "deleted by hand" | "edited by hand"; readonly id: string };

const resource = fc.constantFrom(0, 1);
const id = fc.constantFrom(...IDS);
const page = fc.integer({ min: 1, max: 3 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { arbitrary: fc.record({ type: fc.constant("put" as const), resource, id }), weight: 4 },
    { arbitrary: fc.record({ type: fc.constantFrom("remove" as const, "filter", "fail"), resource, id }), weight: 2 },
    fc.record({ type: fc.constant("run" as const), mode: fc.constantFrom("trusting" as const, "verifying", "full") }),
    fc.record({ type: fc.constantFrom("abort" as const, "read fails", "write fails"), resource, page }),
    fc.record({ type: fc.constantFrom("deleted by hand" as const, "edited by hand"), id }),
  ),
  { minLength: 10, maxLength: 25, size: "max" },
);

/** Two resources on the same entities: both set x, each has a property of its own. */
function createResources(): readonly MemoryResource[] {
  return ["one", "other"].map((name, index) => {
    const made = new MemoryResource(index, []);
    made.updated = new Map();
    made.properties = { x: name, [name]: name };
    made.fields = { thing: ["title", "properties.x", `properties.${name}`] };
    return made;
  });
}

async function take(step: Step, world: TestWorld, resources: readonly MemoryResource[], turn: number): Promise<void> {
  switch (step.type) {
    case "put":
    case "remove":
    case "filter":
    case "fail": {
      const target = resources[step.resource];
      if (step.type === "remove") target?.objects.delete(step.id);
      else target?.objects.set(step.id, { put: `text ${turn}`, filter: "filtered", fail: "error" }[step.type]);
      target?.updated?.set(step.id, `at ${turn}`);
      return;
    }
    case "deleted by hand":
      world.sink.entities.delete(`thing\u0000${step.id}`);
      return;
    case "edited by hand": {
      const entity = world.sink.entities.get(`thing\u0000${step.id}`);
      if (entity) world.sink.entities.set(`thing\u0000${step.id}`, { ...entity, title: "by hand" });
      if (entity) world.sink.foreign.add(step.id);
      return;
    }
    case "run":
      await world.run(resources, { mode: step.mode });
      return;
    case "abort":
    case "read fails":
    case "write fails":
      await runIntoTrouble(step, world, resources);
  }
}

async function runIntoTrouble(
  step: { readonly type: string; readonly resource: number; readonly page: number },
  world: TestWorld,
  resources: readonly MemoryResource[],
): Promise<void> {
  const stop = new AbortController();
  const target = resources[step.resource];
  let pages = 0;
  if (target === undefined) return;
  target.onPage = () => {
    if (++pages < step.page) return;
    if (step.type === "abort") stop.abort(new Error("planted"));
    else if (step.type === "write fails") world.sink.failure = new Error("planted");
    else throw new Error("planted");
  };
  await world.run(resources, { signal: stop.signal }).catch(() => undefined); // an abort rejects
  target.onPage = () => undefined;
  world.sink.failure = undefined;
}

/** What is in the catalog; a property that is null and one that is not there are the same. */
function toContent({ sink }: TestWorld): unknown {
  return new Map(
    [...sink.entities].map(([key, { title, properties = {} }]) => {
      const set = Object.entries(properties).filter(([, value]) => value !== null);
      return [key, { title, properties: Object.fromEntries(set) }];
    }),
  );
}

test("whatever happens in whatever order, two verifying runs end at what a first run into an empty catalog makes", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const [world, fresh] = [await TestWorld.open(), await TestWorld.open()];
      try {
        const resources = createResources();
        for (const [turn, step] of taken.entries()) await take(step, world, resources, turn);
        // What cannot be mapped keeps what it had, which a new catalog does not know.
        for (const { objects } of resources)
          for (const [key, text] of objects) if (text === "error") objects.delete(key);
        await world.run(resources, { mode: "verifying" });
        const last = await world.run(resources, { mode: "verifying" });
        await fresh.run(resources);
        expect(toContent(world)).toEqual(toContent(fresh));
        expect(last.deleted).toBe(0);
        const writes = world.sink.writes;
        await world.run(resources);
        expect(world.sink.writes).toBe(writes);
      } finally {
        await world.close();
        await fresh.close();
      }
    }),
    { numRuns: 30 },
  );
});

test("a full run twice is a full run once", async () => {
  const world = await TestWorld.open();
  const resources = createResources();
  for (const [turn, each] of IDS.entries())
    await take({ type: "put", resource: turn % 2, id: each }, world, resources, turn);
  await world.run(resources, { mode: "full" });
  const once = toContent(world);
  await world.run(resources, { mode: "full" });
  expect(toContent(world)).toEqual(once);
  await world.close();
});
