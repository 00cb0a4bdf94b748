import { afterEach, beforeEach, expect, test } from "vitest";
import { AuthenticationError } from "../runtime/errors.ts";
import { MemoryResource, TestWorld } from "./resync.fixture.ts";
import { toLanes } from "./resource-lanes.ts";

let world: TestWorld;
beforeEach(async () => void (world = await TestWorld.open()));
afterEach(() => world.close());

function createResource(
  index: number,
  blueprints: readonly string[] | undefined,
  hasRelations = false,
): MemoryResource {
  const resource = new MemoryResource(index, []);
  resource.fields = blueprints && Object.fromEntries(blueprints.map((blueprint) => [blueprint, []]));
  resource.hasRelations = hasRelations;
  return resource;
}

function toIndexes(resources: readonly MemoryResource[]): number[][][] {
  return toLanes(resources).map((lanes) => lanes.map((lane) => lane.map(({ index }) => index)));
}

test("resources that share a blueprint follow each other; those without relations come first", () => {
  const resources = [
    createResource(0, ["issue"], true),
    createResource(1, ["project"]),
    createResource(2, ["user"]),
    createResource(3, ["issue"]),
    createResource(4, ["team"], true),
  ];
  expect(toIndexes(resources)).toEqual([
    [[1], [2]],
    [[0, 3], [4]],
  ]);
});

test("a resource that joins two blueprints joins their lanes; a computed blueprint joins all", () => {
  const joining = [createResource(0, ["a"]), createResource(1, ["b"]), createResource(2, ["a", "b"])];
  expect(toIndexes(joining)).toEqual([[[0, 1, 2]], []]);
  expect(toIndexes([...joining, createResource(3, ["c"]), createResource(4, undefined)])).toEqual([
    [[0, 1, 2, 3, 4]],
    [],
  ]);
});

test("lanes are read at the same time, at most three", async () => {
  let [open, most] = [0, 0];
  const resources = ["a", "b", "c", "d", "e"].map((blueprint, index) => {
    const resource = new MemoryResource(index, ["X"], blueprint);
    resource.fields = { [blueprint]: [] };
    resource.onPage = () => void (most = Math.max(most, ++open));
    const map = resource.map.bind(resource);
    resource.map = async (objects) => {
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      return map(objects);
    };
    return resource;
  });
  await world.run(resources);
  expect(most).toBe(3);
});

test("a reason that holds for all stops the lanes at work, and those that wait", async () => {
  const resources = ["a", "b", "c", "d"].map((blueprint, index) => {
    const resource = new MemoryResource(index, ["X"], blueprint);
    resource.fields = { [blueprint]: [] };
    return resource;
  });
  const [first] = resources;
  if (first) first.failAt = "X";
  if (first) first.failure = new AuthenticationError("planted");
  await expect(world.run(resources)).rejects.toThrow(AuthenticationError);
  expect(resources.at(-1)?.mapped).toEqual([]);
});

test("I9: of two resources that set the same, the later one has the last word, whichever changed", async () => {
  const [one, other] = [new MemoryResource(0, ["A"]), new MemoryResource(1, ["A"])];
  one.properties = { x: "one" };
  other.properties = { x: "other" };
  await world.run([one, other]);
  one.objects.set("A", "changed");
  await world.run([one, other]);
  expect(world.sink.entities.get("thing\u0000A")?.properties).toEqual({ x: "other" });
});

test("I9: an entity that loses one of two claims loses what only that one had set", async () => {
  const [one, other] = [new MemoryResource(0, ["A", "B"]), new MemoryResource(1, ["A", "B"])];
  one.properties = { x: "one" };
  other.properties = { x: "other", y: "other" };
  other.fields = { thing: ["title", "properties.x", "properties.y"] };
  one.fields = { thing: ["title", "properties.x"] };
  await world.run([one, other]);
  other.objects.delete("A");
  await world.run([one, other]);
  expect(world.sink.entities.get("thing\u0000A")?.properties).toEqual({ x: "other", y: null });
  await world.run([one, other]);
  expect(world.sink.entities.get("thing\u0000A")?.properties).toEqual({ x: "one", y: null });
  expect(world.sink.entities.get("thing\u0000B")?.properties).toEqual({ x: "other", y: "other" });
});

test("I9: the same when the resource left the mapping", async () => {
  const [one, other] = [new MemoryResource(0, ["A"]), new MemoryResource(1, ["A"])];
  other.properties = { y: "other" };
  other.fields = { thing: ["properties.y"] };
  await world.run([one, other]);
  await world.run([one]);
  expect(world.sink.entities.get("thing\u0000A")?.properties).toEqual({ y: null });
});
