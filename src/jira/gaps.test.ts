import { afterEach, expect, test } from "vitest";
import type { Json, JsonObject } from "../model/json.ts";
import { AuthenticationError } from "../runtime/errors.ts";
import { IncompleteReadError } from "./incomplete-read-error.ts";
import { connectJira } from "./jira-session.ts";
import { KINDS } from "./kinds.ts";
import { stubServices, stubSettings } from "./stub-jira.fixture.ts";
import { StubServer, type StubAnswer, type StubRequest } from "./stub-server.fixture.ts";

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

/** What a kind yields from a Jira that answers so, and the error that it ends with. */
async function read(
  name: string,
  answer: (request: StubRequest) => StubAnswer,
  selector: JsonObject = {},
): Promise<{ readonly ids: string[]; readonly error: unknown }> {
  const stub = await StubServer.start((request) =>
    request.path.endsWith("/myself") ? { json: { accountId: "me" } } : answer(request),
  );
  const session = await connectJira(stubSettings(stub.url, { organizationId: "org" }), stubServices());
  close = async () => {
    await session.close();
    await stub.close();
  };
  const kind = KINDS[name] ?? expect.unreachable(`no kind ${name}`);
  const ids: string[] = [];
  const options = { signal: new AbortController().signal, skip: () => false, fields: "all" } as const;
  try {
    for await (const page of kind.read(session, kind.parseSelector(selector), options)) {
      ids.push(...page.objects.map(({ id }) => id));
    }
  } catch (error) {
    return { ids, error };
  }
  return { ids, error: undefined };
}

const bean = (values: readonly Json[]): StubAnswer => ({ json: { values, total: values.length, isLast: true } });
const failed: StubAnswer = { status: 500 };

/** Parents 1, 2 and 3, of which the second cannot be read; each child has the number of its parent. */
function withBadSecond(childPath: RegExp, child: (parent: string) => StubAnswer, bad: StubAnswer = failed) {
  return ({ path }: StubRequest): StubAnswer => {
    const [, parent] = childPath.exec(path) ?? [];
    if (parent !== undefined) return parent === "2" ? bad : child(parent);
    return bean(["1", "2", "3"].map((id) => ({ id, key: id, type: "scrum" })));
  };
}

test.each([
  ["release", /\/project\/(\d)\/version$/],
  ["component", /\/project\/(\d)\/component$/],
  ["sprint", /\/board\/(\d)\/sprint$/],
  ["epic", /\/board\/(\d)\/epic$/],
])("%s: one parent that fails is a gap, the others are yielded", async (name, path) => {
  const { ids, error } = await read(
    name,
    withBadSecond(path, (parent) => bean([{ id: `c${parent}` }])),
  );
  expect(ids).toEqual(["c1", "c3"]);
  expect(error).toBeInstanceOf(IncompleteReadError);
  expect(error).toMatchObject({ gaps: [{ what: expect.stringMatching(/ 2$/) as string }] });
});

test.each([
  ["deleted meanwhile", { status: 404 }],
  ["that do not support it", { status: 400, json: { errorMessages: ["The board does not support sprints"] } }],
])("boards %s have nothing, which is no gap", async (_, bad) => {
  const answer = withBadSecond(/\/board\/(\d)\/sprint$/, (parent) => bean([{ id: `c${parent}` }]), bad);
  expect(await read("sprint", answer)).toEqual({ ids: ["c1", "c3"], error: undefined });
});

test("a project that is deleted meanwhile has no versions, which is no gap", async () => {
  const answer = withBadSecond(/\/project\/(\d)\/version$/, (parent) => bean([{ id: `c${parent}` }]), { status: 404 });
  expect(await read("release", answer)).toEqual({ ids: ["c1", "c3"], error: undefined });
});

test("a backlog that fails is a gap", async () => {
  const answer = withBadSecond(/\/board\/(\d)\/backlog$/, (parent) => ({ json: { issues: [{ id: `c${parent}` }] } }));
  const { ids, error } = await read("backlog", answer);
  expect(ids).toEqual(["1/c1", "3/c3"]);
  expect(error).toBeInstanceOf(IncompleteReadError);
});

