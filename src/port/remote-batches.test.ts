import { afterEach, beforeEach, expect, test } from "vitest";
import type { WriteContext } from "../model/catalog-sink.ts";
import type { EntityInput } from "../model/entity.ts";
import type { PortClient } from "./port-client.ts";
import { packEntities } from "./pack-entities.ts";
import { createNotes } from "./remote-notes.fixture.ts";
import { RemoteSink } from "./remote-sink.ts";
import { startStrictPort, STRICT_CLIENT, type StrictPort } from "./strict-port.fixture.ts";
import { createClient, createQuickClock } from "./test-client.fixture.ts";

let port: StrictPort;
let client: PortClient;
beforeEach(async () => {
  port = await startStrictPort();
  client = createClient({ ...STRICT_CLIENT, baseUrl: port.url, clock: createQuickClock() });
  port.data.createBlueprint({
    identifier: "note",
    title: "Note",
    schema: { properties: { text: { type: "string" } } },
  });
  port.data.createBlueprint({
    identifier: "issue",
    title: "Issue",
    schema: { properties: {} },
    relations: { parent: { target: "issue" }, board: { target: "note", required: true } },
  });
});
afterEach(async () => {
  await client.close();
  await port.close();
});

const CONTEXT: WriteContext = {
  runId: "run-1",
  dataSource: "port-ocean/jira/0.1.0/contract/exporter",
  flags: { enableMergeEntity: true, createMissingRelatedEntities: false, deleteDependentEntities: false },
};

const note = (identifier: string, text = "x"): EntityInput => ({ blueprint: "note", identifier, properties: { text } });
const notes = (count: number, text?: string): EntityInput[] =>
  Array.from({ length: count }, (_, index) => note(`n-${index}`, text));
const sent = (end: string) => port.received.filter(({ path }) => path.endsWith(end));

async function put(inputs: readonly EntityInput[]) {
  const session = await new RemoteSink({ client, notes: createNotes(), name: "contract" }).beginFull(CONTEXT);
  return session.putPage(inputs);
}

test("batches hold at most 20 entities and 1 MiB, in order, and nothing is lost", () => {
  const inputs = notes(50);
  const batches = packEntities(inputs);
  expect(batches.map((batch) => batch.length)).toEqual([20, 20, 10]);
  expect(batches.flat()).toEqual(inputs);
  const large = packEntities([
    note("a", "x".repeat(600_000)),
    note("b", "x".repeat(600_000)),
    note("c"),
    note("d", "x".repeat(2_000_000)),
  ]);
  expect(large.map((batch) => batch.length)).toEqual([1, 2, 1]);
  expect(packEntities([])).toEqual([]);
});

