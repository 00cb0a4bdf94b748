import { readChanges } from "./issue-history.ts";
import { toItem, toText, isObject } from "./issue-value.ts";
import type { FieldShape, RawObject } from "./issue-value.ts";
import { toCanonicalName } from "./jql-fields.ts";
import { EMPTY } from "./jql-value.ts";
import type { JqlFieldValue, JqlItem, JqlSubject } from "./jql-value.ts";

/** A field as `GET /rest/api/3/field` describes it, as far as JQL needs it. */
export interface IssueFieldInfo {
  readonly id: string;
  readonly name: string;
  /** All the names it has in JQL. */
  readonly clauseNames?: readonly string[];
  readonly schema?: { readonly type: string; readonly items?: string; readonly custom?: string };
}

export interface IssueReaderOptions {
  /** The site's fields; without them only Jira's own fields and `cf[…]` without a declared type can be read. */
  readonly fields?: readonly IssueFieldInfo[];
  /** Whether issues come with all fields, so that a key that is missing (`parent`) means that there is no value. */
  readonly isComplete?: boolean;
}

interface FieldSource {
  readonly id: string;
  readonly shape: FieldShape;
}

/** Where Jira's own fields stand in an issue. `issuekey`, `statuscategory` and the texts have rules of their own. */
const SYSTEM_SOURCES: Readonly<Record<string, FieldSource>> = {
  affectedversion: { id: "versions", shape: "named" },
  assignee: { id: "assignee", shape: "user" },
  component: { id: "components", shape: "named" },
  created: { id: "created", shape: "date" },
  creator: { id: "creator", shape: "user" },
  description: { id: "description", shape: "text" },
  due: { id: "duedate", shape: "day" },
  environment: { id: "environment", shape: "text" },
  fixversion: { id: "fixVersions", shape: "named" },
  issuetype: { id: "issuetype", shape: "named" },
  labels: { id: "labels", shape: "label" },
  lastviewed: { id: "lastViewed", shape: "date" },
  parent: { id: "parent", shape: "issue" },
  priority: { id: "priority", shape: "named" },
  project: { id: "project", shape: "named" },
  reporter: { id: "reporter", shape: "user" },
  resolution: { id: "resolution", shape: "named" },
  resolved: { id: "resolutiondate", shape: "date" },
  status: { id: "status", shape: "named" },
  statuscategorychangeddate: { id: "statuscategorychangedate", shape: "date" },
  summary: { id: "summary", shape: "text" },
  updated: { id: "updated", shape: "date" },
};

const TEXT_SOURCES = ["summary", "description", "environment"];

/** How a declared schema type, or the type of a list's items, is compared. Others are opaque. */
const SHAPES: Readonly<Record<string, FieldShape>> = {
  number: "number",
  date: "day",
  datetime: "date",
  option: "named",
  version: "named",
  component: "named",
  priority: "named",
  project: "named",
  group: "named",
  user: "user",
};

/** Fields whose plain schema type does not tell what they hold. */
const CUSTOM_SHAPES: Readonly<Record<string, FieldShape>> = {
  "com.pyxis.greenhopper.jira:gh-sprint": "named",
  "com.pyxis.greenhopper.jira:gh-epic-link": "issue",
  "com.atlassian.jira.plugin.system.customfieldtypes:textfield": "text",
  "com.atlassian.jira.plugin.system.customfieldtypes:textarea": "text",
  "com.atlassian.jira.plugin.system.customfieldtypes:labels": "label",
};

/** Status categories are translated in payloads; JQL knows them by these names always. */
const CATEGORY_NAMES: ReadonlyMap<unknown, string> = new Map([
  ["undefined", "No Category"],
  ["new", "To Do"],
  ["indeterminate", "In Progress"],
  ["done", "Done"],
]);

/** A function that makes raw issues (REST v2 or v3, Cloud or Data Center, webhook bodies too) readable for JQL. */
export function createIssueReader(options: IssueReaderOptions = {}): (rawIssue: unknown) => JqlSubject {
  const sources = indexSources(options.fields ?? []);
  const isComplete = options.isComplete ?? false;
  return (rawIssue) => new IssueSubject(isObject(rawIssue) ? rawIssue : {}, sources, isComplete);
}

/** One raw issue, of which nothing more is known than what it says itself. */
export function toIssueSubject(rawIssue: unknown): JqlSubject {
  return readPlainIssue(rawIssue);
}

