import { afterEach, expect, test } from "vitest";
import { stubJira } from "../stub-jira.fixture.ts";
import type { StubAnswer, StubRequest } from "../stub-server.fixture.ts";
import { walkChanges } from "./change-walk.ts";
import { walkTokens } from "./token-walk.ts";

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());
const signal = new AbortController().signal;

async function walk(method: "GET" | "POST", answer: (request: StubRequest, index: number) => StubAnswer) {
  const started = await stubJira(answer);
  close = started.close;
  const ids: string[] = [];
  const request = method === "GET" ? { query: { jql: "x" }, signal } : { body: { jql: "x" }, signal };
  const walking = walkTokens({ client: started.client, method, path: "/s", request, items: "issues", members: ["id"] });
  for await (const elements of walking) ids.push(...elements.map(({ members }) => members["id"] ?? ""));
  return { ids, requests: started.stub.requests };
}

const page = (ids: readonly string[], rest: object): StubAnswer => ({
  json: { issues: ids.map((id) => ({ id })), ...rest },
});

test("short and empty pages are no end; only a missing token is", async () => {
  const pages = [
    page(["1", "2"], { nextPageToken: "a", isLast: false }),
    page([], { nextPageToken: "b", isLast: false }),
    page(["3"], { isLast: true }),
  ];
  const { ids, requests } = await walk("POST", (_, index) => pages[index] ?? "reset");
  expect(ids).toEqual(["1", "2", "3"]);
  expect(requests.map(({ body }) => body)).toEqual([
    { jql: "x" },
    { jql: "x", nextPageToken: "a" },
    { jql: "x", nextPageToken: "b" },
  ]);
});

test("the token of a GET goes into the query", async () => {
  const pages = [page(["1"], { nextPageToken: "a" }), page(["2"], {})];
  const { ids, requests } = await walk("GET", (_, index) => pages[index] ?? "reset");
  expect(ids).toEqual(["1", "2"]);
  expect(requests[1]?.query.toString()).toBe("jql=x&nextPageToken=a");
});

test("a token that comes again is an error, not an endless walk", async () => {
  await expect(walk("POST", () => page(["1"], { nextPageToken: "same" }))).rejects.toThrow(/same next page twice/);
});

test("a page that is no JSON is asked for again", async () => {
  const { ids } = await walk("POST", (_, index) => (index === 0 ? { bytes: '{"issues":[' } : page(["1"], {})));
  expect(ids).toEqual(["1"]);
});

test("a feed of changes is followed by the time in its links, whatever their host", async () => {
  const started = await stubJira(({ query }) => {
    const since = Number(query.get("since"));
    const values = [{ worklogId: since }, { worklogId: since + 1 }];
    const nextPage = `https://elsewhere.example.com/rest/api/3/worklog/updated?since=${since + 2}`;
    return { json: { values, since, lastPage: since >= 104, nextPage } };
  });
  close = started.close;
  const ids: string[] = [];
  const options = { sinceMs: 100, signal };
  for await (const page of walkChanges(started.client, "/rest/api/3/worklog/updated", options)) ids.push(...page);
  expect(ids).toEqual(["100", "101", "102", "103", "104", "105"]);
});
