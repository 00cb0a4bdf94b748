import { expect, test } from "vitest";
import type { FullSession } from "../model/catalog-sink.ts";
import type { LedgerPage } from "../store/ledger-store.ts";
import { PageWriter, type ComparedPage } from "./page-writer.ts";
import { RunRecorder } from "./run-recorder.ts";
import { TestWorld } from "./resync.fixture.ts";

const BUCKET = "jira/test#thing/0";

function toPage(ids: readonly string[], unchanged: readonly string[] = []): ComparedPage {
  const changed = ids.map((id) => {
    const entity = { identifier: id, blueprint: "thing" };
    const mapped = { entities: [entity], filtered: 0, rejected: 0, problems: [] };
    return { ref: { id }, state: "s", mapped, failures: [] };
  });
  return { changed, unchanged, expectedTotal: undefined };
}

function toIds(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}${index}`);
}

/** A writer whose catalog answers when it is told to; `log` says in which order the catalog and the ledger were told. */
async function openWriter() {
  const log: string[] = [];
  const answers: ((error?: Error) => void)[] = [];
  const world = await TestWorld.open();
  const session: FullSession = {
    putPage: async (entities) => {
      log.push(`put ${entities.length}`);
      await new Promise<void>((resolve, reject) => answers.push((error) => (error ? reject(error) : resolve())));
      return entities.map((_, index) => ({ result: "created", key: { blueprint: "thing", identifier: `${index}` } }));
    },
    commit: () => Promise.reject(new Error("not asked for")),
    abandon: () => Promise.reject(new Error("not asked for")),
  };
  const run = await world.run([]);
  const counts = { listed: 0, unchanged: 0, mapped: 0, filtered: 0, rejected: 0 };
  const none = { ...counts, created: 0, updated: 0, same: 0, failed: 0, vanished: 0 };
  const resource = {
    bucket: BUCKET,
    kind: "thing",
    index: 0,
    fingerprint: "f",
    status: "running",
    counts: none,
  } as const;
  const recorder = new RunRecorder({ ...run, resources: [resource] }, world.store.runs, world.services.clock);
  const ledger = Object.assign(Object.create(world.store.ledger), {
    recordPage: async ({ entries, seen }: LedgerPage) => void log.push(`record ${entries.length} ${seen.length}`),
  }) as typeof world.store.ledger; // all its methods, one of them another
  const writer = new PageWriter({
    session,
    ledger,
    recorder,
    bucket: BUCKET,
    runId: run.id,
    attempt: 1,
    later: [],
    onPage: () => undefined,
  });
  await world.close();
  return { writer, log, answer: (error?: Error) => answers.shift()?.(error) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("what is read while a write is under way goes into the next one, and the ledger follows the catalog", async () => {
  const { writer, log, answer } = await openWriter();
  await writer.add(toPage(toIds("a", 400)));
  for (const name of ["b", "c", "d"]) await writer.add(toPage(toIds(name, 100), [`${name} is known`]));
  expect(log).toEqual(["put 400"]);
  const finished = writer.finish();
  await settle();
  expect(log).toEqual(["put 400"]);
  answer();
  await settle();
  expect(log).toEqual(["put 400", "record 400 0", "put 300"]);
  answer();
  await finished;
  expect(log.at(-1)).toBe("record 300 3");
});

test("pages without changes are remembered by the twenty, and the catalog hears nothing", async () => {
  const { writer, log } = await openWriter();
  for (let page = 0; page < 45; page++) await writer.add(toPage([], [`${page}`]));
  await writer.finish();
  expect(log).toEqual(["record 0 20", "record 0 20", "record 0 5"]);
});

test("I1: a write that failed is not remembered, ends the reading, and nothing is written after it", async () => {
  const { writer, log, answer } = await openWriter();
  await writer.add(toPage(toIds("a", 400)));
  answer(new Error("planted"));
  await expect(writer.add(toPage(toIds("b", 400)))).rejects.toThrow("planted");
  await expect(writer.finish()).rejects.toThrow("planted");
  expect(log).toEqual(["put 400"]);
});
