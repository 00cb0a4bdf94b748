import { afterEach, beforeEach, expect, test } from "vitest";
import type { BlueprintRow, BlueprintStore } from "../store/blueprint-store.ts";
import { BlueprintRegistry } from "./blueprint-registry.ts";
import { openTestCatalog, type TestCatalog } from "./test-catalog.fixture.ts";

let opened: TestCatalog;
beforeEach(async () => {
  opened = await openTestCatalog({ threads: false });
});
afterEach(() => opened.close());

test("what is known stays when a blueprint that another process stored cannot be used", async () => {
  const { catalog, store } = opened;
  const { blueprints, entities } = store;
  const broken = { title: "Broken", schema: { properties: { text: { type: "string", pattern: "(" } } } };
  let others: readonly BlueprintRow[] = [];
  const list = async () => {
    const rows = await blueprints.list();
    return [...others, ...rows];
  };
  const shared: BlueprintStore = {
    isShared: true,
    list,
    listVersions: async () => new Map((await list()).map(({ id, version }) => [id, version])),
    exclusively: (change) => blueprints.exclusively(change),
    put: (puts, origin) => blueprints.put(puts, origin),
    settle: (identifier, version) => blueprints.settle(identifier, version),
    remove: (identifier, version, origin) => blueprints.remove(identifier, version, origin),
  };
  const origin = { actor: "me", dataSource: "", runId: null, atMs: 1 };
  const registry = await BlueprintRegistry.open({ store: shared, entities, jq: catalog.services.jq }, origin);
  const known = registry.list();
  expect(known).not.toEqual([]);
  const row = { ...(await blueprints.list())[0], id: 1000, identifier: "broken", document: broken };
  others = [row as BlueprintRow]; // the system's blueprints are there
  await expect(registry.refresh()).rejects.toThrow();
  expect(registry.list()).toEqual(known);
});
