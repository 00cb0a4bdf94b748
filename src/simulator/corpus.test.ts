/** The simulator beside payloads that real sites answered, where these are at hand: see `QUAYSIDE_CORPUS`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withJira, type JiraClient } from "./jira-client.fixture.ts";

type Body = Record<string, unknown>;

const corpus = process.env.QUAYSIDE_CORPUS;
if (corpus === undefined)
  process.stderr.write("QUAYSIDE_CORPUS is not set: the comparison with real payloads is skipped\n");

function readCorpus(file: string): Body[] {
  const lines = readFileSync(join(corpus ?? "", file), "utf8")
    .trim()
    .split("\n");
  // Each line holds one payload, as the corpus describes itself.
  return lines.map((line) => (JSON.parse(line) as { data: Body }).data);
}

function keysOf(bodies: readonly Body[]): Set<string> {
  return new Set(bodies.flatMap((body) => Object.keys(body)));
}

const sorts: readonly (readonly [file: string, read: (jira: JiraClient) => Promise<Body[]>])[] = [
  ["user.jsonl", async (jira) => (await jira.get("/rest/api/3/users/search?maxResults=100")).body],
  ["project_cloud.jsonl", async (jira) => (await jira.get("/rest/api/3/project/search?expand=insight")).body.values],
  ["sprint.jsonl", async (jira) => (await jira.get("/rest/agile/1.0/board/1/sprint")).body.values],
  ["status.jsonl", async (jira) => (await jira.get("/rest/api/3/status")).body],
  ["worklog.jsonl", listWorklogs],
];

async function listWorklogs(jira: JiraClient): Promise<Body[]> {
  const { values } = (await jira.get("/rest/api/3/worklog/updated")).body;
  const ids = values.slice(0, 50).map(({ worklogId }: { worklogId: number }) => worklogId);
  return (await jira.send("POST", "/rest/api/3/worklog/list", { ids })).body;
}

test.skipIf(corpus === undefined).each(sorts)("%s: no key is invented", async (file, read) => {
  await withJira({ issues: 200, projects: 5 }, async (jira) => {
    const known = keysOf(readCorpus(file));
    const ours = [...keysOf(await read(jira))];
    expect(ours.length).toBeGreaterThan(5);
    expect(ours.filter((key) => !known.has(key))).toEqual([]);
  });
});

test.skipIf(corpus === undefined)("issues have the fields of real ones", async () => {
  await withJira({ issues: 200 }, async (jira) => {
    const isOwn = (id: string): boolean => !id.startsWith("customfield_");
    const real = readCorpus("issue_cloud.jsonl").map(({ fields }) => fields as Body);
    const ours = [...jira.simulator.site.issueKeys()].map(
      (key) => (jira.simulator.renderIssue(key) as { fields: Body }).fields,
    );
    // Not one of the captured issues has a parent.
    const expected = new Set([...keysOf(real), "parent"].filter(isOwn));
    expect(new Set([...keysOf(ours)].filter(isOwn))).toEqual(expected);
  });
});

test.skipIf(corpus === undefined)("issues are as long as real ones", async () => {
  await withJira({ issues: 1500 }, async (jira) => {
    const toLengths = (bodies: readonly unknown[]): number[] =>
      bodies.map((body) => Buffer.byteLength(JSON.stringify(body))).toSorted((left, right) => left - right);
    const real = toLengths(readCorpus("issue_cloud.jsonl"));
    const agile = toLengths(readCorpus("issue_agile_cloud.jsonl"));
    const ours = toLengths([...jira.simulator.site.issueKeys()].map((key) => jira.simulator.renderIssue(key)));
    const quantile = (lengths: readonly number[], share: number): number =>
      lengths[Math.floor(share * (lengths.length - 1))] ?? 0;
    // Lengths without a changelog, and, for the longest, with one: the captured agile issues carry theirs.
    expect(quantile(ours, 0.5) / quantile(real, 0.5)).toBeGreaterThan(0.8);
    expect(quantile(ours, 0.5) / quantile(real, 0.5)).toBeLessThan(1.25);
    expect(quantile(ours, 0.99)).toBeGreaterThan(quantile(agile, 0.1));
    expect(quantile(ours, 1)).toBeLessThan(quantile(agile, 1));
  });
});
