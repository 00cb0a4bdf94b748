import { expect, test } from "vitest";
import type { EntityKey } from "../model/entity.ts";
import type { LedgerPage } from "./ledger-store.ts";
import type { Store } from "./store.ts";

const DATA_SOURCE = "port-ocean/jira/1/x/exporter";
const BUCKET = `${DATA_SOURCE}#issue/0`;

/** What every LedgerStore promises. `getStore` gives a new store in each test. */
export function runLedgerContract(getStore: () => Store): void {
  const record = (page: Partial<LedgerPage>): Promise<void> =>
    getStore().ledger.recordPage({ bucket: BUCKET, runId: "r1", attempt: 1, entries: [], seen: [], ...page });
  const entry = (id: string, ...identifiers: string[]): LedgerPage["entries"][number] => ({
    ref: { id, key: `K-${id}` },
    state: `state-${id}`,
    entities: identifiers.map(toKey),
  });

  test("remembers objects, their state and what they claim", async () => {
    const bare = { ref: { id: "2", updated: "now" }, state: null, entities: [] };
    await record({ entries: [entry("1", "A", "B", "A"), bare] });
    expect(await getStore().ledger.findObjects(BUCKET, ["1", "2", "3"])).toEqual(
      new Map([
        ["1", { id: "1", key: "K-1", updated: undefined, state: "state-1", entities: [toKey("A"), toKey("B")] }],
        ["2", { id: "2", key: undefined, updated: "now", state: null, entities: [] }],
      ]),
    );
    expect(await getStore().ledger.findObjects("another", ["1"])).toEqual(new Map());
    expect(await getStore().ledger.countObjects(BUCKET)).toBe(2);
    expect(await getStore().ledger.countObjects("another")).toBe(0);
  });

  test("an entity is unclaimed when its last claim goes, and only then", async () => {
    await record({ entries: [entry("1", "A", "B"), entry("2", "B")] });
    await record({ entries: [entry("1", "C")] });
    expect(await getStore().ledger.listUnclaimed(DATA_SOURCE)).toEqual([toKey("A")]);
    await record({ entries: [entry("2")] });
    expect(await getStore().ledger.listUnclaimed(DATA_SOURCE)).toEqual([toKey("A"), toKey("B")]);
  });

  test("an entity that is claimed again is not unclaimed any more", async () => {
    await record({ entries: [entry("1", "A")] });
    await record({ entries: [entry("1")] });
    await record({ entries: [entry("2", "A")] });
    expect(await getStore().ledger.listUnclaimed(DATA_SOURCE)).toEqual([]);
    await getStore().ledger.settleUnclaimed(DATA_SOURCE, []);
    await record({ entries: [entry("2")] });
    expect(await getStore().ledger.listUnclaimed(DATA_SOURCE)).toEqual([toKey("A")]);
  });

  test("settling forgets what was named, for this data source alone", async () => {
    await record({ entries: [entry("1", "A", "B")] });
    await record({ entries: [entry("1")] });
    await getStore().ledger.settleUnclaimed("port-ocean/jira/1/y/exporter", [toKey("A")]);
    expect(await getStore().ledger.listUnclaimed(DATA_SOURCE)).toHaveLength(2);
    await getStore().ledger.settleUnclaimed(DATA_SOURCE, [toKey("A")]);
    expect(await getStore().ledger.listUnclaimed(DATA_SOURCE)).toEqual([toKey("B")]);
  });

  test("objects that an attempt did not see are dropped with their claims", async () => {
    await record({ entries: [entry("1", "A"), entry("2", "B"), entry("3", "C")] });
    await record({ runId: "r2", seen: ["1"] });
    await record({ runId: "r2", attempt: 2, seen: ["2"] });
    expect(await getStore().ledger.listSeen(BUCKET, "r2")).toEqual(["1", "2"]);
    expect(await getStore().ledger.dropUnseen(BUCKET, "r2", 2)).toBe(2);
    expect(await getStore().ledger.listUnclaimed(DATA_SOURCE)).toEqual([toKey("A"), toKey("C")]);
    expect(await getStore().ledger.countObjects(BUCKET)).toBe(1);
  });

  test("a bucket goes whole, and is told from those of other data sources", async () => {
    const other = "port-ocean/jira/1/x[?]*/exporter";
    await record({ entries: [entry("1", "A")] });
    await record({ bucket: `${other}#issue/0`, entries: [entry("1", "B")] });
    expect(await getStore().ledger.listBuckets(DATA_SOURCE)).toEqual([BUCKET]);
    expect(await getStore().ledger.listBuckets(other)).toEqual([`${other}#issue/0`]);
    expect(await getStore().ledger.dropBucket(BUCKET)).toBe(1);
    expect(await getStore().ledger.listUnclaimed(DATA_SOURCE)).toEqual([toKey("A")]);
    expect(await getStore().ledger.listUnclaimed(other)).toEqual([]);
  });

  test("forgetting states makes those that claim an entity count as changed", async () => {
    await record({ entries: [entry("1", "A"), entry("2", "B")] });
    await getStore().ledger.forgetStates([]);
    await getStore().ledger.forgetStates([toKey("A")]);
    const objects = await getStore().ledger.findObjects(BUCKET, ["1", "2"]);
    expect([...objects.values()].map((object) => object.state)).toEqual([null, "state-2"]);
  });

  test("the pages of a run are forgotten on demand", async () => {
    await record({ seen: ["1"] });
    await record({ runId: "r2", seen: ["2"] });
    await getStore().ledger.forgetSeen("r1");
    expect(await getStore().ledger.listSeen(BUCKET, "r1")).toEqual([]);
    expect(await getStore().ledger.listSeen(BUCKET, "r2")).toEqual(["2"]);
  });
}

function toKey(identifier: string): EntityKey {
  return { blueprint: "issue", identifier };
}
