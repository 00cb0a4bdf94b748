import type { Description, Issue } from "../site/issue.ts";
import { listSettable, toFieldMeta, toFieldSchema } from "./field-bodies.ts";
import { chooseFields, type FieldSelection } from "./field-plan.ts";
import { toHtml } from "./document-html.ts";
import { renderChangelog } from "./history-bodies.ts";
import type { IssueField } from "./issue-field.ts";
import type { IssueRenderer } from "./issue-renderer.ts";
import { listTransitions, toTransitionBody } from "./transition-bodies.ts";
import { toJsonBytes } from "./utf8-bytes.ts";

type Expand = (issue: Issue, renderer: IssueRenderer, fields: readonly IssueField[]) => string;

/** What `expand` can add to an issue, each as bytes of JSON. */
const members: Readonly<Record<string, Expand>> = {
  changelog: (issue, renderer) => renderChangelog(issue, renderer),
  renderedFields: (issue, { wire }, fields) =>
    toJsonBytes(Object.fromEntries(fields.map(({ id }) => [id, renderedFields[id]?.(issue, wire) ?? null]))),
  transitions: (issue, { wire }) =>
    toJsonBytes(listTransitions(wire.site, issue).map((transition) => toTransitionBody(wire, transition))),
  operations: () => '{"linkGroups":[]}',
  editmeta: (issue, { wire }) => {
    const project = wire.site.projects[issue.projectIndex];
    const metas = listSettable(wire.site, "edit").map((field) => [field.id, toFieldMeta(wire, field, project)]);
    return toJsonBytes({ fields: Object.fromEntries(metas) });
  },
  versionedRepresentations: (issue, renderer, fields) => {
    const versions = fields.flatMap(({ id, value }) => {
      const bytes = typeof value === "string" ? value : value(issue, renderer);
      return bytes === "" ? [] : [`"${id}":{"1":${bytes}}`];
    });
    return `{${versions.join(",")}}`;
  },
};

/** As pages show it: texts as HTML, dates in words; everything else is null. */
const renderedFields: Readonly<Record<string, (issue: Issue, wire: IssueRenderer["wire"]) => unknown>> = {
  description: ({ description }, wire) => toText(description, wire),
  created: ({ createdMs }, wire) => toWords(wire.date(createdMs)),
  updated: ({ updatedMs }, wire) => toWords(wire.date(updatedMs)),
  resolutiondate: ({ resolvedMs }, wire) => (resolvedMs === undefined ? null : toWords(wire.date(resolvedMs))),
  statuscategorychangedate: ({ statusChangedMs }, wire) => toWords(wire.date(statusChangedMs)),
};

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The `expand` of one request, over the fields that it selects. */
export class IssueExpansion {
  readonly #renderer: IssueRenderer;
  readonly #expand: ReadonlySet<string>;
  readonly #members: readonly (readonly [name: string, expand: Expand])[];
  readonly #fields: readonly IssueField[];
  /** `fields` are not sent beside their versions. */
  readonly showsFields: boolean;

  constructor(renderer: IssueRenderer, expand: readonly string[], selection: FieldSelection) {
    this.#renderer = renderer;
    this.#expand = new Set(expand);
    this.#members = Object.entries(members).filter(([name]) => this.#expand.has(name));
    this.#fields = expand.length === 0 ? [] : chooseFields(selection, renderer.wire.fields);
    this.showsFields = !this.#expand.has("versionedRepresentations");
  }

  /** Members to be put in beside `key`. */
  membersOf(issue: Issue): string {
    let text = "";
    for (const [name, expand] of this.#members) {
      text += `,"${name}":${expand(issue, this.#renderer, this.#fields)}`;
    }
    return text;
  }

  /** What the fields are called and what they are: a member of a page, or of an issue that stands alone. */
  get legend(): string {
    const entries = (read: (field: IssueField) => unknown): string =>
      toJsonBytes(Object.fromEntries(this.#fields.map((field) => [field.id, read(field)])));
    const names = this.#expand.has("names") ? `,"names":${entries(({ name }) => name)}` : "";
    return names + (this.#expand.has("schema") ? `,"schema":${entries(toFieldSchema)}` : "");
  }
}

function toText(description: Description | undefined, { site }: IssueRenderer["wire"]): string | null {
  if (description === undefined) return null;
  if (description.kind === "document") return toHtml(description.document);
  return description.blocks.map((block) => toHtml(site.prose[block]?.node)).join("\n");
}

/** `26/Jan/26 1:39 AM` */
function toWords(date: string): string {
  const [, year = "", month = "", day = "", hour = "", minute = ""] =
    /^\d\d(\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(date) ?? [];
  const hours = Number(hour);
  return `${day}/${months[Number(month) - 1]}/${year} ${hours % 12 || 12}:${minute} ${hours < 12 ? "AM" : "PM"}`;
}
