import { createHmac } from "node:crypto";
import { toIssueId, type Issue } from "../site/issue.ts";
import type { SiteEvent } from "../site/site-event.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import { toPayload } from "./webhook-payload.ts";
import { WebhookRegistry, type DynamicWebhook, type Webhook } from "./webhook-registry.ts";
import { sign, WebhookSender, type Delivery, type Message } from "./webhook-sender.ts";

/** Tells everybody who registered of what happens on the site. */
export class Webhooks {
  readonly registry: WebhookRegistry;
  readonly #jira: SimulatedJira;
  readonly #sender: WebhookSender;

  constructor(jira: SimulatedJira, signal: AbortSignal) {
    const { clock, seed, webhooks: options } = jira.options;
    this.#jira = jira;
    this.registry = new WebhookRegistry(clock);
    this.#sender = new WebhookSender({ clock, seed, options, signal });
    jira.site.listeners.add((event) => this.#hear(event));
  }

  /** Everything sent so far, and how it went. */
  get deliveries(): readonly Delivery[] {
    return this.#sender.deliveries;
  }

  /** Until everything sent so far has arrived or is lost. */
  settled(): Promise<void> {
    return this.#sender.settled();
  }

  #hear(event: SiteEvent): void {
    const matching = this.registry.list().filter((webhook) => this.#wants(webhook, event));
    const admin = matching.filter((webhook) => webhook.kind === "admin");
    for (const webhook of admin) this.#sender.send(event.type, this.#toAdminMessage(webhook, event));
    // All webhooks of an app hear of one event together.
    const byUrl = Map.groupBy(
      matching.filter((webhook) => webhook.kind === "dynamic"),
      ({ url }) => url,
    );
    for (const [url, webhooks] of byUrl) this.#sender.send(event.type, this.#toAppMessage(url, webhooks, event));
  }

  #wants(webhook: Webhook, event: SiteEvent): boolean {
    if (!webhook.events.includes(event.type)) return false;
    if (webhook.kind === "dynamic" && !this.#touchesFields(webhook, event)) return false;
    const issue = this.#issueOf(event);
    return issue === undefined || webhook.jql === "" || this.#jira.search.matches(webhook.jql, issue);
  }

  #touchesFields({ fieldIds }: DynamicWebhook, event: SiteEvent): boolean {
    if (fieldIds.length === 0 || event.type !== "jira:issue_updated") return true;
    return event.history.items.some((item) => item.fieldId !== undefined && fieldIds.includes(item.fieldId));
  }

  #issueOf(event: SiteEvent): Issue | undefined {
    if ("issue" in event) return event.issue;
    return "worklog" in event ? this.#jira.site.issues.find(event.worklog.n) : undefined;
  }

  #toAdminMessage(webhook: Extract<Webhook, { kind: "admin" }>, event: SiteEvent): Message {
    const body = webhook.excludeBody ? "" : this.#toBody(event, {});
    return {
      url: fillUrl(webhook.url, this.#toVariables(event)),
      body,
      headers: webhook.secret === undefined ? {} : { "X-Hub-Signature": sign(webhook.secret, body) },
      flow: toFlow(event),
    };
  }

  #toAppMessage(url: string, webhooks: readonly DynamicWebhook[], event: SiteEvent): Message {
    const { clientId, clientSecret } = this.#jira.credentials;
    const nowSeconds = Math.floor(this.#jira.site.now() / 1000);
    const claims = { iss: clientId, iat: nowSeconds, exp: nowSeconds + 180 };
    return {
      url,
      body: this.#toBody(event, { matchedWebhookIds: webhooks.map(({ id }) => id) }),
      headers: { Authorization: `Bearer ${signToken(claims, clientSecret)}` },
      flow: toFlow(event),
    };
  }

  #toBody(event: SiteEvent, extra: object): string {
    const renderer = this.#jira.rendererOf(this.#jira.url, 2);
    return JSON.stringify({ ...toPayload(event, renderer, this.#jira.site.now()), ...extra });
  }

  #toVariables(event: SiteEvent): Readonly<Record<string, string | undefined>> {
    const { site } = this.#jira;
    const issue = this.#issueOf(event);
    const project = "project" in event ? event.project : issue && site.projects[issue.projectIndex];
    return {
      "issue.id": issue && toIssueId(issue.n),
      "issue.key": issue && site.issues.keyOf(issue),
      "project.id": project?.id,
      "project.key": project?.key,
      "comment.id": "comment" in event ? event.comment.id : undefined,
      "worklog.id": "worklog" in event ? event.worklog.id : undefined,
      "version.id": "version" in event ? event.version.id : undefined,
      "sprint.id": "sprint" in event ? String(event.sprint.id) : undefined,
      "board.id": "board" in event ? String(event.board.id) : undefined,
    };
  }
}

/** Fallout of a bigger change, such as the subtasks of a deleted issue, takes the slower way. */
function toFlow(event: SiteEvent): Message["flow"] {
  return event.isFallout === true ? "Secondary" : "Primary";
}

function fillUrl(url: string, variables: Readonly<Record<string, string | undefined>>): string {
  return url.replaceAll(/\$\{([a-z]+\.[a-z]+)\}/g, (whole, name: string) =>
    encodeURIComponent(variables[name] ?? whole),
  );
}

/** A JSON web token, signed with HS256. */
function signToken(claims: object, secret: string): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const unsigned = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${unsigned}.${createHmac("sha256", secret).update(unsigned).digest("base64url")}`;
}
