import { afterEach, expect, test } from "vitest";
import { AuthenticationError, NotAllowedError } from "../runtime/errors.ts";
import { connectJira } from "./jira-session.ts";
import type { JiraSettings } from "./jira-settings.ts";
import { issueKind } from "./kinds/issue.ts";
import { projectKind } from "./kinds/project.ts";
import { stubServices, stubSettings } from "./stub-jira.fixture.ts";
import { StubServer, type StubAnswer, type StubRequest } from "./stub-server.fixture.ts";

let stub: StubServer;
afterEach(() => stub.close());

const myself = { json: { accountId: "a-1", displayName: "Ada", timeZone: "Asia/Tokyo" } };

async function connect(answer: (request: StubRequest) => StubAnswer, path = "", given: Partial<JiraSettings> = {}) {
  stub = await StubServer.start(answer);
  return connectJira(stubSettings(stub.url + path, given), stubServices());
}

test("connecting takes one request and learns who we are", async () => {
  const session = await connect(() => myself);
  expect(session.myself).toEqual({ accountId: "a-1", displayName: "Ada", timeZone: "Asia/Tokyo" });
  expect(session.siteUrl).toBe(stub.url);
  expect(stub.requests.map(({ path }) => path)).toEqual(["/rest/api/3/myself"]);
  await session.close();
});

test("a wrong password is one request and one message", async () => {
  await expect(connect(() => ({ status: 401 }))).rejects.toThrow(AuthenticationError);
  expect(stub.requests).toHaveLength(1);
});

test("an answer without an account is that of a Jira that took us for anonymous", async () => {
  await expect(connect(() => ({ json: {} }))).rejects.toThrow(/anonymous/);
});

test("a Data Center is met with its own version of the API, and a token as bearer", async () => {
  const session = await connect(() => ({ json: { key: "JIRAUSER1", name: "ada", displayName: "Ada" } }), "/jira", {
    deployment: "server",
    credentials: { type: "bearer", token: "pat" },
  });
  expect(session.myself).toEqual({ accountId: "JIRAUSER1", displayName: "Ada", timeZone: "UTC" });
  expect(stub.requests[0]).toMatchObject({ path: "/jira/rest/api/2/myself", headers: { authorization: "Bearer pat" } });
  await session.close();
});

test("behind the gateway the site's own address is learned from Jira", async () => {
  const session = await connect(
    ({ path }) => (path.endsWith("/serverInfo") ? { json: { baseUrl: "https://acme.atlassian.net/" } } : myself),
    "/ex/jira/cloud-1",
  );
  expect(session.siteUrl).toBe("https://acme.atlassian.net");
  expect(session.selfRewrite).toEqual({ from: `${stub.url}/ex/jira/cloud-1`, to: "https://acme.atlassian.net" });
  await session.close();
});

test("and if Jira does not tell, from Atlassian's list of sites", async () => {
  const session = await connect(({ path }) => {
    if (path === "/oauth/token/accessible-resources") {
      return { json: [{ id: "other" }, { id: "cloud-1", url: "https://acme.atlassian.net" }] };
    }
    return path.endsWith("/serverInfo") ? { json: {} } : myself;
  }, "/ex/jira/cloud-1");
  expect(session.siteUrl).toBe("https://acme.atlassian.net");
  await session.close();
});

test.each([projectKind, issueKind])(
  "a token that sees nothing is recognised when $name comes back empty",
  async (kind) => {
    const session = await connect(({ path }) => {
      if (path.endsWith("/myself")) return myself;
      if (path.endsWith("/mypermissions")) {
        return { json: { permissions: { BROWSE_PROJECTS: { havePermission: false } } } };
      }
      return path.endsWith("/search/jql") ? { json: { issues: [], isLast: true } } : { json: { values: [], total: 0 } };
    });
    const options = { signal: new AbortController().signal, skip: () => false, fields: "all" } as const;
    const read = async (): Promise<void> => {
      const selector = kind.parseSelector({});
      for await (const _ of kind.read(session, selector as never, options)) expect.unreachable(); // its own selector
    };
    await expect(read()).rejects.toThrow(NotAllowedError);
    await expect(read()).rejects.toThrow(/"Ada".*no project at all/);
    await session.close();
  },
);