test("bodies stay within 1 MiB, counted in bytes", async () => {
  const outcomes = await put(notes(20, "ä".repeat(60_000)));
  expect(outcomes.every(({ result }) => result === "created")).toBe(true);
  expect(sent("/bulk").map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(Math.max(...sent("/bulk").map(({ bytes }) => bytes))).toBeGreaterThan(900_000);
});

test("a batch that is refused as too large is sent one by one, and the one that is too large fails alone", async () => {
  port.maxBodyBytes = 5_000;
  const outcomes = await put([
    note("a", "x".repeat(2_000)),
    note("b", "x".repeat(9_000)),
    note("c", "x".repeat(2_000)),
  ]);
  expect(outcomes.map(({ result }) => result)).toEqual(["created", "failed", "created"]);
  expect(outcomes[1]).toMatchObject({ code: "bad_request", key: { identifier: "b" } });
  expect(port.data.entities("note").size).toBe(2);
});

test("what would change nothing is asked for, not sent", async () => {
  await put(notes(30));
  const before = port.received.length;
  const outcomes = await put(notes(30));
  expect(new Set(outcomes.map(({ result }) => result))).toEqual(new Set(["unchanged"]));
  expect(port.received.slice(before).map(({ path }) => path)).toEqual([
    "/v1/blueprints",
    "/v1/blueprints/note/entities/search",
  ]);
});

test("writes say what is merged and never let the API make stubs on its own account", async () => {
  await put(notes(1));
  expect(sent("/bulk").map(({ query }) => query)).toEqual([
    { upsert: "true", merge: "true", create_missing_related_entities: "false", validation_only: "false" },
  ]);
});

test("a token that expires and a rate limit in the middle of a page lose nothing", async () => {
  port.expireTokens();
  port.answerNext({ status: 401, path: /bulk/ }, { status: 429, headers: { "retry-after": "2" }, path: /bulk/ });
  const outcomes = await put(notes(60));
  expect(outcomes.map(({ key }) => key.identifier)).toEqual(notes(60).map(({ identifier }) => identifier));
  expect(port.data.entities("note").size).toBe(60);
});

test("an API that keeps failing fails the page, so that nobody takes it for written", async () => {
  port.answerNext(...Array.from({ length: 20 }, () => ({ status: 503, path: /bulk/ })));
  await expect(put(notes(1))).rejects.toMatchObject({ status: 503 });
});

test("an item that the API does not mention counts as failed", async () => {
  port.answerNext({ status: 200, text: '{"ok":true,"entities":[],"errors":[]}', path: /bulk/ });
  expect(await put(notes(1))).toMatchObject([{ result: "failed", code: "internal" }]);
});

test("of a deletion that is refused for a dependent that came in between, the rest still goes", async () => {
  const text = '{"ok":false,"error":"has_dependents","message":"no"}';
  await put(notes(3));
  port.answerNext({ status: 403, text, path: /delete$/ }, { status: 403, text, path: /delete$/ });
  const session = await new RemoteSink({ client, notes: createNotes(), name: "contract" }).beginFull(CONTEXT);
  const { removals } = await session.commit(
    ["n-0", "n-1", "n-2"].map((identifier) => ({ blueprint: "note", identifier })),
  );
  expect(removals.deleted.map(({ identifier }) => identifier)).toEqual(["n-1", "n-2"]);
  expect([...port.data.entities("note").keys()]).toEqual(["n-0"]);
});

test("deletions come in hundreds, with the flag of the mapping", async () => {
  await put(notes(250));
  const session = await new RemoteSink({ client, notes: createNotes(), name: "contract" }).beginFull({
    ...CONTEXT,
    flags: { ...CONTEXT.flags, deleteDependentEntities: true },
  });
  const keys = Array.from({ length: 250 }, (_, index) => ({ blueprint: "note", identifier: `n-${index}` }));
  expect((await session.commit(keys)).removals.deleted).toHaveLength(250);
  expect(sent("/delete").map(({ query, status }) => ({ query, status }))).toEqual(
    Array.from({ length: 3 }, () => ({ query: { delete_dependents: "true" }, status: 200 })),
  );
});

test("a held relation outlives the process that held it", async () => {
  const notebook = createNotes();
  const context = { ...CONTEXT, flags: { ...CONTEXT.flags, createMissingRelatedEntities: true } };
  await (
    await new RemoteSink({ client, notes: notebook, name: "contract" }).beginFull(context)
  ).putPage([note("board"), { blueprint: "issue", identifier: "I-1", relations: { parent: "I-0", board: "board" } }]);
  expect(port.data.find("issue", "I-1")).toMatchObject({ relations: { parent: null, board: "board" } });
  const next = await new RemoteSink({ client, notes: notebook, name: "contract" }).beginFull(context);
  await next.putPage([{ blueprint: "issue", identifier: "I-0", relations: { board: "board" } }]);
  expect(port.data.find("issue", "I-1")).toMatchObject({ relations: { parent: "I-0", board: "board" } });
});

test("a required target that is nowhere is made if the flag is set, and costs the entity otherwise", async () => {
  const issue = { blueprint: "issue", identifier: "I-1", relations: { board: "ghost" } };
  expect(await put([issue])).toMatchObject([{ result: "failed", code: "not_found" }]);
  const context = { ...CONTEXT, flags: { ...CONTEXT.flags, createMissingRelatedEntities: true } };
  const session = await new RemoteSink({ client, notes: createNotes(), name: "contract" }).beginFull(context);
  expect(await session.putPage([issue])).toMatchObject([{ result: "created" }]);
  expect(port.data.find("note", "ghost")).toMatchObject({ title: "ghost" });
});
