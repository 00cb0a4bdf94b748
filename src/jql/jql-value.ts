/** Three-valued truth. "unknown" means: only Jira can tell. */
export type Verdict = "yes" | "no" | "unknown";

/** Something whose fields can be compared: an issue, whole or in part. */
export interface JqlSubject {
  /**
   * The value of a field by its name in lower case, aliases resolved (see `toFieldName`): `issuekey`, `fixversion`,
   * `story points`, `cf[10010]`. Undefined when this subject cannot tell, which makes clauses about it unknown.
   */
  read(field: string): JqlFieldValue | undefined;
  /** What happened to a field, oldest first and complete; undefined when this subject cannot tell. */
  history?(field: string): readonly JqlChange[] | undefined;
}

export type JqlFieldValue = JqlItem | JqlItems | JqlEmptyValue;

export interface JqlEmptyValue {
  readonly type: "empty";
}

/** The values of a field that can hold several. No items is the same as empty. */
export interface JqlItems {
  readonly type: "list";
  readonly items: readonly JqlItem[];
}

export type JqlItem =
  | JqlNamedItem
  | JqlUserItem
  | JqlIssueItem
  | JqlLabelItem
  | JqlTextItem
  | JqlNumberItem
  | JqlDateItem
  | JqlDayItem
  | JqlOpaqueItem;

/** A status, project, priority, version, component, sprint, option, …: what has an id and a name. */
export interface JqlNamedItem {
  readonly type: "named";
  readonly id?: string | undefined;
  readonly key?: string | undefined;
  readonly name?: string | undefined;
  /** Another name that also finds it, e.g. the English name of a translated status category. */
  readonly alias?: string | undefined;
  /** What functions ask for; undefined when unknown, which makes such functions unknown. */
  readonly traits?: readonly JqlTrait[] | undefined;
}

/** `active` belongs to openSprints(), `subtask` to subTaskIssueTypes(), and so on. */
export type JqlTrait = "active" | "closed" | "future" | "standard" | "subtask" | "released" | "unreleased";

export interface JqlUserItem {
  readonly type: "user";
  readonly accountId?: string | undefined;
  readonly displayName?: string | undefined;
  readonly emailAddress?: string | undefined;
  /** The login of Jira Server and Data Center. */
  readonly username?: string | undefined;
}

export interface JqlIssueItem {
  readonly type: "issue";
  readonly id?: string | undefined;
  readonly key?: string | undefined;
  /** Keys from before the issue moved to another project; JQL still finds it by them. */
  readonly formerKeys?: readonly string[];
}

export interface JqlLabelItem {
  readonly type: "label";
  readonly text: string;
}

/** Text that Jira indexes by words. */
export interface JqlTextItem {
  readonly type: "text";
  readonly text: string;
  /** Whether more text belongs to the field than is given here. */
  readonly isPartial?: boolean;
}

export interface JqlNumberItem {
  readonly type: "number";
  readonly value: number;
}

/** An instant. */
export interface JqlDateItem {
  readonly type: "date";
  readonly epochMs: number;
}

/** A calendar day without a zone: due dates, date custom fields. Counted from 1970-01-01. */
export interface JqlDayItem {
  readonly type: "day";
  readonly day: number;
}

/** There is a value, but what it means to JQL is not known. */
export interface JqlOpaqueItem {
  readonly type: "opaque";
}

export interface JqlChange {
  readonly atMs: number;
  readonly author: JqlUserItem | undefined;
  readonly from: JqlFieldValue;
  readonly to: JqlFieldValue;
}

/** What a query means besides its text. */
export interface JqlContext {
  readonly nowMs: number;
  /** IANA zone of the user who runs the query; undefined makes dates unknown where the zone would decide. */
  readonly timeZone: string | undefined;
  /** Account id (on Data Center: login) of the user who runs the query. */
  readonly currentUser?: string | undefined;
  /** 0 is Sunday. Undefined makes weeks unknown where it would decide. */
  readonly firstDayOfWeek?: 0 | 1 | 6 | undefined;
  /** Values of a function, as ids, keys, names or account ids; asked before the functions that are built in. */
  readonly functions?: (name: string, args: readonly string[]) => readonly string[] | undefined;
  /** The place of a priority, version, … in its order, by name or id; greater is more important, or later. */
  readonly rank?: (field: string, nameOrId: string) => number | undefined;
  /** Decides `~`; the default is sure only of simple cases. */
  readonly matchText?: (text: string, pattern: string) => Verdict;
}

export const EMPTY: JqlEmptyValue = { type: "empty" };

export function not(verdict: Verdict): Verdict {
  return verdict === "unknown" ? "unknown" : verdict === "yes" ? "no" : "yes";
}

export function toVerdict(truth: boolean): Verdict {
  return truth ? "yes" : "no";
}

/** "yes" if any test says so, "unknown" if any might. */
export function anyOf<Item>(items: readonly Item[], test: (item: Item) => Verdict): Verdict {
  let result: Verdict = "no";
  for (const item of items) {
    const verdict = test(item);
    if (verdict === "yes") return "yes";
    if (verdict === "unknown") result = "unknown";
  }
  return result;
}

/** "no" if any test says so, "unknown" if any might. */
export function allOf<Item>(items: readonly Item[], test: (item: Item) => Verdict): Verdict {
  let result: Verdict = "yes";
  for (const item of items) {
    const verdict = test(item);
    if (verdict === "no") return "no";
    if (verdict === "unknown") result = "unknown";
  }
  return result;
}
