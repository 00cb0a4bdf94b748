import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { Catalog } from "../src/catalog/catalog.ts";
import { CompiledJqEngine } from "../src/jq/compiled-jq-engine.ts";
import { JqWasmEngine } from "../src/jq-wasm/jq-wasm-engine.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { openPostgresStore } from "../src/store/postgres/open-postgres-store.ts";
import { takeTestDatabase } from "../src/store/postgres/test-database.fixture.ts";
import type { Store } from "../src/store/store.ts";

const ENTITIES = 50;
const ROUNDS = 20;
const ME = { actor: "me", dataSource: "test" };
const COUNTER = {
  identifier: "counter",
  title: "Counter",
  schema: { properties: { a: { type: "number" }, b: { type: "number" } } },
  calculationProperties: { sum: { title: "Sum", type: "number", calculation: ".properties.a + .properties.b" } },
};

/** Runs a writer; the last round that it told. `onRound` may end it. */
async function count(
  url: string,
  property: string,
  onRound?: (round: number, kill: () => void) => void,
): Promise<number> {
  const script = join(import.meta.dirname, "fixtures/counting-writer.ts");
  const args = [script, url, property, String(ENTITIES), String(ROUNDS)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let last = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    onRound?.(last, () => child.kill("SIGKILL"));
  }
  await ended;
  return last;
}

/** Reads the feed as it grows, until `isOver` and nothing more comes. */
async function follow(store: Store, isOver: () => boolean): Promise<readonly number[]> {
  const seen: number[] = [];
  for (;;) {
    const wasOver = isOver();
    const changes = await store.feed.listAfter(seen.at(-1) ?? 0, 1000);
    seen.push(...changes.map((change) => change.seq));
    if (wasOver && changes.length === 0) return seen;
  }
}

test.each([
  ["both to the end", ROUNDS],
  ["one of them killed in the middle", 9],
])(
  "two processes that count up the same entities lose no update: %s",
  async (_, killAfter) => {
    const url = await takeTestDatabase();
    const store = await openPostgresStore({ url, clock: systemClock });
    const catalog = await Catalog.open({
      store,
      jq: new CompiledJqEngine(new JqWasmEngine()),
      clock: systemClock,
      newIdentifier: randomUUID,
    });
    await catalog.createBlueprint(COUNTER, ME);
    const documents = Array.from({ length: ENTITIES }, (_, index) => ({
      blueprint: "counter",
      identifier: `e${index}`,
      properties: { a: 0, b: 0 },
    }));
    await catalog.writeEntities(documents, { existing: "refuse", createMissingRelatedEntities: false }, ME);
    let isOver = false;
    const following = follow(store, () => isOver);
    const [told, toldByOther] = await Promise.all([
      count(url, "a"),
      count(url, "b", (round, kill) => {
        if (round === killAfter) kill();
      }),
    ]);
    isOver = true;
    expect(told).toBe(ROUNDS);

    const { id } = catalog.services.registry.get("counter");
    const rows = await store.entities.findRows(
      id,
      documents.map(({ identifier }) => identifier),
    );
    expect(rows).toHaveLength(ENTITIES);
    for (const { properties, computed, version } of rows) {
      const [a, b] = [Number(properties["a"]), Number(properties["b"])];
      expect(a).toBe(ROUNDS);
      // What it was told is written; of the round it was killed in, some may be.
      expect([toldByOther, toldByOther + 1]).toContain(b);
      expect(version).toBe(1 + a + b);
      expect(computed).toEqual({ sum: a + b });
    }
    const seen = await following;
    const all = (await store.feed.listAfter(0, 1_000_000)).map((change) => change.seq);
    expect(seen).toEqual(all);
    const updates = rows.reduce((total, row) => total + row.version - 1, 0);
    expect((await catalog.listAudit({ actions: ["updated"], subjects: ["entity"], limit: 1_000_000 })).length).toBe(
      updates,
    );
    await store.close();
  },
  300_000,
);
