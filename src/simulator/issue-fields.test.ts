import { expect, test } from "vitest";
import { withJira } from "./jira-client.fixture.ts";

const searchPath = "/rest/api/3/search/jql";
const everything = "project is not EMPTY";

test("a page tells what its fields are called and what they are, an issue read singly tells it itself", async () => {
  await withJira({ issues: 30 }, async (jira) => {
    const asked = { jql: everything, fields: ["summary", "customfield_10028"], expand: "names,schema" };
    const { names, schema, issues } = (await jira.send("POST", searchPath, asked)).body;
    expect(names).toEqual({ summary: "Summary", customfield_10028: "Story Points" });
    expect(schema.customfield_10028).toMatchObject({ type: "number", customId: 10028 });
    expect(issues[0].names).toBeUndefined();
    const single = (await jira.get("/rest/api/3/issue/AL-2?fields=summary&expand=names")).body;
    expect(single.names).toEqual({ summary: "Summary" });
  });
});

test("an issue is expanded by what it looks like, where it can go, and how it can be edited", async () => {
  await withJira({ issues: 30 }, async (jira) => {
    const expand = "renderedFields,transitions,editmeta,operations";
    const issue = (await jira.get(`/rest/api/3/issue/AL-2?fields=description,created,status&expand=${expand}`)).body;
    expect(issue.renderedFields).toEqual({
      description: expect.stringMatching(/^<(p|h2|ul|pre)>/),
      created: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d\d \d{1,2}:\d\d [AP]M$/),
      status: null,
    });
    const { transitions } = (await jira.get("/rest/api/3/issue/AL-2/transitions")).body;
    expect(issue.transitions).toEqual(transitions);
    expect(issue.editmeta).toEqual((await jira.get("/rest/api/3/issue/AL-2/editmeta")).body);
    expect(issue.operations).toEqual({ linkGroups: [] });
  });
});

test("versions of the fields come instead of the fields", async () => {
  await withJira({ issues: 30 }, async (jira) => {
    const { fields } = (await jira.get("/rest/api/3/issue/AL-2?fields=summary")).body;
    const issue = (await jira.get("/rest/api/3/issue/AL-2?fields=summary&expand=versionedRepresentations")).body;
    expect(issue).toMatchObject({ versionedRepresentations: { summary: { "1": fields.summary } } });
    expect(issue.fields).toBeUndefined();
  });
});

test("a custom field that is renamed or removed is so everywhere at once, and no issue counts as changed", async () => {
  await withJira({ issues: 60 }, async (jira) => {
    const listNames = async (): Promise<string[]> =>
      (await jira.get("/rest/api/3/field")).body.map(({ name }: { name: string }) => name);
    const count = async (jql: string) => jira.send("POST", "/rest/api/3/search/approximate-count", { jql });
    const read = async () => (await jira.get("/rest/api/3/issue/AL-2")).body.fields;
    const before = (await count('"Story Points" > 0')).body;
    const { updated } = await read();
    expect(before.count).toBeGreaterThan(0);
    jira.simulator.site.fieldEdits.rename("customfield_10028", "Effort");
    expect((await count("Effort > 0")).body).toEqual(before);
    expect((await count('"Story Points" > 0')).status).toBe(400);
    expect(await listNames()).toContain("Effort");
    jira.simulator.site.fieldEdits.remove("customfield_10028");
    expect((await count("cf[10028] > 0")).status).toBe(400);
    expect(await listNames()).not.toContain("Effort");
    expect(Object.keys(await read())).not.toContain("customfield_10028");
    expect((await read()).updated).toBe(updated);
  });
});
