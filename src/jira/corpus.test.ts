import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adfToMarkdown } from "../adf/adf-to-markdown.ts";
import { toIssueSubject } from "../jql/issue-subject.ts";
import { evaluateJql } from "../jql/evaluate-jql.ts";
import { parseJql } from "../jql/parse-jql.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import type { RawObject } from "../model/raw-object.ts";
import { FieldCatalog, toField } from "./field-catalog.ts";
import { connectJira } from "./jira-session.ts";
import type { AnyKind } from "./kinds.ts";
import { KINDS, SERVER_KINDS } from "./kinds.ts";
import { scanPage } from "./scan-elements.ts";
import { readAll } from "./simulated-session.fixture.ts";
import { stubServices, stubSettings } from "./stub-jira.fixture.ts";
import { StubServer, type StubAnswer, type StubRequest } from "./stub-server.fixture.ts";

/** Real payloads, one a line as `{"data": ...}`: see `QUAYSIDE_CORPUS` in CONTRIBUTING.md. */
const folder = process.env["QUAYSIDE_CORPUS"];
const corpusTest = test.skipIf(folder === undefined);
if (folder === undefined)
  test.skip("real payloads go through their kinds: set QUAYSIDE_CORPUS to their folder", () => {});

interface Payload {
  /** The file that it was found in. */
  readonly _src: string;
  readonly data: Json;
}

function loadPayloads(file: string): Payload[] {
  const lines = readFileSync(join(folder ?? "", file), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Payload); // the form of the corpus
}

