import { compileJql } from "../../jql/evaluate-jql.ts";
import { toFieldName } from "../../jql/jql-fields.ts";
import type { JqlClause, JqlOperand, JqlQuery } from "../../jql/jql-query.ts";
import { JqlSyntaxError } from "../../jql/jql-syntax-error.ts";
import type { JqlContext } from "../../jql/jql-value.ts";
import { matchText } from "../../jql/match-text.ts";
import { parseJql } from "../../jql/parse-jql.ts";
import type { Issue } from "../site/issue.ts";
import { toUserName } from "../site/people.ts";
import type { Site } from "../site/site.ts";
import { priorities } from "../site/workflow.ts";
import { checkBounds, checkQuery } from "./check-query.ts";
import { toIssueOrder, type IssueOrder, type SortKey } from "./issue-order.ts";
import { IssueSubject } from "./issue-subject.ts";
import { JqlRefusal, toSyntaxMessage } from "./jql-refusal.ts";

export interface SearchRequest {
  readonly jql: string;
  /** What "now" means in the query; pages of one search share it. */
  readonly nowMs: number;
  /** Where the page before ended. */
  readonly after: SortKey | undefined;
  readonly limit: number;
  /** Issues to be read as they are, however far the index lags. */
  readonly reconcile: ReadonlySet<number>;
}

export interface SearchPage {
  readonly issues: readonly Issue[];
  /** Where the next page starts; undefined on the last one. */
  readonly after: SortKey | undefined;
}

interface PreparedQuery {
  readonly query: JqlQuery;
  readonly order: IssueOrder;
  readonly matches: (issue: Issue) => boolean;
}

const sortedKept = 4;

/** Search as Jira's index does it: over what the index knows, which lags behind what is. */
export class IssueSearch {
  readonly #site: Site;
  readonly #sorted = new Map<string, readonly Issue[]>();

  constructor(site: Site) {
    this.#site = site;
  }

  find(request: SearchRequest): SearchPage {
    const prepared = this.#prepare(request.jql, request.nowMs);
    const found = this.#after(prepared, request);
    const issues: Issue[] = [];
    for (const issue of found) {
      if (issues.length === request.limit) {
        const lastIssue = issues.at(-1);
        return { issues, after: lastIssue && prepared.order.keyOf(lastIssue) };
      }
      issues.push(issue);
    }
    return { issues, after: undefined };
  }

