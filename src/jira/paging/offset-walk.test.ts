import { afterEach, expect, test } from "vitest";
import { UpstreamError } from "../../runtime/errors.ts";
import { IncompleteReadError } from "../incomplete-read-error.ts";
import { stubJira } from "../stub-jira.fixture.ts";
import type { StubAnswer, StubRequest } from "../stub-server.fixture.ts";
import { walkOffsets, type OffsetModel } from "./offset-walk.ts";

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Reads the list that `listing` gives at each request, and returns the ids in the order of their coming. */
async function walk(
  model: OffsetModel,
  listing: (request: StubRequest, index: number) => readonly number[] | StubAnswer,
  { pageSize = 10, cap = 1000, ids = [] as string[] } = {},
) {
  const started = await stubJira((request, index) => {
    const list = listing(request, index);
    if (!Array.isArray(list)) return list as StubAnswer; // the other half of the union
    const startAt = Number(request.query.get("startAt"));
    const maxResults = Math.min(cap, Number(request.query.get("maxResults")));
    const values = list.slice(startAt, startAt + maxResults).map((id: number) => ({ id }));
    const isLast = startAt + values.length >= list.length;
    switch (model) {
      case "array":
        return { json: values };
      case "bean":
        return { json: { startAt, maxResults, total: list.length, isLast, values } };
      case "named":
        return { json: { startAt, maxResults, total: list.length, values } };
      case "agile":
        return { json: { startAt, maxResults, isLast, values } };
    }
  });
  close = started.close;
  const { client, stub } = started;
  const request = { signal: new AbortController().signal };
  for await (const page of walkOffsets({ client, path: "/list", request, model, pageSize, what: "thing" })) {
    ids.push(...page.elements.map(({ members }) => members["id"] ?? ""));
  }
  return { ids, requests: stub.requests.length };
}

const MODELS = ["bean", "named", "array", "agile"] as const;

test.each(MODELS)("%s: everything comes once and in order, for any length", async (model) => {
  for (const length of [0, 1, 9, 10, 11, 19, 20, 35]) {
    const { ids } = await walk(model, () => numbers(length));
    expect(ids, `${length} things`).toEqual(numbers(length).map(String));
    await close?.();
  }
});

test.each(MODELS)("%s: a page size that Jira lowers without a word loses nothing", async (model) => {
  const { ids } = await walk(model, () => numbers(35), { pageSize: 100, cap: 10 });
  expect(ids).toEqual(numbers(35).map(String));
});

test.each(MODELS)("%s: what is deleted during the walk makes nothing else slip through", async (model) => {
  const { ids } = await walk(model, (_, index) => numbers(60).filter((id) => index === 0 || id % 4 !== 0 || id > 40));
  const survivors = numbers(60).filter((id) => id % 4 !== 0 || id > 40);
  expect(ids.map(Number)).toEqual(expect.arrayContaining(survivors));
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(MODELS)("%s: what moves up so far that nothing stands at the present place is found", async (model) => {
  const { ids } = await walk(model, (_, index) => numbers(100).slice(index < 8 ? 0 : 60));
  expect(ids.map(Number)).toEqual(expect.arrayContaining(numbers(100).slice(60)));
});

test.each(MODELS)("%s: for what is deleted the walk takes a step back, and no other round", async (model) => {
  const untouched = await walk(model, () => numbers(100));
  await close?.();
  const { requests } = await walk(model, (_, index) => numbers(100).slice(index < 3 ? 0 : 2));
  expect(requests).toBeLessThanOrEqual(untouched.requests + 3);
});

test.each(MODELS)("%s: what is added during the walk makes nothing come twice", async (model) => {
  const { ids } = await walk(model, (_, index) => [...numbers(index * 3).map((id) => 1000 + id), ...numbers(40)]);
  expect(ids.map(Number)).toEqual(expect.arrayContaining(numbers(40)));
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(MODELS)(
  "%s: what jumps from a place to come to one that was passed is found in another round",
  async (model) => {
    const { ids, requests } = await walk(model, (_, index) =>
      index === 0 ? numbers(40) : [35, ...numbers(35), 36, 37, 38, 39],
    );
    expect(ids.map(Number).toSorted((a, b) => a - b)).toEqual(numbers(40));
    expect(new Set(ids).size).toBe(ids.length);
    await close?.();
    expect((await walk(model, () => numbers(40))).requests).toBeLessThan(requests);
  },
);

test("a Jira that knows no startAt is not asked for ever, nor believed", async () => {
  const deaf = (): StubAnswer => ({ json: { values: numbers(10).map((id) => ({ id })), isLast: false } });
  await expect(walk("bean", deaf)).rejects.toThrow(/the same things again and again/);
});

test.each(MODELS)("%s: a listing that never rests comes to an end", async (model) => {
  const restless = (_: StubRequest, index: number): readonly number[] => [
    ...numbers(40 + index).slice(40),
    ...numbers(40),
  ];
  expect((await walk(model, restless)).requests).toBeLessThan(80);
});

test("a listing that fits into one page takes one request", async () => {
  expect((await walk("bean", () => numbers(10))).requests).toBe(1);
});

test("an object that Jira cannot answer fails alone: everything else is read, and the gap is reported", async () => {
  const ids: string[] = [];
  const poisoned = ({ query }: StubRequest): readonly number[] | StubAnswer => {
    const startAt = Number(query.get("startAt"));
    const isHit = startAt <= 23 && startAt + Number(query.get("maxResults")) > 23;
    return isHit ? { status: 500 } : numbers(40);
  };
  const walking = walk("bean", poisoned, { ids });
  await expect(walking).rejects.toThrow(IncompleteReadError);
  await expect(walking).rejects.toThrow(/thing at position 23/);
  expect(ids.map(Number)).toEqual(numbers(40).filter((id) => id !== 23));
});

test("a listing that fails as a whole is not walked object by object", async () => {
  await expect(walk("bean", (_, index) => (index < 1 ? numbers(1000) : { status: 500 }))).rejects.toThrow(
    UpstreamError,
  );
});

test("a page without the list is no end", async () => {
  await expect(walk("bean", (_, index) => (index === 0 ? numbers(40) : { json: { oops: 1 } }))).rejects.toThrow(
    /is no list/,
  );
});
