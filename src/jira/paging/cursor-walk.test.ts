import { expect, test } from "vitest";
import { walkCursors } from "./cursor-walk.ts";

test("the next page is asked for before the caller is done with this one, and no page beyond it", async () => {
  const asked: (string | undefined)[] = [];
  const walk = walkCursors("/s", async (cursor) => {
    asked.push(cursor);
    return { next: cursor === undefined ? "a" : cursor === "a" ? "b" : undefined };
  });
  await walk.next();
  expect(asked).toEqual([undefined, "a"]);
  await walk.next();
  await walk.next();
  expect(await walk.next()).toMatchObject({ done: true });
  expect(asked).toEqual([undefined, "a", "b"]);
});

test("a page that fails is reported after those before it were given", async () => {
  const walk = walkCursors("/s", async (cursor) => {
    if (cursor !== undefined) throw new Error("gone");
    return { next: "a" };
  });
  expect(await walk.next()).toEqual({ done: false, value: { next: "a" } });
  await expect(walk.next()).rejects.toThrow("gone");
});
