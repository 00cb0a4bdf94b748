import type { JqlField } from "./jql-query.ts";

/** Jira's own fields, each with the other names it goes by in JQL. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  affectedversion: [],
  approvals: [],
  approver: [],
  assignee: [],
  attachments: [],
  category: ["projectcategory"],
  comment: [],
  component: ["components"],
  created: ["createddate"],
  creator: [],
  description: [],
  due: ["duedate"],
  environment: [],
  epiclink: ["epic link"],
  filter: ["request", "savedfilter", "searchrequest"],
  fixversion: ["fixversions"],
  hierarchylevel: [],
  issuekey: ["id", "issue", "key"],
  issuelink: [],
  issuelinktype: [],
  issuetype: ["type"],
  labels: [],
  lastviewed: [],
  level: [],
  originalestimate: ["timeoriginalestimate"],
  parent: [],
  parentepic: [],
  parentproject: [],
  pendingapproval: [],
  priority: [],
  project: [],
  projecttype: [],
  rank: [],
  remainingestimate: ["timeestimate"],
  reporter: [],
  resolution: [],
  resolved: ["resolutiondate"],
  sprint: [],
  status: [],
  statuscategory: [],
  statuscategorychangeddate: [],
  summary: [],
  team: [],
  text: [],
  textfields: [],
  timespent: [],
  updated: ["updateddate"],
  voter: [],
  votes: [],
  watcher: [],
  watchers: ["watches"],
  workratio: [],
  worklogauthor: [],
  worklogcomment: [],
  worklogdate: [],
};

const CANONICAL: ReadonlyMap<string, string> = new Map(
  Object.entries(ALIASES).flatMap(([name, aliases]) => [name, ...aliases].map((alias) => [alias, name] as const)),
);

/** Every name of every field that Jira itself has, in lower case. */
export const SYSTEM_FIELD_NAMES: readonly string[] = [...CANONICAL.keys()];

/** The one name under which subjects answer: `key`, `ID` and `issue` are all `issuekey`; others in lower case. */
export function toFieldName(field: JqlField): string {
  return toCanonicalName(field.name);
}

/** Custom fields may be written with their type behind them, `Story Points[Number]`, which is no part of the name. */
export function toCanonicalName(name: string): string {
  const lower = name.toLowerCase().replace(/(?<=.)\[[a-z ]+\]$/, "");
  return CANONICAL.get(lower) ?? lower;
}
