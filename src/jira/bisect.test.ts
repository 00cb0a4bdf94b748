import { expect, test } from "vitest";
import { NotAllowedError, UpstreamError } from "../runtime/errors.ts";
import { readBisecting } from "./bisect.ts";
import { Gaps, IncompleteReadError } from "./incomplete-read-error.ts";

const failure = (status: number): UpstreamError => new UpstreamError("no", { method: "POST", url: "/x", status });
const ids = Array.from({ length: 100 }, (_, index) => String(index));

test("two poisonous objects among a hundred fail alone, in few requests", async () => {
  const gaps = new Gaps("issue");
  let requests = 0;
  const read = (batch: readonly string[]): Promise<readonly string[]> => {
    requests++;
    return batch.includes("13") || batch.includes("77") ? Promise.reject(failure(500)) : Promise.resolve(batch);
  };
  expect(await readBisecting(ids, { what: "issue", gaps }, read)).toEqual(
    ids.filter((id) => id !== "13" && id !== "77"),
  );
  expect(requests).toBeLessThan(32);
  expect(() => gaps.throwIfAny()).toThrow(/issue 13 and 1 more failed/);
});

test("a batch that is not allowed, or that the limit stops, is not taken apart", async () => {
  for (const error of [new NotAllowedError("no"), failure(429)]) {
    let requests = 0;
    const read = (): Promise<never> => (requests++, Promise.reject(error));
    await expect(readBisecting(ids, { what: "issue", gaps: new Gaps("issue") }, read)).rejects.toBe(error);
    expect(requests).toBe(1);
  }
});

test("when everything is poisonous the read gives up instead of asking for every object", async () => {
  const many = Array.from({ length: 1000 }, (_, index) => String(index));
  let requests = 0;
  const read = (): Promise<never> => (requests++, Promise.reject(failure(500)));
  await expect(readBisecting(many, { what: "issue", gaps: new Gaps("issue") }, read)).rejects.toThrow(
    IncompleteReadError,
  );
  expect(requests).toBeLessThan(200);
});

test("nothing asked is nothing read", async () => {
  const read = (): Promise<never> => expect.unreachable();
  expect(await readBisecting([], { what: "issue", gaps: new Gaps("issue") }, read)).toEqual([]);
});
