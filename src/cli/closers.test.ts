import { expect, test } from "vitest";
import { withClosers } from "./closers.ts";

test("a part that cannot be closed keeps no other open; its error is told", async () => {
  const closed: string[] = [];
  const parts = await withClosers(async (closers) => {
    closers.push(() => void closed.push("lock"));
    closers.push(() => Promise.reject(new Error("stuck")));
    closers.push(() => void closed.push("server"));
    return {};
  });
  await expect(parts.close()).rejects.toThrow("stuck");
  expect(closed).toEqual(["server", "lock"]);
});

test("why parts cannot be opened is told, also when one of those that were cannot be closed", async () => {
  const opening = withClosers((closers) => {
    closers.push(() => Promise.reject(new Error("stuck")));
    return Promise.reject(new Error("not there"));
  });
  await expect(opening).rejects.toThrow("not there");
});
