/** Webhooks as Jira Cloud sends them; one line of the checklist in `fidelity-reading.test.ts`. */
import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { withJira, type JiraClient } from "./jira-client.fixture.ts";
import { TestClock } from "./test-clock.fixture.ts";
import { sign } from "./webhooks/webhook-sender.ts";
import { withReceiver, type Received } from "./webhook-receiver.fixture.ts";

const webhookPath = "/rest/webhooks/1.0/webhook";
const issueEvents = ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted"];

describe("5. webhooks: signature, identifier, duplicates, reordering, delays, loss after five, ids, reduced issues", () => {
  test("the signature is the documented one, and the secret never comes back", async () => {
    expect(sign("It's a Secret to Everybody", "Hello World!")).toBe(
      "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9",
    );
    await withReceiver(async (receiver) => {
      await withJira({ issues: 20 }, async (jira) => {
        const draft = {
          name: "one",
          url: `${receiver.url}/hook?key=\${issue.key}`,
          events: issueEvents,
          secret: "s3cret",
        };
        const made = await jira.send("POST", webhookPath, draft);
        expect(made.status).toBe(201);
        expect(made.body.isSigned).toBe(true);
        expect(made.text).not.toContain("s3cret");
        jira.simulator.site.editIssue("AL-1", { summary: "Größe" });
        await jira.simulator.webhooks.settled();
        const [hook] = receiver.received;
        const expected = `sha256=${createHmac("sha256", "s3cret")
          .update(hook?.text ?? "", "utf8")
          .digest("hex")}`;
        expect(hook?.headers["x-hub-signature"]).toBe(expected);
        expect(hook?.path).toBe("/hook?key=AL-1");
      });
    });
  });

  test("a refusal that is worth a retry is retried under the same identifier, five times in all", async () => {
    await withReceiver(async (receiver) => {
      await withJira({ issues: 20, webhooks: { retryMs: [0, 0] } }, async (jira) => {
        await jira.send("POST", webhookPath, { name: "one", url: receiver.url, events: issueEvents });
        receiver.statuses.push(503, 429, 200, 500, 500, 500, 500, 500, 410);
        const statuses = async (): Promise<unknown> => {
          jira.simulator.site.editIssue("AL-1", { summary: String(receiver.received.length) });
          await jira.simulator.webhooks.settled();
          const last = jira.simulator.webhooks.deliveries.at(-1);
          return [last?.state, last?.attempts];
        };
        expect(await statuses()).toEqual(["delivered", [503, 429, 200]]);
        expect(await statuses()).toEqual(["lost", [500, 500, 500, 500, 500]]);
        expect(await statuses()).toEqual(["refused", [410]]);
        const headers = receiver.received.map((hook) => hook.headers);
        const identifiers = headers.map((one) => one["x-atlassian-webhook-identifier"]);
        expect(new Set(identifiers.slice(0, 3)).size).toBe(1);
        expect(new Set(identifiers).size).toBe(3);
        expect(headers.slice(0, 3).map((one) => one["x-atlassian-webhook-retry"])).toEqual([undefined, "1", "2"]);
      });
    });
  });

  test("retries wait between five and fifteen minutes", async () => {
    const clock = new TestClock();
    await withReceiver(async (receiver) => {
      await withJira({ issues: 20, clock }, async (jira) => {
        await jira.send("POST", webhookPath, { name: "one", url: receiver.url, events: issueEvents });
        receiver.statuses.push(503);
        jira.simulator.site.editIssue("AL-1", { summary: "Once" });
        await waitFor(() => jira.simulator.webhooks.deliveries[0]?.attempts.length === 1);
        clock.advance(5 * 60_000 - 1);
        expect(receiver.received.length).toBe(1);
        clock.advance(10 * 60_000 + 1);
        await jira.simulator.webhooks.settled();
        expect(receiver.received.length).toBe(2);
      });
    });
  });

  test("events come twice and out of order when told to", async () => {
    const clock = new TestClock();
    await withReceiver(async (receiver) => {
      const webhooks = { duplicateRate: 0.5, delayMs: [1, 10_000] as const };
      await withJira({ issues: 60, clock, webhooks }, async (jira) => {
        await jira.send("POST", webhookPath, { name: "one", url: receiver.url, events: issueEvents });
        const keys = [...jira.simulator.site.issueKeys()].slice(0, 12);
        for (const key of keys) jira.simulator.site.editIssue(key, { summary: "New" });
        for (let step = 1; step <= 100; step++) {
          clock.advance(100);
          await new Promise((resolve) => setImmediate(resolve));
        }
        await jira.simulator.webhooks.settled();
        const arrived = receiver.received.map((hook) => hook.body.issue.key);
        expect(new Set(arrived)).toEqual(new Set(keys));
        expect(arrived.length).toBeGreaterThan(keys.length);
        expect([...new Set(arrived)]).not.toEqual(keys);
      });
    });
  });

  test("subtasks of a deleted issue come by the slower way", async () => {
    await withReceiver(async (receiver) => {
      await withJira({ issues: 100 }, async (jira) => {
        await jira.send("POST", webhookPath, { name: "one", url: receiver.url, events: issueEvents });
        const parent = [...jira.simulator.site.liveIssues()].find(
          (issue) => jira.simulator.site.subtasksOf(issue).length > 0,
        );
        jira.simulator.site.deleteIssue(String(10001 + (parent?.n ?? 0)));
        await jira.simulator.webhooks.settled();
        const flows = new Set(receiver.received.map((hook) => hook.headers["x-atlassian-webhook-flow"]));
        expect(flows).toEqual(new Set(["Primary", "Secondary"]));
        const { body } = receiver.received[0] ?? {};
        expect(body).not.toHaveProperty("changelog");
        expect(body).not.toHaveProperty("issue_event_type_name");
        expect(body.issue.fields).toHaveProperty("worklog");
      });
    });
  });

  test("bodies are in version 2, with numbers and texts for ids as Jira has them, and little of a commented issue", async () => {
    await withReceiver(async (receiver) => {
      await withJira({ issues: 20 }, async (jira) => {
        const events = [
          ...issueEvents,
          "comment_created",
          "worklog_created",
          "project_updated",
          "issuelink_created",
          "jira:version_released",
          "sprint_started",
        ];
        await jira.send("POST", webhookPath, { name: "one", url: receiver.url, events });
        const { site } = jira.simulator;
        const last = async (): Promise<Received["body"]> => {
          await jira.simulator.webhooks.settled();
          return receiver.received.at(-1)?.body;
        };
        site.transitionIssue(
          "AL-2",
          site.workflows.statuses[site.getIssue("AL-2").statusIndex]?.name === "Done" ? "To Do" : "Done",
        );
        const updated = await last();
        expect(updated).toMatchObject({ webhookEvent: "jira:issue_updated", issue_event_type_name: "issue_generic" });
        expect(updated.issue.self).toMatch(/\/rest\/api\/2\/10004$/);
        expect(typeof updated.issue.id).toBe("string");
        expect(updated.changelog.items.map(({ field }: { field: string }) => field)).toContain("status");
        const text = {
          kind: "document" as const,
          document: {
            type: "doc",
            version: 1,
            content: [{ type: "paragraph", content: [{ type: "text", text: "Hi" }] }],
          },
        };
        site.remarkEdits.addComment("AL-2", text);
        const commented = await last();
        expect(commented.comment.body).toBe("Hi");
        expect(commented).not.toHaveProperty("user");
        expect(Object.keys(commented.issue.fields).toSorted()).toEqual([
          "assignee",
          "issuetype",
          "priority",
          "project",
          "status",
          "summary",
        ]);
        site.remarkEdits.addWorklog("AL-2", { body: undefined, startedMs: site.now(), timeSpentSeconds: 3600 });
        await jira.simulator.webhooks.settled();
        const worklog = receiver.received.find((hook) => hook.body.webhookEvent === "worklog_created")?.body;
        expect(Object.keys(worklog).toSorted()).toEqual(["timestamp", "webhookEvent", "worklog"]);
        expect([typeof worklog.worklog.id, typeof worklog.worklog.issueId]).toEqual(["string", "string"]);
        site.projectEdits.rename("AL", "Atlas two");
        expect(typeof (await last()).project.id).toBe("number");
        await jira.send("POST", "/rest/api/3/issueLink", {
          type: { name: "Relates" },
          inwardIssue: { key: "AL-1" },
          outwardIssue: { key: "AL-4" },
        });
        expect((await last()).issueLink).toMatchObject({
          sourceIssueId: 10001,
          destinationIssueId: expect.any(Number),
        });
        const version = site.getProject("AL").versions.find((one) => !one.isReleased);
        if (version !== undefined) site.planEdits.editVersion(version, { isReleased: true });
        expect((await last()).version).toMatchObject({ id: expect.any(String), projectId: 10000 });
      });
    });
  });

  test("an administrator's filter is any JQL, and without the permission there is no registering", async () => {
    await withReceiver(async (receiver) => {
      await withJira({ issues: 40 }, async (jira) => {
        const filters = { "issue-related-events-section": 'project = AL AND summary ~ "special"' };
        await jira.send("POST", webhookPath, { name: "one", url: receiver.url, events: issueEvents, filters });
        jira.simulator.site.editIssue("AL-1", { summary: "ordinary" });
        jira.simulator.site.editIssue("AL-1", { summary: "special" });
        jira.simulator.site.editIssue("HB-1", { summary: "special" });
        await jira.simulator.webhooks.settled();
        expect(receiver.received.map((hook) => hook.body.issue.key)).toEqual(["AL-1"]);
        jira.simulator.site.deniedPermissions.add("ADMINISTER");
        expect((await jira.get(webhookPath)).status).toBe(403);
      });
    });
  });

  test("an app's webhook is for apps alone, has few fields to filter by, is signed as a token, and expires", async () => {
    const clock = new TestClock();
    await withReceiver(async (receiver) => {
      await withJira({ issues: 40, clock }, async (jira) => {
        const { credentials, gatewayUrl, site, webhooks } = jira.simulator;
        const draft = { events: issueEvents, jqlFilter: 'project not in ("3f3a3ce4-0000-4000-8000-000000000000")' };
        const body = { url: receiver.url, webhooks: [draft, { ...draft, jqlFilter: "summary ~ x" }] };
        expect((await jira.send("POST", "/rest/api/3/webhook", body)).status).toBe(403);
        const day = 86_400_000;
        const asApp = (method: string, path: string, content?: unknown): ReturnType<JiraClient["send"]> =>
          jira.send(method, `${gatewayUrl}/rest/api/3${path}`, content, {
            authorization: `Bearer ${credentials.grantOAuthToken({ ttlMs: 90 * day })}`,
          });
        const made = (await asApp("POST", "/webhook", body)).body.webhookRegistrationResult;
        expect(made).toEqual([{ createdWebhookId: 1 }, { errors: ["Clause summary is unsupported"] }]);
        site.editIssue("AL-1", { summary: "Once" });
        await webhooks.settled();
        expect(receiver.received[0]?.body.matchedWebhookIds).toEqual([1]);
        expect(receiver.received[0]?.headers.authorization).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
        clock.advance(29 * day);
        const { expirationDate } = (await asApp("PUT", "/webhook/refresh", { webhookIds: [1] })).body;
        expect(expirationDate).toBe(clock.now() + 30 * day);
        clock.advance(30 * day + 1);
        expect((await asApp("GET", "/webhook")).body.values).toEqual([]);
        site.editIssue("AL-1", { summary: "Twice" });
        await webhooks.settled();
        expect(receiver.received.length).toBe(1);
      });
    });
  });
});

/** Lets the event loop turn until something is so. */
async function waitFor(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
