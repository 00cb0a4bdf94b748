import { afterEach, expect, test } from "vitest";
import type { Json } from "../model/json.ts";
import { UpstreamError } from "../runtime/errors.ts";
import { connectJira } from "./jira-session.ts";
import { KINDS } from "./kinds.ts";
import { MALFORMED_ANSWERS, type MalformedAnswer } from "./malformed-answers.fixture.ts";
import { stubServices, stubSettings } from "./stub-jira.fixture.ts";
import type { AnswerProblem } from "./unexpected-answer.ts";
import { StubServer, type StubAnswer, type StubRequest } from "./stub-server.fixture.ts";

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

/** Reads a kind from a Jira that gives this answer; ids, bodies, and the error at the end. */
async function read(
  name: string,
  answer: (request: StubRequest) => StubAnswer | undefined,
): Promise<{ readonly ids: readonly string[]; readonly bodies: readonly Json[]; readonly error: unknown }> {
  const stub = await StubServer.start((request) => answer(request) ?? answerAsJira(request));
  const session = await connectJira(stubSettings(stub.url, { organizationId: "org" }), stubServices());
  close = async () => {
    await session.close();
    await stub.close();
  };
  const kind = KINDS[name] ?? expect.unreachable(`no kind ${name}`);
  const options = { signal: new AbortController().signal, skip: () => false, fields: "all" } as const;
  const [ids, bodies]: [string[], Json[]] = [[], []];
  try {
    for await (const { objects } of kind.read(session, kind.parseSelector({}), options)) {
      ids.push(...objects.map(({ id }) => id));
      bodies.push(...objects.map((object) => object.body()));
    }
    return { ids, bodies, error: undefined };
  } catch (error) {
    return { ids, bodies, error };
  }
}

function answerAsJira({ path }: StubRequest): StubAnswer {
  if (path.endsWith("/myself")) return { json: { accountId: "me" } };
  if (path.endsWith("/approximate-count")) return { json: { count: 1 } };
  const issue = { id: "1", key: "A-1", fields: {} };
  if (path.endsWith("/search/jql")) return { json: { issues: [issue], isLast: true } };
  return { json: path.endsWith("/bulkfetch") ? { issues: [issue] } : [] };
}

/** A bare list ends with an empty page. */
function answering({ path }: MalformedAnswer, given: StubAnswer) {
  const isList = typeof given === "object" && Array.isArray(given.json);
  return (request: StubRequest): StubAnswer | undefined => {
    if (!path.test(request.path)) return undefined;
    return isList && request.query.get("startAt") !== "0" ? { json: [] } : given;
  };
}

test.each(MALFORMED_ANSWERS)("$name for $kind: $problem is told, and the right answer is read", async (malformed) => {
  const { kind, wrong, right, problem } = malformed;
  const { error } = await read(kind, answering(malformed, wrong));
  expect(error).toBeInstanceOf(UpstreamError);
  const { details, message } = error as UpstreamError; // asserted above
  const { code, path } = details as unknown as AnswerProblem; // the other errors have none
  expect(`${code} ${path.join(".")}`).toBe(problem);
  expect(message).toMatch(/^http\S+ did not answer as Jira does \(.+\): (check|if|try)/);
  await close?.();
  const again = await read(kind, answering(malformed, right));
  expect(again).toMatchObject({ error: undefined });
  expect(again.ids).toHaveLength(1);
});

test("what is odd and yet can be read is read: an issue twice on a page, no fields, numbers beyond all bounds", async () => {
  const issue = { id: "1", key: "A-1" };
  const twice = ({ path }: StubRequest): StubAnswer | undefined =>
    path.endsWith("/search/jql") ? { json: { issues: [issue, issue], isLast: true } } : undefined;
  expect((await read("issue", twice)).ids).toEqual(["1"]);
  await close?.();
  const huge = '{"issues":[{"id":"1","key":"A-1","fields":{"n":1e999,"m":12345678901234567890}}]}';
  const { bodies } = await read("issue", ({ path }) => (path.endsWith("/bulkfetch") ? { bytes: huge } : undefined));
  expect(bodies).toEqual([{ ...issue, fields: { n: Number.POSITIVE_INFINITY, m: Number("12345678901234567890") } }]);
});

test("an issue whose body is not what was asked for is missing alone, and nothing may be removed", async () => {
  const listed = [1, 2, 3].map((id) => ({ id: String(id), key: `A-${id}` }));
  const { ids, error } = await read("issue", ({ path }) => {
    if (path.endsWith("/search/jql")) return { json: { issues: listed, isLast: true } };
    if (path.endsWith("/bulkfetch")) return { json: { issues: [listed[0] ?? null, null, listed[2] ?? null] } };
    return path.endsWith("/issue/2") ? { json: { key: "A-2" } } : undefined;
  });
  expect(ids).toEqual(["1", "3"]);
  expect(error).toMatchObject({ name: "IncompleteReadError", gaps: [{ what: "issue 2" }] });
});