/** The objects in a file, also where they come as whole pages. */
function load(file: string): JsonObject[] {
  return loadPayloads(file)
    .flatMap(({ data }) => (/_page|_list/.test(file) ? toItems(data) : data))
    .filter(isJsonObject);
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

async function comeThrough(payloads: readonly JsonObject[], given: Omit<Case, "file">): Promise<void> {
  const { kind, idMember = "id", deployment = "cloud", answer, selector } = given;
  const unique = toUnique(payloads, idMember);
  const objects = await readThrough(kind ?? expect.unreachable(), deployment, answer(unique), selector);
  expect(objects).toHaveLength(unique.length);
  for (const [index, payload] of unique.entries()) {
    expect(objects[index]?.id).toBe(String(payload[idMember] as string | number)); // Jira's ids are one or the other
    expect(objects[index]?.body()).toMatchObject(payload);
  }
}

corpusTest.each(CASES)("real payloads of $file come through unharmed", async ({ file, ...given }) =>
  comeThrough(load(file), given),
);

const kindCase = (file: string): Case => CASES.find((each) => each.file === file) ?? expect.unreachable(file);

/** Every listing goes through the scanner of pages, whatever it lists. */
function passScanner(payload: Json): void {
  const [member, items] = findList(payload) ?? expect.unreachable("a listing has a list");
  const { elements } = scanPage(Buffer.from(JSON.stringify(payload)), member === undefined ? [] : [member], ["id"]);
  expect(elements.map(({ bytes }) => JSON.parse(bytes.toString("utf8")) as Json)).toEqual(items);
}

function findList(payload: Json): readonly [string | undefined, readonly Json[]] | undefined {
  if (Array.isArray(payload)) return [undefined, payload as Json[]];
  for (const [member, value] of Object.entries(isJsonObject(payload) ? payload : {})) {
    if (Array.isArray(value) && value.every(isJsonObject)) return [member, value];
  }
  return undefined;
}

/** A value of a field as JQL looks at it: the issue that has it is found by its name and by its id, no other is. */
function isFound(field: string, jqlField: string, value: JsonObject): void {
  const issue = toIssueSubject({ id: "1", key: "A-1", fields: { [field]: value } });
  const ask = (text: Json | undefined): string =>
    evaluateJql(parseJql(`${jqlField} = ${JSON.stringify(text)}`), issue, { nowMs: 0, timeZone: "UTC" });
  expect([ask(value["name"]), ask(String(value["id"] as string | number)), ask("planted")]).toEqual([
    "yes",
    "yes",
    "no",
  ]);
}

/** All texts of a document, and of wiki markup itself. */
function listTexts(body: Json | undefined): string[] {
  if (typeof body === "string") return [body];
  if (Array.isArray(body)) return body.flatMap((node: Json) => listTexts(node));
  if (!isJsonObject(body)) return [];
  return [...(typeof body["text"] === "string" ? [body["text"]] : []), ...listTexts(body["content"])];
}

/** Words that Markdown does not escape have to come out of every text that people wrote. */
function keepsTexts(body: Json | undefined): void {
  const markdown = adfToMarkdown(body ?? null);
  for (const text of listTexts(body)) {
    for (const [word] of text.matchAll(/[\p{L}\d]{3,}/gu)) expect(markdown).toContain(word);
  }
}

const at = (body: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((value, name) => (isJsonObject(value) ? value[name] : undefined), body);

/** An issue whose changelog Jira has cut away: the whole of it is fetched and stands in the body, newest first. */
async function completesChangelog(histories: readonly JsonObject[]): Promise<void> {
  const cut = { id: "1", key: "A-1", fields: {}, changelog: { total: histories.length, histories: [] } };
  const answer = (request: StubRequest): Json =>
    request.path.endsWith("/changelog/bulkfetch")
      ? { issueChangeLogs: [{ issueId: "1", changeHistories: [...histories] }] }
      : issues([cut])(request);
  const [issue] = await readThrough(KINDS["issue"] ?? expect.unreachable(), "cloud", answer, { expand: "changelog" });
  const read = at(issue?.body(), "changelog", "histories");
  expect(read).toEqual(histories.toReversed());
  const moves = histories
    .flatMap(({ items }) => toItems(items ?? null))
    .filter((item) => at(item, "field") === "status");
  expect(toIssueSubject(issue?.body()).history?.("status")).toHaveLength(moves.length);
}

/** What a webhook is about goes through the kinds as if it had been read; its texts are kept. */
async function readsWebhook(deployment: "cloud" | "server", body: JsonObject): Promise<void> {
  const { webhookEvent, issue, user, comment } = body;
  const event = typeof webhookEvent === "string" ? webhookEvent : "";
  const kinds = deployment === "cloud" ? KINDS : SERVER_KINDS;
  if (event.startsWith("jira:issue_")) expect(kinds["issue"]?.changes.events).toContain(event);
  if (isJsonObject(issue)) {
    const sent = deployment === "cloud" ? kindCase("issue_cloud.jsonl") : kindCase("issue_server.jsonl");
    await comeThrough([issue], sent);
    keepsTexts(at(issue, "fields", "description"));
    expect(toIssueSubject(issue).read("status")).toMatchObject({ name: at(issue, "fields", "status", "name") });
  }
  if (isJsonObject(user))
    await comeThrough([user], kindCase(deployment === "cloud" ? "user.jsonl" : "user_server.jsonl"));
  if (isJsonObject(comment)) keepsTexts(comment["body"]);
}

/** Trimmed payloads by the name of their file: those that a kind reads go through it, all others are listings. */
const TRIMMED: Readonly<Record<string, string>> = {
  "boards.json": "board_page.jsonl",
  "sprints.json": "sprint_page.jsonl",
  "sprints-0.json": "sprint_page.jsonl",
  "sprints-2.json": "sprint_page.jsonl",
  "sprints-3.json": "sprint_page.jsonl",
  "users.json": "user.jsonl",
};

async function readsTrimmed({ _src, data }: Payload): Promise<void> {
  const name = _src.split("/").at(-1) ?? "";
  const like = TRIMMED[name];
  if (like !== undefined) return comeThrough(toItems(data).filter(isJsonObject), kindCase(like));
  if (name === "releases.json") {
    return comeThrough(toItems(data).filter(isJsonObject), { kind: KINDS["release"], answer: below });
  }
  if (isJsonObject(data) && isJsonObject(data["fields"])) {
    keepsTexts(data["fields"]["description"]);
    for (const comment of toItems(at(data, "fields", "comment", "comments") ?? null)) keepsTexts(at(comment, "body"));
    expect(toIssueSubject(data).read("summary")).toEqual({ type: "text", text: data["fields"]["summary"] });
  } else if (findList(data) !== undefined) passScanner(data);
  // What is left is one object with nothing to be read from: the answer to a write, who we are, the version.
  else expect(Object.keys(data as JsonObject)).not.toEqual([]);
}

/** What reads the payloads that no kind lists. */
const OTHERS: Readonly<Record<string, (file: string) => void | Promise<void>>> = {
  "board_configuration.jsonl": (file) => passScanner(at(load(file)[0], "columnConfig") ?? null),
  "changelog_entry.jsonl": (file) => completesChangelog(load(file)),
  "comment_server.jsonl": (file) => load(file).forEach(({ body }) => keepsTexts(body)),
  "field_list.jsonl": (file) => {
    const listed = load(file);
    const { fields } = new FieldCatalog(listed.map(toField));
    expect(fields.map(({ id, name }) => ({ id, name }))).toEqual(listed.map(({ id, name }) => ({ id, name })));
  },
  "filter_page.jsonl": (file) => loadPayloads(file).forEach(({ data }) => passScanner(data)),
  "issuelinktype_page.jsonl": (file) => loadPayloads(file).forEach(({ data }) => passScanner(data)),
  "issuetype.jsonl": (file) => load(file).forEach((type) => isFound("issuetype", "issuetype", type)),
  "misc_trimmed.jsonl": async (file) => {
    for (const payload of loadPayloads(file)) await readsTrimmed(payload);
  },
  "priority_list.jsonl": (file) => load(file).forEach((priority) => isFound("priority", "priority", priority)),
  "remotelink.jsonl": (file) => passScanner(load(file)),
  "remotelink_list.jsonl": (file) => loadPayloads(file).forEach(({ data }) => passScanner(data)),
  "resolution_list.jsonl": (file) =>
    load(file).forEach((resolution) => isFound("resolution", "resolution", resolution)),
  "status.jsonl": (file) => load(file).forEach((status) => isFound("status", "status", status)),
  "status_list.jsonl": (file) => load(file).forEach((status) => isFound("status", "status", status)),
  "statuscategory_list.jsonl": (file) =>
    load(file).forEach((statusCategory) => {
      const status = { id: "1", name: "Any", statusCategory };
      const issue = toIssueSubject({ id: "1", key: "A-1", fields: { status } });
      expect(issue.read("statuscategory")).toMatchObject({ name: statusCategory["name"] });
    }),
  "transitions.jsonl": (file) => loadPayloads(file).forEach(({ data }) => passScanner(data)),
  "webhook_cloud.jsonl": async (file) => {
    for (const body of load(file)) await readsWebhook("cloud", body);
  },
  "webhook_server.jsonl": async (file) => {
    for (const body of load(file)) await readsWebhook("server", body);
  },
};

corpusTest.each(Object.entries(OTHERS))("real payloads of %s are read", async (file, read) => read(file));

const findUnread = (files: readonly string[]): string[] =>
  files.filter((file) => !(file in OTHERS) && !CASES.some((each) => each.file === file));

corpusTest("no file of payloads is read by nobody", () => {
  const files = readdirSync(folder ?? "").filter((file) => file.endsWith(".jsonl"));
  expect(files.length).toBeGreaterThan(20);
  expect(findUnread([...files, "planted.jsonl"])).toEqual(["planted.jsonl"]);
});
