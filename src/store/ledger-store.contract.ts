import { expect, test } from "vitest";
import type { EntityKey } from "../model/entity.ts";
import type { LedgerPage } from "./ledger-store.ts";
import type { NewRemovalPlan } from "./plan-store.ts";
import type { Store } from "./store.ts";

const DATA_SOURCE = "port-ocean/jira/1/x/exporter";
const BUCKET = `${DATA_SOURCE}#issue/0`;
const OTHER = `${DATA_SOURCE}#issue/1`;

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
    const unseen = await getStore().ledger.listUnseen(BUCKET, "r2", 2);
    expect(unseen).toEqual([
      { id: "1", key: "K-1" },
      { id: "3", key: "K-3" },
    ]);
    await getStore().ledger.dropObjects(BUCKET, ["1", "3", "never known"]);
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

  test("states are forgotten in the buckets named, if any are", async () => {
    await record({ entries: [entry("1", "A")] });
    await record({ bucket: OTHER, entries: [entry("1", "A")] });
    await getStore().ledger.forgetStates([toKey("A")], [OTHER]);
    const stateIn = async (bucket: string) => (await getStore().ledger.findObjects(bucket, ["1"])).get("1")?.state;
    expect([await stateIn(BUCKET), await stateIn(OTHER)]).toEqual(["state-1", null]);
  });

  test("objects are listed by growing id, a page at a time", async () => {
    await record({ entries: [entry("2"), entry("1", "A"), entry("3")] });
    const list = async (after: string) => (await getStore().ledger.listObjects(BUCKET, after, 2)).map(({ id }) => id);
    expect([await list(""), await list("2"), await list("3")]).toEqual([["1", "2"], ["3"], []]);
    expect(await getStore().ledger.listObjects(BUCKET, "", 1)).toMatchObject([{ state: "state-1" }]);
  });

  test("what a listing tells of mapped objects is listed by growing id, for one fingerprint", async () => {
    const updated = (id: string, state: string | null) => ({ ref: { id, updated: `at ${id}` }, state, entities: [] });
    await record({ entries: [updated("1", "a:1"), updated("2", "a:2"), updated("3", "b:3"), updated("4", null)] });
    await record({ entries: [{ ref: { id: "5" }, state: "a:5", entities: [] }] });
    const list = (after: string, limit: number) => getStore().ledger.listUpdates(BUCKET, "a:", after, limit);
    expect(await list("", 10)).toEqual([
      { id: "1", updated: "at 1" },
      { id: "2", updated: "at 2" },
    ]);
    expect(await list("1", 1)).toEqual([{ id: "2", updated: "at 2" }]);
  });

  test("an entity that one of its buckets let go of is told, with what it had from that", async () => {
    await record({ entries: [entry("1", "A", "B", "C")] });
    await record({ bucket: OTHER, entries: [entry("1", "A", "B"), entry("2", "B")] });
    const { ledger } = getStore();
    await ledger.setFields(OTHER, { issue: ["properties.x"] });
    await ledger.dropObjects(OTHER, ["1"]);
    expect(await ledger.listShrunk(DATA_SOURCE)).toEqual([{ entity: toKey("A"), bucket: OTHER }]);
    expect(await ledger.getFields(OTHER)).toEqual({ issue: ["properties.x"] });
    expect(await ledger.getFields("another")).toEqual({});
  });

  test("claims are told with who holds them, and counted by entity", async () => {
    await record({ entries: [entry("1", "A", "B"), entry("2", "A")] });
    await record({ bucket: OTHER, entries: [entry("1", "A")] });
    const claims = await getStore().ledger.listClaims([toKey("A"), toKey("C")]);
    expect(claims.map(({ bucket, objectId }) => `${bucket} ${objectId}`).toSorted()).toEqual(
      [`${BUCKET} 1`, `${BUCKET} 2`, `${OTHER} 1`].toSorted(),
    );
    expect(await getStore().ledger.countEntities(BUCKET)).toBe(2);
    expect(await getStore().ledger.countEntities("another")).toBe(0);
  });

  test("what is held is counted and listed by its plan, and not removable until that is approved", async () => {
    await record({ entries: [entry("1", "A"), entry("2", "B"), entry("3", "C", "D")] });
    await record({ bucket: OTHER, entries: [entry("1", "D")] });
    await getStore().ledger.dropObjects(BUCKET, ["1"]);
    await getStore().ledger.dropObjects(BUCKET, ["3"], toPlan("p1"));
    const { ledger, plans } = getStore();
    expect(await plans.find("p1")).toEqual({ ...toPlan("p1"), entities: 1, status: "held" });
    expect(await plans.listEntities("p1", 10)).toEqual([toKey("C")]);
    expect(await ledger.listUnclaimed(DATA_SOURCE)).toEqual([toKey("A")]);
    expect(await ledger.countUnclaimed(DATA_SOURCE)).toEqual(new Map([[BUCKET, 1]]));
    await plans.decide("p1", "approved", 7);
    expect(await ledger.listUnclaimed(DATA_SOURCE)).toEqual([toKey("A"), toKey("C")]);
    expect(await ledger.countUnclaimed(DATA_SOURCE)).toEqual(new Map([[BUCKET, 1]]));
    await ledger.settleUnclaimed(DATA_SOURCE, [toKey("A"), toKey("C")]);
    expect(await plans.find("p1")).toMatchObject({ status: "done", decidedAtMs: 7 });
    await expect(plans.decide("p1", "rejected", 8)).rejects.toMatchObject({ code: "conflict" });
  });

  test("all that a bucket let go of can be held at once; a plan that would hold nothing is not made", async () => {
    await record({ entries: [entry("1", "A"), entry("2", "B")] });
    const { ledger, plans } = getStore();
    await ledger.holdUnclaimed(toPlan("p1"));
    expect(await plans.list(DATA_SOURCE, 10)).toEqual([]);
    await ledger.dropBucket(BUCKET);
    await ledger.holdUnclaimed(toPlan("p2"));
    expect(await plans.list(DATA_SOURCE, 10)).toMatchObject([{ id: "p2", entities: 2 }]);
    expect(await plans.countHeld(DATA_SOURCE)).toBe(1);
    expect(await ledger.listUnclaimed(DATA_SOURCE)).toEqual([]);
    await plans.decide("p2", "rejected", 7);
    expect(await ledger.listUnclaimed(DATA_SOURCE)).toEqual([]);
    expect(await plans.countHeld(DATA_SOURCE)).toBe(0);
  });

  test("a plan whose entities are all claimed again is superseded", async () => {
    await record({ entries: [entry("1", "A")] });
    const { ledger, plans } = getStore();
    await ledger.dropObjects(BUCKET, ["1"], toPlan("p1"));
    await record({ entries: [entry("1", "A")] });
    await ledger.settleUnclaimed(DATA_SOURCE, []);
    expect(await plans.find("p1")).toMatchObject({ status: "superseded" });
    await record({ entries: [entry("1")] });
    expect(await ledger.listUnclaimed(DATA_SOURCE)).toEqual([toKey("A")]);
  });

  test("an entity that is held for one bucket stays, though another bucket let go of it later", async () => {
    await record({ entries: [entry("1", "A")] });
    await getStore().ledger.dropObjects(BUCKET, ["1"], toPlan("p1"));
    await record({ bucket: OTHER, entries: [entry("1", "A")] });
    await getStore().ledger.dropObjects(OTHER, ["1"]);
    expect(await getStore().ledger.listUnclaimed(DATA_SOURCE)).toEqual([]);
  });

  test("objects that claim what another had to create anew count as changed", async () => {
    await record({ entries: [entry("1", "A"), entry("2", "B")] });
    await record({ bucket: OTHER, entries: [{ ...entry("1", "A"), created: [toKey("A")] }] });
    const stateOf = async (bucket: string, id: string) =>
      (await getStore().ledger.findObjects(bucket, [id])).get(id)?.state;
    expect(await stateOf(BUCKET, "1")).toBeNull();
    expect([await stateOf(BUCKET, "2"), await stateOf(OTHER, "1")]).toEqual(["state-2", "state-1"]);
  });

  test("what was created is known until it is removed; a data source can be forgotten whole", async () => {
    await record({ entries: [{ ...entry("1", "A", "B", "C"), created: [toKey("A"), toKey("B")] }] });
    const { ledger } = getStore();
    expect(await ledger.listCreated(DATA_SOURCE)).toEqual([toKey("A"), toKey("B")]);
    await record({ entries: [entry("1", "B", "C")] });
    await ledger.settleUnclaimed(DATA_SOURCE, [toKey("A")]);
    expect(await ledger.listCreated(DATA_SOURCE)).toEqual([toKey("B")]);
    await ledger.forgetAll(DATA_SOURCE);
    expect(await ledger.listCreated(DATA_SOURCE)).toEqual([]);
    expect(await ledger.countObjects(BUCKET)).toBe(0);
    expect(await ledger.listClaims([toKey("B")])).toEqual([]);
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

function toPlan(id: string): NewRemovalPlan {
  const origin = { dataSource: DATA_SOURCE, runId: "r1", bucket: BUCKET, kind: "issue" };
  return { id, ...origin, reason: "too_many", projects: [], known: 9, createdAtMs: 5 };
}
