import { afterEach, expect, test } from "vitest";
import type { JsonObject } from "../../model/json.ts";
import { NotAllowedError } from "../../runtime/errors.ts";
import { connectJira, type JiraSession } from "../jira-session.ts";
import { KINDS, kindsOf, SERVER_KINDS, type AnyKind } from "../kinds.ts";
import { readAll, startSession } from "../simulated-session.fixture.ts";
import { stubServices, stubSettings } from "../stub-jira.fixture.ts";
import { StubServer, type StubAnswer, type StubRequest } from "../stub-server.fixture.ts";
import { serverIssueKind } from "./issue.ts";
import { serverProjectKind } from "./project.ts";
import { serverUserKind } from "./user.ts";

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

const options = { signal: new AbortController().signal, skip: () => false, fields: "all" } as const;

async function connect(answer: (request: StubRequest) => StubAnswer): Promise<[JiraSession, StubServer]> {
  const stub = await StubServer.start((request) =>
    request.path.endsWith("/myself") ? { json: { key: "me" } } : answer(request),
  );
  const session = await connectJira(stubSettings(stub.url, { deployment: "server" }), stubServices());
  close = async () => {
    await session.close();
    await stub.close();
  };
  return [session, stub];
}

test("each deployment has its kinds", () => {
  expect(kindsOf("cloud")).toBe(KINDS);
  expect(kindsOf("server")).toBe(SERVER_KINDS);
  expect(Object.keys(SERVER_KINDS)).toEqual(["project", "user", "issue"]);
});

test("JQL, fields and expand are honoured, and the mapping's fields serve where the selector has none", async () => {
  const [session, stub] = await connect(() => ({ json: { issues: [{ id: "1", key: "A-1" }], total: 1 } }));
  await readAll(serverIssueKind, session, { jql: "project = A", fields: "summary,status", expand: "changelog" });
  await readAll(serverIssueKind, session, {}, { fields: ["labels"] });
  expect(stub.requests.slice(1).map(({ path, body }) => ({ path, ...(body as JsonObject) }))).toMatchObject([
    {
      path: "/rest/api/2/search",
      jql: "project = A ORDER BY created ASC, key ASC",
      fields: ["summary", "status"],
      expand: ["changelog"],
    },
    { jql: "status != Done ORDER BY created ASC, key ASC", fields: ["labels"] },
  ]);
});

test("users come from the list of newer versions, page by page", async () => {
  const pages: Readonly<Record<string, JsonObject>> = {
    "": { values: [{ key: "a" }, { key: "b" }], nextCursor: "2", isLast: false },
    "2": { values: [{ key: "c" }], isLast: true },
  };
  const [session] = await connect(({ query }) => ({ json: pages[query.get("cursor") ?? ""] ?? {} }));
  expect((await readAll(serverUserKind, session)).map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("or from a search for everybody, where there is no such list", async () => {
  const [session, stub] = await connect(({ path, query }) => {
    if (path.endsWith("/user/list")) return { status: 404 };
    return { json: query.get("startAt") === "0" ? [{ key: "a" }, { key: "b" }] : [{ key: "b" }] };
  });
  expect((await readAll(serverUserKind, session)).map(({ id }) => id)).toEqual(["a", "b"]);
  expect(stub.requests.at(-1)?.query.get("username")).toBe(".");
});

test.each<[AnyKind, JsonObject]>([
  [serverProjectKind, [] as unknown as JsonObject], // a list is what this endpoint answers
  [serverIssueKind, { issues: [], total: 0 }],
])("an account that sees nothing is recognised (%#)", async (kind, nothing) => {
  const [session] = await connect(({ path }) =>
    path.endsWith("/mypermissions")
      ? { json: { permissions: { BROWSE_PROJECTS: { havePermission: false } } } }
      : { json: nothing },
  );
  await expect(readAll(kind, session)).rejects.toThrow(NotAllowedError);
});

test.each([false, true])("objects are read singly as the full read yields them (%j)", async (refusesUnknownIssues) => {
  const started = await startSession({ deployment: "server", issues: 20, refusesUnknownIssues });
  close = started.close;
  for (const kind of Object.values(SERVER_KINDS)) {
    const selector = kind.parseSelector(kind.name === "issue" ? { jql: "" } : {});
    const [object] = await readAll(kind, started.session, kind.name === "issue" ? { jql: "" } : {});
    const single = await kind.readOne?.(started.session, selector, object?.id ?? "", options);
    expect(single?.id, kind.name).toBe(object?.id);
    expect(single?.body(), kind.name).toMatchObject(object?.body() ?? {});
    expect(await kind.readOne?.(started.session, selector, "999999", options), kind.name).toBeUndefined();
  }
});

test("what changed since a time is what the JQL selects and was updated", async () => {
  const started = await startSession({ deployment: "server", issues: 50 });
  close = started.close;
  const { site } = started.simulator;
  const sinceMs = site.now();
  const [key = ""] = site.issueKeys();
  site.editIssue(key, { summary: "New" });
  const keys: (string | undefined)[] = [];
  const selector = serverIssueKind.parseSelector({ jql: "" });
  for await (const page of serverIssueKind.readSince?.(started.session, selector, sinceMs, options) ?? []) {
    keys.push(...page.objects.map((issue) => issue.key));
  }
  expect(keys).toEqual([key]);
});
