import { expect, test } from "vitest";
import type { Store } from "./store.ts";
import type { LogQuery, LogRecord } from "./telemetry-store.ts";

/** What every TelemetryStore promises. `getStore` gives a new store in each test. */
export function runTelemetryContract(getStore: () => Store): void {
  const log = (message: string, atMs: number, rest: Partial<LogRecord> = {}): LogRecord => {
    return { message, atMs, level: "INFO", eventId: null, extra: {}, ...rest };
  };
  const list = async (query: Partial<LogQuery> = {}): Promise<string[]> =>
    (await getStore().telemetry.listLogs("my-jira", { limit: 100, ...query })).map(({ message }) => message);

  test("logs read back as added, the newest first, of that integration alone", async () => {
    const one = log("one", 1, { level: "ERROR", eventId: "e", extra: { deep: [1] } });
    await getStore().telemetry.addLogs("my-jira", [one, log("two", 2)], 10);
    await getStore().telemetry.addLogs("other", [log("elsewhere", 3)], 10);
    expect(await getStore().telemetry.listLogs("my-jira", { limit: 10 })).toEqual([
      { ...log("two", 2), seq: 2 },
      { ...one, seq: 1 },
    ]);
    expect(await list({ limit: 1 })).toEqual(["two"]);
    expect(await list({ levels: ["ERROR", "FATAL"] })).toEqual(["one"]);
    expect(await list({ eventId: "e" })).toEqual(["one"]);
    expect(await list({ eventId: "none" })).toEqual([]);
  });

  test("logs are read from a place on, in both directions, also among those of one time", async () => {
    const logs = ["a", "b", "c", "d"].map((message, index) => log(message, index < 2 ? 5 : 6));
    await getStore().telemetry.addLogs("my-jira", logs, 10);
    expect(await list({ beyond: { atMs: 6, direction: "older" } })).toEqual(["b", "a"]);
    expect(await list({ beyond: { atMs: 5, seq: 2, direction: "older" } })).toEqual(["a"]);
    expect(await list({ beyond: { atMs: 5, direction: "newer" } })).toEqual(["d", "c"]);
    expect(await list({ beyond: { atMs: 5, seq: 1, direction: "newer" }, limit: 2 })).toEqual(["c", "b"]);
  });

  test("only so many logs are kept, and so many syncs", async () => {
    const { telemetry } = getStore();
    await telemetry.addLogs("my-jira", [log("a", 1), log("b", 2), log("c", 3)], 2);
    await telemetry.addLogs("other", [log("a", 1)], 2);
    expect(await list()).toEqual(["c", "b"]);
    for (const [atMs, eventId] of ["r1", "r2", "r3"].entries()) {
      const metric = { eventId, kindIdentifier: "issue-0", state: "completed", document: {} };
      await telemetry.putMetrics("my-jira", [metric], atMs, 2);
    }
    expect((await telemetry.listSyncs("my-jira")).map(({ eventId }) => eventId)).toEqual(["r3", "r2"]);
    expect(await telemetry.listLogs("other", { limit: 1 })).toHaveLength(1);
  });

  test("metrics of a kind replace those before, and keep when they first came", async () => {
    const { telemetry } = getStore();
    const toMetric = (kindIdentifier: string, state: string) => {
      return { eventId: "r1", kindIdentifier, state, document: { state } };
    };
    await telemetry.putMetrics("my-jira", [toMetric("issue-1", "pending"), toMetric("board-0", "pending")], 1, 9);
    await telemetry.putMetrics("my-jira", [toMetric("issue-1", "completed")], 2, 9);
    expect(await telemetry.listMetrics("my-jira", "r1")).toEqual([
      { ...toMetric("board-0", "pending"), createdAtMs: 1, updatedAtMs: 1 },
      { ...toMetric("issue-1", "completed"), createdAtMs: 1, updatedAtMs: 2 },
    ]);
    expect(await telemetry.listMetrics("my-jira", "r2")).toEqual([]);
    expect(await telemetry.listSyncs("my-jira")).toEqual([
      { eventId: "r1", states: ["pending", "completed"], createdAtMs: 1, updatedAtMs: 2 },
    ]);
  });

  test("forgetting takes the logs and metrics of one integration", async () => {
    const { telemetry } = getStore();
    for (const name of ["my-jira", "other"]) {
      await telemetry.addLogs(name, [log("a", 1)], 2);
      await telemetry.putMetrics(name, [{ eventId: "r", kindIdentifier: "k", state: "", document: {} }], 1, 2);
    }
    await telemetry.forget("my-jira");
    expect(await list()).toEqual([]);
    expect(await telemetry.listSyncs("my-jira")).toEqual([]);
    expect(await telemetry.listLogs("other", { limit: 1 })).toHaveLength(1);
    expect(await telemetry.listSyncs("other")).toHaveLength(1);
  });
}
