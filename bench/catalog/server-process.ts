/**
 * The server that the bench asks: the product's own app on its own store, and beside it a route that does nothing. Told
 * by IPC what to load, which it does as a resync would, through the sink of the catalog. Ends with its parent.
 */
import { randomBytes } from "node:crypto";
import { EmbeddedSink } from "../../src/catalog/embedded-sink.ts";
import { Catalog } from "../../src/catalog/catalog.ts";
import { Integrations } from "../../src/catalog/integrations.ts";
import { readSavedMapping } from "../../src/cli/read-saved-mapping.ts";
import { createApp } from "../../src/http/app.ts";
import { startServer } from "../../src/http/server.ts";
import { CompiledJqEngine } from "../../src/jq/compiled-jq-engine.ts";
import { JqWasmEngine } from "../../src/jq-wasm/jq-wasm-engine.ts";
import type { EntityInput } from "../../src/model/entity.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { silentLogger } from "../../src/runtime/logger.ts";
import { takeTurn } from "../../src/runtime/take-turn.ts";
import { openPostgresStore } from "../../src/store/postgres/open-postgres-store.ts";
import { openSqliteStore } from "../../src/store/sqlite/open-sqlite-store.ts";
import type { LoadRequest, ServerReply } from "./catalog-server.ts";
import { BLUEPRINTS, listPeopleAndProjects, toIssue } from "./issues.ts";

/** Pages, and how many of them are under way at a time, as in a resync. */
const PAGE_SIZE = 100;
const PAGES_AT_ONCE = 8;
const CLIENT = { clientId: "bench", clientSecret: "bench" };

const [address = ""] = process.argv.slice(2);
const store = await (/^postgres(ql)?:/.test(address)
  ? openPostgresStore({ url: address, clock: systemClock })
  : openSqliteStore({ path: address, clock: systemClock }));
const jq = new CompiledJqEngine(new JqWasmEngine(), {});
const randomHex = (length: number): string => randomBytes(length / 2).toString("hex");
const catalog = await Catalog.open({ store, jq, clock: systemClock, newIdentifier: () => `e_${randomHex(16)}` });
const app = createApp({
  catalog,
  integrations: new Integrations({
    store,
    clock: systemClock,
    newId: () => randomHex(16),
    readMapping: readSavedMapping,
  }),
  credentials: { ...CLIENT, tokenSecret: randomHex(64) },
  clock: systemClock,
  logger: silentLogger,
  version: "0.0.0",
  health: store,
  randomHex,
  credentialsFile: "",
});
app.get("/empty", (c) => c.json({ ok: true }));
const server = await startServer({ app, host: "127.0.0.1", port: 0, clock: systemClock });
await prepare();
const signedIn = await fetch(`${server.url}/v1/auth/access_token`, { method: "POST", body: JSON.stringify(CLIENT) });
const { accessToken } = (await signedIn.json()) as { accessToken: string }; // the answer of that route
process.on("message", ({ first, count }: LoadRequest) => {
  void load(
    Array.from({ length: count }, (_, index) => first + index),
    toIssue,
  ).then(answer);
});
process.on("disconnect", () => process.exit());
answer({ url: server.url, token: accessToken });

async function prepare(): Promise<void> {
  const caller = { actor: "bench", dataSource: "bench" };
  for (const blueprint of BLUEPRINTS) await catalog.createBlueprint(blueprint, caller);
  await load([...listPeopleAndProjects()], (entity) => entity);
}

async function load<Item>(items: readonly Item[], toEntity: (item: Item) => EntityInput): Promise<ServerReply> {
  const startedMs = performance.now();
  const flags = { enableMergeEntity: true, createMissingRelatedEntities: false, deleteDependentEntities: false };
  const sink = new EmbeddedSink({ catalog, actor: "bench" });
  const session = await sink.beginFull({ runId: "bench", dataSource: "bench", flags });
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const some = items.slice(next, (next += PAGE_SIZE));
      await takeTurn(); // making them keeps the thread busy, which is no fault of the catalog
      const page = some.map(toEntity);
      const failed = (await session.putPage(page)).find(({ result }) => result === "failed");
      if (failed !== undefined) throw new Error(`The load went wrong: ${JSON.stringify(failed)}`);
    }
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, work));
  await session.commit([]);
  return { loaded: items.length, seconds: (performance.now() - startedMs) / 1000 };
}

function answer(reply: ServerReply): void {
  process.send?.(reply);
}
