import { toIssueId, type Issue } from "../site/issue.ts";
import { Fragments } from "./fragments.ts";
import { compileFields, type FieldPlan, type FieldSelection } from "./field-plan.ts";
import type { IssueExpansion } from "./issue-expansion.ts";
import type { IssueField } from "./issue-field.ts";
import { linkTypes } from "../site/workflow.ts";
import { toLinkTypeBody } from "./workflow-bodies.ts";
import { toTextBytes } from "./utf8-bytes.ts";
import type { Wire } from "./wire.ts";

const expandable = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations";
const plansKept = 200;

/** What of an issue is asked for. */
export interface IssueChoice {
  readonly selection: FieldSelection;
  readonly expansion?: IssueExpansion | undefined;
  /** Further members, as they are. */
  readonly extra?: string;
}

/** Issues as bytes. What to write is decided once per selection of fields; see `compileFields`. */
export class IssueRenderer {
  readonly wire: Wire;
  readonly fragments: Fragments;
  readonly #plans = new Map<string, FieldPlan>();
  /** Those that the plans were made for. */
  #fields: readonly IssueField[] = [];

  constructor(wire: Wire) {
    this.wire = wire;
    this.fragments = new Fragments(wire);
  }

  render(issue: Issue, selection: FieldSelection, expansion?: IssueExpansion, extra = ""): string {
    let text = "";
    this.write(issue, { selection, expansion, extra }, (bytes) => (text += bytes));
    return text;
  }

  /** With nothing selected only the id, as the search of Jira Cloud does it. */
  write(issue: Issue, choice: IssueChoice, sink: (bytes: string) => void): void {
    const { selection, expansion } = choice;
    const plan = this.#planOf(selection);
    const id = toIssueId(issue.n);
    const extra = (expansion?.membersOf(issue) ?? "") + (choice.extra ?? "");
    if (plan.isIdOnly) return sink(`{"id":"${id}"${extra}}`);
    const key = this.wire.site.issues.keyOf(issue);
    sink(`{"expand":"${expandable}","id":"${id}","self":"${this.wire.api(`/issue/${id}`)}","key":"${key}"${extra}`);
    if (!plan.isKeyOnly && expansion?.showsFields !== false) {
      sink(',"fields":{');
      for (const part of plan.parts) sink(typeof part === "string" ? part : part(issue, this));
      sink("}");
    }
    sink("}");
  }

  /** How an issue stands inside another one, as parent, subtask or linked issue. */
  renderReference(issue: Issue): string {
    const { fragments } = this;
    const id = toIssueId(issue.n);
    const key = this.wire.site.issues.keyOf(issue);
    return (
      `{"id":"${id}","key":"${key}","self":"${this.wire.api(`/issue/${id}`)}","fields":{"summary":` +
      `${toTextBytes(issue.summary)},"status":${fragments.status(issue.statusIndex)},"priority":` +
      `${fragments.priority(issue.priorityIndex)},"issuetype":${fragments.issueType(issue.typeIndex)}}}`
    );
  }

  /** Each link names the other end only, and from which side it is seen. */
  renderLinks(issue: Issue): string {
    const { site } = this.wire;
    const bodies = site.links.list(issue.n).flatMap((link) => {
      const type = linkTypes[link.typeIndex];
      const isSource = link.source === issue.n;
      const other = site.issues.find(isSource ? link.destination : link.source);
      if (type === undefined || other === undefined) return [];
      const self = this.wire.api(`/issueLink/${link.id}`);
      const typeBody = JSON.stringify(toLinkTypeBody(this.wire, type));
      const side = isSource ? "outwardIssue" : "inwardIssue";
      return [`{"id":"${link.id}","self":"${self}","type":${typeBody},"${side}":${this.renderReference(other)}}`];
    });
    return `[${bodies.join(",")}]`;
  }

  #planOf(selection: FieldSelection): FieldPlan {
    const { fields } = this.wire;
    if (this.#fields !== fields) {
      this.#fields = fields;
      this.#plans.clear();
    }
    const key = selection.join(",");
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      if (this.#plans.size >= plansKept) this.#plans.clear();
      this.#plans.set(key, (plan = compileFields(selection, fields)));
    }
    return plan;
  }
}
