import { expect, test } from "vitest";
import { takeTurn } from "./take-turn.ts";

test("each turn has a round of the event loop of its own, in the order in which they were asked for", async () => {
  const seen: (number | "round")[] = [];
  const watch = (): void => {
    seen.push("round");
    if (seen.length < 20) setImmediate(watch);
  };
  const turns = [1, 2, 3].map(async (number) => {
    await takeTurn();
    seen.push(number);
  });
  setImmediate(watch);
  await Promise.all(turns);
  const numbers = seen.filter((each) => each !== "round");
  expect(numbers).toEqual([1, 2, 3]);
  for (const [index, each] of seen.entries()) {
    if (each !== "round") expect(seen[index + 1]).not.toBeTypeOf("number");
  }
});
