import type { SimulatorOptions } from "../options.ts";
import { createRandom, hashText } from "../random.ts";
import type { SortKey } from "../search/issue-order.ts";
import { IssueSearch } from "../search/issue-search.ts";
import type { Issue } from "../site/issue.ts";
import type { SiteProject } from "../site/projects.ts";
import type { SiteWorklog } from "../site/remarks.ts";
import type { Site } from "../site/site.ts";
import { IssueRenderer } from "../wire/issue-renderer.ts";
import { Webhooks } from "../webhooks/webhooks.ts";
import { Wire } from "../wire/wire.ts";
import type { Credentials } from "./credentials.ts";
import type { JiraRequest } from "./jira-request.ts";

interface Insight {
  readonly issues: number;
  readonly updatedMs: number | undefined;
  /** How many issues each component has. */
  readonly components: ReadonlyMap<string, number>;
}

export interface RemoteLink {
  readonly id: number;
  readonly globalId?: string;
  readonly object: { readonly url: string; readonly title: string };
}

/** What the routes share: the site, its search, and how it is written down for each kind of caller. */
export class SimulatedJira {
  readonly options: SimulatorOptions;
  readonly site: Site;
  readonly search: IssueSearch;
  readonly credentials: Credentials;
  readonly url: string;
  readonly webhooks: Webhooks;
  readonly #remoteLinks = new Map<number, readonly RemoteLink[]>();
  readonly #properties = new Map<number, Map<string, unknown>>();
  readonly #lockedIssues = new Set<number>();
  #nextRemoteLinkId = 10000;
  readonly #renderers = new Map<string, IssueRenderer>();
  readonly #insights = new Remembered<readonly Insight[]>();
  readonly #worklogs = new Remembered<readonly SiteWorklog[]>();

  constructor(site: Site, credentials: Credentials, url: string, stopped: AbortSignal) {
    this.site = site;
    this.options = site.options;
    this.credentials = credentials;
    this.search = new IssueSearch(site);
    this.url = url;
    this.webhooks = new Webhooks(this, stopped);
  }

  get gatewayUrl(): string {
    return `${this.url}/ex/jira/${this.credentials.cloudId}`;
  }

  /** One renderer for each base URL and version, so that its fragments are made once. */
  rendererOf(baseUrl: string, version: 2 | 3): IssueRenderer {
    const key = `${version} ${baseUrl}`;
    let renderer = this.#renderers.get(key);
    if (renderer === undefined) {
      const wire = new Wire(this.site, baseUrl, version, this.options.deployment === "server");
      this.#renderers.set(key, (renderer = new IssueRenderer(wire)));
    }
    return renderer;
  }

  isVisible(request: JiraRequest, project: SiteProject | undefined): project is SiteProject {
    return !request.isAnonymous && this.site.isVisible(project);
  }

  /** The issue, if the caller may know that it is there. */
  findVisibleIssue(request: JiraRequest, idOrKey: string): Issue | undefined {
    const issue = this.site.findIssue(idOrKey);
    return issue !== undefined && this.isVisible(request, this.site.projects[issue.projectIndex]) ? issue : undefined;
  }

  findVisibleProject(request: JiraRequest, idOrKey: string): SiteProject | undefined {
    const project = this.site.findProject(idOrKey);
    return this.isVisible(request, project) ? project : undefined;
  }

  renderIssue(idOrKey: string, fields: readonly string[]): unknown {
    const bytes = this.rendererOf(this.url, this.options.deployment === "server" ? 2 : 3).render(
      this.site.getIssue(idOrKey),
      fields,
    );
    return JSON.parse(Buffer.from(bytes, "latin1").toString("utf8"));
  }

  /** The more fields, the fewer issues come back; with short pages on, some pages are shorter still. */
  pageLimit(fields: readonly string[], after: SortKey | undefined): number {
    const isLight = fields.every((field) => field === "id" || field === "key");
    const isHeavy = fields.some((field) => field.startsWith("*")) || fields.length > 20;
    const limit = isLight ? 5000 : isHeavy ? 100 : 1000;
    if (!this.options.hasShortPages) return limit;
    const random = createRandom(this.options.seed)(hashText(String(after)), 1201);
    return random % 3 === 0 ? 1 + (random % Math.ceil(limit / 2)) : limit;
  }

  remoteLinksOf(n: number): readonly RemoteLink[] {
    return this.#remoteLinks.get(n) ?? [];
  }

  /** A link with the same global id is replaced: that is how clients make this call repeatable. */
  putRemoteLink(n: number, globalId: string | undefined, object: RemoteLink["object"]): { id: number; isNew: boolean } {
    const links = this.remoteLinksOf(n);
    const known = globalId === undefined ? undefined : links.find((link) => link.globalId === globalId);
    const id = known?.id ?? this.#nextRemoteLinkId++;
    const link = { id, ...(globalId === undefined ? {} : { globalId }), object };
    this.#remoteLinks.set(n, known === undefined ? [...links, link] : links.map((one) => (one === known ? link : one)));
    return { id, isNew: known === undefined };
  }

  propertiesOf(n: number): Map<string, unknown> {
    let properties = this.#properties.get(n);
    if (properties === undefined) this.#properties.set(n, (properties = new Map()));
    return properties;
  }

  /** Runs `change` alone for this issue; false when another request is in the middle of one. */
  async withIssueLock(n: number, change: () => void): Promise<boolean> {
    if (this.#lockedIssues.has(n)) return false;
    this.#lockedIssues.add(n);
    try {
      await this.options.clock.sleep(this.options.latencyMs);
      change();
      return true;
    } finally {
      this.#lockedIssues.delete(n);
    }
  }

  insightOf(project: SiteProject): Insight {
    const insights = this.#insights.get(this.site.issues.revision, () => this.#countIssues());
    return insights[project.index] ?? { issues: 0, updatedMs: undefined, components: new Map() };
  }

  /** All worklogs, by the time of their last change. */
  listWorklogs(): readonly SiteWorklog[] {
    const { issues, worklogs, namesRevision } = this.site;
    return this.#worklogs.get(issues.revision + worklogs.revision + namesRevision, () => {
      const found: SiteWorklog[] = [];
      for (const issue of this.site.liveIssues()) found.push(...worklogs.list(issue.n));
      return found.toSorted((left, right) => left.updatedMs - right.updatedMs || Number(left.id) - Number(right.id));
    });
  }

  #countIssues(): Insight[] {
    const { issues } = this.site;
    const insights: { issues: number; updatedMs: number; components: Map<string, number> }[] = [];
    for (let n = 0; n < issues.end; n++) {
      const issue = issues.find(n);
      if (issue === undefined) continue;
      const insight = (insights[issue.projectIndex] ??= { issues: 0, updatedMs: 0, components: new Map() });
      insight.issues++;
      insight.updatedMs = Math.max(insight.updatedMs, issue.updatedMs);
      for (const id of issue.componentIds) insight.components.set(id, (insight.components.get(id) ?? 0) + 1);
    }
    return insights;
  }
}

/** Something that takes long to work out, until what it was worked out from changes. */
class Remembered<T> {
  #known: { readonly revision: number; readonly value: T } | undefined;

  get(revision: number, make: () => T): T {
    if (this.#known?.revision !== revision) this.#known = { revision, value: make() };
    return this.#known.value;
  }
}