  /** All that match, in order. Data Center lets everything be asked for, by a query without a restriction. */
  list(jql: string, unbounded: "refused" | "everything" = "refused"): Issue[] {
    const nowMs = this.#site.now();
    const request = { jql, nowMs, after: undefined, limit: Number.POSITIVE_INFINITY, reconcile: new Set<number>() };
    return [...this.#after(this.#prepare(jql, nowMs, unbounded === "everything"), request)];
  }

  count(jql: string): number {
    return this.list(jql).length;
  }

  /** Throws JqlRefusal for what Jira would refuse. */
  check(jql: string): JqlQuery {
    const query = parse(jql);
    checkQuery(query, this.#site);
    return query;
  }

  /** What is refused whoever asks: broken queries and unbounded ones. */
  checkBounds(jql: string): void {
    checkBounds(parse(jql));
  }

  /** Whether one issue, as given, matches; names that the site does not know match nothing. For filters of webhooks. */
  matches(jql: string, issue: Issue): boolean {
    const subject = new IssueSubject(this.#site);
    subject.issue = issue;
    return compileJql(parse(jql), toContext(this.#site, this.#site.now()))(subject) === "yes";
  }

  #prepare(jql: string, nowMs: number, isUnboundedAllowed = false): PreparedQuery {
    const parsed = parse(jql);
    const query = isUnboundedAllowed && parsed.where === undefined ? parsed : this.check(jql);
    const test = compileJql(query, toContext(this.#site, nowMs));
    const subject = new IssueSubject(this.#site);
    return {
      query,
      order: toIssueOrder(query.orderBy, this.#site),
      matches: (issue) => {
        const project = this.#site.projects[issue.projectIndex];
        if (project === undefined || project.state !== "live" || !project.isBrowsable) return false;
        subject.issue = issue;
        return test(subject) === "yes";
      },
    };
  }

  *#after(prepared: PreparedQuery, request: SearchRequest): Generator<Issue> {
    const candidates = this.#findCandidates(prepared.query.where);
    if (prepared.order.isSerial && candidates === undefined) {
      yield* this.#walk(prepared, request);
      return;
    }
    const { order } = prepared;
    const { after } = request;
    for (const issue of this.#sort(prepared, request, candidates)) {
      if (after === undefined || order.compare(order.keyOf(issue), after) > 0) yield issue;
    }
  }

  *#walk({ order, matches }: PreparedQuery, request: SearchRequest): Generator<Issue> {
    const { end } = this.#site.issues;
    const after = request.after?.at(-1);
    const step = order.isDescending ? -1 : 1;
    const start = typeof after === "number" ? after + step : order.isDescending ? end - 1 : 0;
    for (let n = start; n >= 0 && n < end; n += step) {
      const issue = this.#view(n, request.reconcile);
      if (issue !== undefined && matches(issue)) yield issue;
    }
  }

  /** Remembered between pages as long as nothing changes. */
  #sort(
    prepared: PreparedQuery,
    request: SearchRequest,
    candidates: ReadonlySet<number> | undefined,
  ): readonly Issue[] {
    const { issues, namesRevision } = this.#site;
    const key = [request.jql, request.nowMs, issues.revision, namesRevision, ...request.reconcile].join("\n");
    const isStable = !issues.hasStale(this.#site.now());
    const known = isStable ? this.#sorted.get(key) : undefined;
    if (known !== undefined) return known;
    const found: { readonly issue: Issue; readonly place: SortKey }[] = [];
    for (const n of candidates ?? countTo(issues.end)) {
      const issue = this.#view(n, request.reconcile);
      if (issue !== undefined && prepared.matches(issue)) found.push({ issue, place: prepared.order.keyOf(issue) });
    }
    found.sort((left, right) => prepared.order.compare(left.place, right.place));
    const sorted = found.map(({ issue }) => issue);
    if (isStable) {
      if (this.#sorted.size >= sortedKept) this.#sorted.clear();
      this.#sorted.set(key, sorted);
    }
    return sorted;
  }

  #view(n: number, reconcile: ReadonlySet<number>): Issue | undefined {
    return reconcile.has(n) ? this.#site.issues.find(n) : this.#site.issues.indexed(n, this.#site.now());
  }

  /** Queries that name their issues need not look at all of them. */
  #findCandidates(where: JqlClause | undefined): ReadonlySet<number> | undefined {
    const parts = where?.type === "and" ? where.clauses : where === undefined ? [] : [where];
    for (const part of parts) {
      if (part.type !== "comparison" || toFieldName(part.field) !== "issuekey") continue;
      if (part.operator !== "=" && part.operator !== "in") continue;
      const keys = listTexts(part.operand);
      if (keys === undefined) continue;
      return new Set(keys.flatMap((key) => this.#site.issues.serialOf(key) ?? []));
    }
    return undefined;
  }
}

function parse(jql: string): JqlQuery {
  try {
    return parseJql(jql);
  } catch (error) {
    if (error instanceof JqlSyntaxError) throw new JqlRefusal([toSyntaxMessage(error)]);
    throw error;
  }
}

function toContext(site: Site, nowMs: number): JqlContext {
  return {
    nowMs,
    timeZone: site.options.callerTimeZone,
    currentUser: site.options.deployment === "server" ? toUserName(site.callerUser) : site.callerUser.accountId,
    firstDayOfWeek: 1,
    rank: (field, nameOrId) => {
      if (field !== "priority") return undefined;
      const index = priorities.findIndex(
        ({ id, name }) => id === nameOrId || name.toLowerCase() === nameOrId.toLowerCase(),
      );
      return index < 0 ? undefined : -index;
    },
    // Where Jira's stemming would decide, the simulated index has none: the words must be there as they are.
    matchText: (text, pattern) => {
      const verdict = matchText(text, pattern);
      if (verdict !== "unknown") return verdict;
      const words = pattern
        .toLowerCase()
        .split(/[\s"*]+/)
        .filter((word) => word !== "");
      return words.every((word) => text.toLowerCase().includes(word)) ? "yes" : "no";
    },
    functions: (name, args) => {
      if (name === "membersof") return site.membersOf(args[0] ?? "").map((user) => user.accountId);
      if (name === "linkedissues") return site.linkedKeys(args[0] ?? "");
      return undefined;
    },
  };
}

function listTexts(operand: JqlOperand): string[] | undefined {
  if (operand.type === "text" || operand.type === "number") return [operand.text];
  if (operand.type !== "list") return undefined;
  const texts = operand.items.map(listTexts);
  return texts.every((text) => text !== undefined) ? texts.flat() : undefined;
}

function* countTo(end: number): Generator<number> {
  for (let n = 0; n < end; n++) yield n;
}