test("a team whose members fail is a gap", async () => {
  const { ids, error } = await read(
    "team",
    ({ path }) => {
      if (path.endsWith("/b/members")) return failed;
      if (path.endsWith("/members")) return { json: { results: [], pageInfo: { hasNextPage: false } } };
      return { json: { entities: [{ teamId: "a" }, { teamId: "b" }, { teamId: "c" }] } };
    },
    { includeMembers: true },
  );
  expect(ids).toEqual(["a", "c"]);
  expect(error).toBeInstanceOf(IncompleteReadError);
});

const ISSUES = ["1", "2", "3"];

/** Issues 1, 2 and 3, of which bulk reading gives only some. */
const issuesWith =
  (bulk: (ids: readonly string[]) => StubAnswer, single: StubAnswer) =>
  ({ path, body }: StubRequest): StubAnswer => {
    if (path.endsWith("/approximate-count")) return { json: { count: 3 } };
    if (path.endsWith("/search/jql")) return { json: { issues: ISSUES.map((id) => ({ id })), isLast: true } };
    if (path.endsWith("/bulkfetch")) return bulk((body as { readonly issueIdsOrKeys: string[] }).issueIdsOrKeys);
    return single;
  };

const bulk = (ids: readonly string[]): StubAnswer => ({ json: { issues: ids.map((id) => ({ id })), issueErrors: [] } });

test("an issue that spoils its batch is a gap, and the rest of the batch is yielded", async () => {
  const answer = issuesWith((ids) => (ids.includes("2") ? failed : bulk(ids)), failed);
  const { ids, error } = await read("issue", answer);
  expect(ids).toEqual(["1", "3"]);
  expect(error).toMatchObject({ gaps: [{ what: "issue 2" }] });
});

test.each<[string, StubAnswer, string[], boolean]>([
  ["there is read singly", { json: { id: "2" } }, ["1", "2", "3"], false],
  ["gone is left out", { status: 404 }, ["1", "3"], false],
  ["failing is a gap", { status: 403 }, ["1", "3"], true],
])("an issue that bulk reading leaves out and that is %s", async (_, single, expected, isGap) => {
  const { ids, error } = await read(
    "issue",
    issuesWith((ids) => bulk(ids.filter((id) => id !== "2")), single),
  );
  expect(ids).toEqual(expected);
  expect(error instanceof IncompleteReadError).toBe(isGap);
});

test("a cut changelog that cannot be completed is a gap, and the issue is yielded as Jira sent it", async () => {
  const cut = { changelog: { total: 9, histories: [{ id: "h" }] } };
  const answer = ({ path, ...request }: StubRequest): StubAnswer =>
    path.endsWith("/changelog/bulkfetch")
      ? failed
      : issuesWith((ids) => ({ json: { issues: ids.map((id) => ({ id, ...cut })) } }), failed)({ path, ...request });
  const { ids, error } = await read("issue", answer, { expand: "changelog" });
  expect(ids).toEqual(ISSUES);
  expect(error).toMatchObject({ gaps: [{ what: "the changelog of 3 issues" }] });
});

test("the worklogs of an issue that fail are a gap", async () => {
  const worklogs = (id: string): Json => ({ worklog: { total: id === "2" ? 50 : 1, worklogs: [{ id: `w${id}` }] } });
  const bulkWorklogs = (ids: readonly string[]): StubAnswer => ({
    json: { issues: ids.map((id) => ({ id, key: `A-${id}`, fields: worklogs(id) })) },
  });
  const { ids, error } = await read("worklog", issuesWith(bulkWorklogs, failed));
  expect(ids).toEqual(["w1", "w3"]);
  expect(error).toMatchObject({ gaps: [{ what: "the worklogs of issue A-2" }] });
});

test("refused credentials end a read at once: they hold for everything", async () => {
  const answer = withBadSecond(/\/board\/(\d)\/sprint$/, (parent) => bean([{ id: `c${parent}` }]), { status: 401 });
  expect(await read("sprint", answer)).toMatchObject({ ids: [], error: expect.any(AuthenticationError) as Error });
});
