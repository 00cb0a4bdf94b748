import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import type { RawObject } from "../model/raw-object.ts";
import { FieldCatalog, toField } from "./field-catalog.ts";
import { connectJira } from "./jira-session.ts";
import type { AnyKind } from "./kinds.ts";
import { KINDS, SERVER_KINDS } from "./kinds.ts";
import { readAll } from "./simulated-session.fixture.ts";
import { stubServices, stubSettings } from "./stub-jira.fixture.ts";
import { StubServer, type StubAnswer, type StubRequest } from "./stub-server.fixture.ts";

/** Real payloads, one a line as `{"data": ...}`: see `QUAYSIDE_CORPUS` in CONTRIBUTING.md. */
const folder = process.env["QUAYSIDE_CORPUS"];
const corpusTest = test.skipIf(folder === undefined);
if (folder === undefined)
  test.skip("real payloads go through their kinds: set QUAYSIDE_CORPUS to their folder", () => {});

/** The objects in a file, also where they come as whole pages. */
function load(file: string): JsonObject[] {
  const lines = readFileSync(join(folder ?? "", file), "utf8")
    .trim()
    .split("\n");
  const payloads = lines.map((line) => (JSON.parse(line) as { readonly data: Json }).data); // the form of the corpus
  return payloads.flatMap((payload) => (/_page|_list/.test(file) ? toItems(payload) : payload)).filter(isJsonObject);
}

function toItems(page: Json): readonly Json[] {
  const items = isJsonObject(page) ? (page["values"] ?? page["issues"]) : page;
  return Array.isArray(items) ? items : [];
}

/** Payloads under one id are one object to Jira: the last stands for it. */
function toUnique(payloads: readonly JsonObject[], idMember: string): JsonObject[] {
  return [...new Map(payloads.map((payload) => [payload[idMember], payload])).values()];
}

async function readThrough(
  kind: AnyKind,
  deployment: "cloud" | "server",
  answer: (request: StubRequest) => Json,
  selector: JsonObject = {},
): Promise<RawObject[]> {
  const respond = (request: StubRequest): StubAnswer =>
    request.path.endsWith("/myself") ? { json: { accountId: "a", key: "a" } } : { json: answer(request) };
  const stub = await StubServer.start(respond);
  const session = await connectJira(stubSettings(stub.url, { deployment }), stubServices());
  try {
    return await readAll(kind, session, selector);
  } finally {
    await session.close();
    await stub.close();
  }
}

const bean = (values: readonly Json[]): Json => ({ values, total: values.length, isLast: true });

/** One project and one board, under which `values` are listed. */
const below =
  (values: readonly Json[]) =>
  ({ path }: StubRequest): Json =>
    path.endsWith("/project/search") || path.endsWith("/board")
      ? bean([{ id: "1", key: "A", type: "scrum" }])
      : bean(values);

const boards =
  (values: readonly Json[]) =>
  ({ path }: StubRequest): Json =>
    bean(path.endsWith("/board") ? values : [{ id: "1", key: "A" }]);

interface Case {
  readonly file: string;
  readonly kind: AnyKind | undefined;
  readonly idMember?: string;
  readonly deployment?: "server";
  readonly selector?: JsonObject;
  readonly answer: (values: readonly JsonObject[]) => (request: StubRequest) => Json;
}

const issues =
  (values: readonly JsonObject[]) =>
  ({ path, body }: StubRequest): Json => {
    if (path.endsWith("/approximate-count")) return { count: values.length };
    if (path.endsWith("/search/jql")) return { issues: values.map(({ id = "" }) => ({ id })), isLast: true };
    if (path.endsWith("/search")) return { issues: [...values], total: values.length };
    const wanted = (body as { readonly issueIdsOrKeys: readonly string[] }).issueIdsOrKeys; // bulkfetch
    return { issues: values.filter(({ id }) => wanted.includes(id as string)), issueErrors: [] };
  };

const worklogs =
  (values: readonly JsonObject[]) =>
  ({ path }: StubRequest): Json =>
    path.endsWith("/search/jql")
      ? { issues: [{ id: "1", key: "A-1" }], isLast: true }
      : { issues: [{ id: "1", key: "A-1", fields: { worklog: { total: values.length, worklogs: [...values] } } }] };

const CASES: readonly Case[] = [
  { file: "project_cloud.jsonl", kind: KINDS["project"], answer: (values) => () => bean(values) },
  {
    file: "user.jsonl",
    kind: KINDS["user"],
    idMember: "accountId",
    answer:
      (values) =>
      ({ query }) =>
        query.get("startAt") === "0" ? values : [],
  },
  { file: "issue_cloud.jsonl", kind: KINDS["issue"], answer: issues },
  { file: "issue_agile_cloud.jsonl", kind: KINDS["issue"], answer: issues },
  { file: "issue_page_agile.jsonl", kind: KINDS["issue"], answer: issues },
  { file: "board_page.jsonl", kind: KINDS["board"], answer: boards },
  { file: "sprint_page.jsonl", kind: KINDS["sprint"], selector: { sprintState: null }, answer: below },
  { file: "sprint.jsonl", kind: KINDS["sprint"], selector: { sprintState: null }, answer: below },
  { file: "component.jsonl", kind: KINDS["component"], answer: below },
  { file: "worklog.jsonl", kind: KINDS["worklog"], selector: { jql: "" }, answer: worklogs },
  {
    file: "project_server.jsonl",
    kind: SERVER_KINDS["project"],
    deployment: "server",
    answer: (values) => () => values,
  },
  {
    file: "project_list_server.jsonl",
    kind: SERVER_KINDS["project"],
    deployment: "server",
    answer: (values) => () => values,
  },
  { file: "issue_server.jsonl", kind: SERVER_KINDS["issue"], deployment: "server", answer: issues },
  {
    file: "user_server.jsonl",
    kind: SERVER_KINDS["user"],
    idMember: "key",
    deployment: "server",
    answer: (values) => () => bean(values),
  },
];

corpusTest.each(CASES)(
  "real payloads of $file come through unharmed",
  async ({ file, kind, idMember = "id", ...given }) => {
    const payloads = toUnique(load(file), idMember);
    const { deployment = "cloud", answer, selector } = given;
    const objects = await readThrough(kind ?? expect.unreachable(), deployment, answer(payloads), selector);
    expect(objects).toHaveLength(payloads.length);
    for (const [index, payload] of payloads.entries()) {
      expect(objects[index]?.id).toBe(String(payload[idMember] as string | number)); // Jira's ids are one or the other
      expect(objects[index]?.body()).toMatchObject(payload);
    }
  },
);

corpusTest("real lists of fields are read", () => {
  const listed = load("field_list.jsonl");
  const { fields } = new FieldCatalog(listed.map(toField));
  expect(fields.map(({ id, name }) => ({ id, name }))).toEqual(listed.map(({ id, name }) => ({ id, name })));
});
