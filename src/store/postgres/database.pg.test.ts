import { expect, test } from "vitest";
import { ConflictError } from "../../runtime/errors.ts";
import { Database } from "./database.ts";
import { createEmptyDatabase, runSql } from "./test-database.fixture.ts";

const END_HOLDER = `SELECT pg_terminate_backend(pid) FROM pg_locks
  WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

test("work under a lock is stopped, and its result refused, when the connection that holds the lock is lost", async () => {
  const url = await createEmptyDatabase();
  const db = new Database(url);
  const work = async (signal: AbortSignal): Promise<string> => {
    const stopped = new Promise((resolve) => signal.addEventListener("abort", resolve));
    await runSql(url, END_HOLDER);
    await stopped;
    expect(await db.withFreeLock("sync", async () => "another")).toEqual({ result: "another" });
    return "done";
  };
  await expect(db.withFreeLock("sync", work)).rejects.toThrow(ConflictError);
  await expect(db.withLock(1, work)).rejects.toThrow(ConflictError);
  expect(await db.withLock(1, async () => "again")).toBe("again");
  await db.close();
});
