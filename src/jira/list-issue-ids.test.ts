import { expect, test } from "vitest";
import { toIssueBatches, type IssueBatch } from "./list-issue-ids.ts";

async function* pagesOf(...pages: number[][]): AsyncGenerator<readonly number[]> {
  yield* pages;
}

async function toBatches(pages: AsyncIterable<readonly number[]>, isWanted?: (ref: number) => boolean) {
  const batches: IssueBatch<number>[] = [];
  for await (const batch of toIssueBatches(pages, 2, isWanted)) batches.push(batch);
  return batches;
}

test("a batch has at most so many that are wanted, and all are in a batch", async () => {
  const batches = await toBatches(pagesOf([1, 2, 3, 4, 5], [], [6]));
  expect(batches.map(({ wanted }) => wanted)).toEqual([[1, 2], [3, 4], [5], [6]]);
  expect(batches.flatMap(({ others }) => others)).toEqual([]);
});

test("what is not wanted makes no batch smaller, and a page of nothing else is one batch", async () => {
  const isWanted = (ref: number): boolean => ref % 10 === 0;
  const batches = await toBatches(pagesOf([1, 10, 2, 20, 3, 30, 4], [5, 6]), isWanted);
  expect(batches).toEqual([
    { wanted: [10, 20], others: [1, 2, 3] },
    { wanted: [30], others: [4] },
    { wanted: [], others: [5, 6] },
  ]);
});