const readPlainIssue = createIssueReader();

/** What every name stands for; `undefined` for a name that several fields share. */
function indexSources(fields: readonly IssueFieldInfo[]): ReadonlyMap<string, FieldSource | undefined> {
  const sources = new Map<string, FieldSource | undefined>();
  for (const field of fields) {
    const source = { id: field.id, shape: toShape(field) };
    for (const name of new Set(listNames(field))) {
      if (SYSTEM_SOURCES[name] !== undefined) continue;
      sources.set(name, sources.has(name) && sources.get(name)?.id !== field.id ? undefined : source);
    }
  }
  return sources;
}

function listNames({ id, name, clauseNames, schema }: IssueFieldInfo): string[] {
  const names = [name, ...(clauseNames ?? [])].map(toCanonicalName);
  const number = /^customfield_(\d+)$/.exec(id)?.[1];
  if (number !== undefined) names.push(`cf[${number}]`);
  if (schema?.custom === "com.pyxis.greenhopper.jira:gh-sprint") names.push("sprint");
  if (schema?.custom === "com.pyxis.greenhopper.jira:gh-epic-link") names.push("epiclink");
  return names;
}

function toShape({ schema }: IssueFieldInfo): FieldShape {
  if (schema === undefined) return "undeclared";
  const type = schema.type === "array" ? (schema.items ?? "") : schema.type;
  return CUSTOM_SHAPES[schema.custom ?? ""] ?? SHAPES[type] ?? "opaque";
}

class IssueSubject implements JqlSubject {
  readonly #issue: RawObject;
  readonly #fields: RawObject;
  readonly #sources: ReadonlyMap<string, FieldSource | undefined>;
  readonly #isComplete: boolean;

  constructor(issue: RawObject, sources: ReadonlyMap<string, FieldSource | undefined>, isComplete: boolean) {
    this.#issue = issue;
    this.#fields = isObject(issue["fields"]) ? issue["fields"] : {};
    this.#sources = sources;
    this.#isComplete = isComplete;
  }

  read(field: string): JqlFieldValue | undefined {
    switch (field) {
      case "issuekey":
        return toItem(this.#issue, "issue");
      case "statuscategory":
        return this.#readStatusCategory();
      case "text":
      case "textfields":
        return { type: "list", items: this.#readTexts() };
      case "comment":
        return this.#readComments();
    }
    const source = SYSTEM_SOURCES[field] ?? this.#sources.get(field) ?? toUndeclaredSource(field);
    return source && this.#readSource(source);
  }

  history(field: string): ReturnType<typeof readChanges> {
    return readChanges(this.#issue["changelog"], field);
  }

  #readSource({ id, shape }: FieldSource): JqlFieldValue | undefined {
    const raw = this.#fields[id];
    if (raw === undefined) return this.#isComplete ? EMPTY : undefined;
    if (raw === null) return EMPTY;
    return Array.isArray(raw) ? { type: "list", items: raw.map((item) => toItem(item, shape)) } : toItem(raw, shape);
  }

  #readStatusCategory(): JqlFieldValue | undefined {
    const status = this.#fields["status"];
    const category = (isObject(status) ? status["statusCategory"] : undefined) ?? this.#fields["statusCategory"];
    const item = isObject(category) ? toItem(category, "named") : undefined;
    return item?.type === "named" ? { ...item, alias: CATEGORY_NAMES.get(item.key) } : undefined;
  }

  /** The texts that are at hand. Custom fields and comments belong to `text` too, so there may always be more. */
  #readTexts(): JqlItem[] {
    return TEXT_SOURCES.map((id) => ({ type: "text", text: toText(this.#fields[id]), isPartial: true }));
  }

  #readComments(): JqlFieldValue | undefined {
    const page = this.#fields["comment"];
    if (!isObject(page) || !Array.isArray(page["comments"])) return undefined;
    const comments: readonly unknown[] = page["comments"];
    if (page["total"] !== comments.length) return undefined;
    return {
      type: "list",
      items: comments.map((comment) => ({ type: "text", text: isObject(comment) ? toText(comment["body"]) : "" })),
    };
  }
}

/** `cf[10010]` of a site whose fields are not known. */
function toUndeclaredSource(field: string): FieldSource | undefined {
  const number = /^cf\[(\d+)\]$/.exec(field)?.[1];
  return number === undefined ? undefined : { id: `customfield_${number}`, shape: "undeclared" };
}
