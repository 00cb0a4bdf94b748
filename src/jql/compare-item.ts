import { parseIssueKey } from "./issue-key.ts";
import type { JqlLiteralTarget, JqlTarget } from "./jql-target.ts";
import { not, toVerdict } from "./jql-value.ts";
import type { JqlIssueItem, JqlItem, JqlNamedItem, JqlUserItem, Verdict } from "./jql-value.ts";
import { isAfter, isBefore, isSameDay, isSameInstant } from "./moment.ts";
import type { Moment } from "./moment.ts";

export type Relation = "<" | "<=" | ">" | ">=";
/** The place of a named thing in its order. */
export type RankReader = ((nameOrId: string) => number | undefined) | undefined;

/** Whether one value of a field is what the query names. */
export function equalsTarget(item: JqlItem, target: JqlTarget): Verdict {
  switch (target.type) {
    case "empty":
      return "no";
    case "unknown":
      return "unknown";
    case "trait":
      return item.type === "named" && item.traits !== undefined
        ? toVerdict(item.traits.includes(target.trait))
        : "unknown";
    case "moment":
      return equalsMoment(item, target.moment);
    case "literal":
      return equalsLiteral(item, target);
  }
}

/** Whether one value of a field stands in a relation to what the query names. */
export function relatesToTarget(item: JqlItem, relation: Relation, target: JqlTarget, rank: RankReader): Verdict {
  const moment = target.type === "moment" || target.type === "literal" ? target.moment : undefined;
  if (item.type === "date") return moment === undefined ? "unknown" : relateInstant(item.epochMs, relation, moment);
  if (item.type === "day") return moment === undefined ? "unknown" : relateDay(item.day, relation, moment);
  if (target.type !== "literal") return "unknown";
  if (item.type === "number") return fromOrder(subtract(item.value, target.number), relation);
  if (item.type === "named") return relateNamed(item, relation, target, rank);
  return item.type === "issue" ? relateIssue(item, relation, target) : "unknown";
}

function equalsMoment(item: JqlItem, moment: Moment | undefined): Verdict {
  if (moment === undefined) return "unknown";
  if (item.type === "date") return isSameInstant(item.epochMs, moment);
  return item.type === "day" ? isSameDay(item.day, moment) : "unknown";
}

function equalsLiteral(item: JqlItem, target: JqlLiteralTarget): Verdict {
  switch (item.type) {
    case "named":
      return equalsNamed(item, target);
    case "user":
      return equalsUser(item, target);
    case "issue":
      return equalsIssue(item, target);
    case "label":
      // Whether labels that differ in case alone are the same is not documented.
      return item.text === target.text ? "yes" : isSameText(item.text, target) ? "unknown" : "no";
    case "number":
      return target.number === undefined ? "unknown" : toVerdict(item.value === target.number);
    case "date":
    case "day":
      return equalsMoment(item, target.moment);
    case "text":
    case "opaque":
      return "unknown";
  }
}

function equalsNamed(item: JqlNamedItem, target: JqlLiteralTarget): Verdict {
  if (item.id === target.text) return "yes";
  if ([item.name, item.key, item.alias].some((text) => text !== undefined && isSameText(text, target))) return "yes";
  const isIdMissing = item.id === undefined && target.number !== undefined;
  return item.name === undefined || isIdMissing ? "unknown" : "no";
}

function equalsUser(user: JqlUserItem, target: JqlLiteralTarget): Verdict {
  const { accountId, displayName, emailAddress, username } = user;
  if ([accountId, username, displayName, emailAddress].some((text) => text !== undefined && isSameText(text, target))) {
    return "yes";
  }
  // Jira also finds people by names and addresses, of which a subject may lack some.
  const isById = accountId !== undefined && isAccountId(target.text);
  const isWhole = displayName !== undefined && emailAddress !== undefined;
  return isById || isWhole ? "no" : "unknown";
}

/** The forms in use: 24 hexadecimal digits, or a prefix and a UUID. */
function isAccountId(text: string): boolean {
  return /^([0-9a-f]{24}|(\w+:){1,2}[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(:[0-9a-f-]{36})?)$/.test(text);
}

function equalsIssue(issue: JqlIssueItem, target: JqlLiteralTarget): Verdict {
  const wanted = target.issueKey === undefined ? issue.id : issue.key;
  if (wanted === undefined) return "unknown";
  return toVerdict(isSameText(wanted, target) || issue.formerKeys?.some((key) => isSameText(key, target)) === true);
}

function relateInstant(epochMs: number, relation: Relation, moment: Moment): Verdict {
  switch (relation) {
    case "<":
      return isBefore(epochMs, moment);
    case ">=":
      return not(isBefore(epochMs, moment));
    case ">":
      return isAfter(epochMs, moment);
    case "<=":
      return not(isAfter(epochMs, moment));
  }
}

function relateDay(day: number, relation: Relation, moment: Moment): Verdict {
  const first = fromOrder(day - moment.firstDay, relation);
  return first === fromOrder(day - moment.lastDay, relation) ? first : "unknown";
}

function relateNamed(item: JqlNamedItem, relation: Relation, target: JqlLiteralTarget, rank: RankReader): Verdict {
  const name = item.id ?? item.name;
  const own = name === undefined ? undefined : rank?.(name);
  return fromOrder(own === undefined ? undefined : subtract(own, rank?.(target.text)), relation);
}

/** Numbers order issues within a project; issues of other projects are not in the order at all. */
function relateIssue(issue: JqlIssueItem, relation: Relation, target: JqlLiteralTarget): Verdict {
  const own = issue.key === undefined ? undefined : parseIssueKey(issue.key);
  if (own === undefined || target.issueKey === undefined) return "unknown";
  return own.project === target.issueKey.project ? fromOrder(own.number - target.issueKey.number, relation) : "no";
}

function fromOrder(order: number | undefined, relation: Relation): Verdict {
  if (order === undefined) return "unknown";
  switch (relation) {
    case "<":
      return toVerdict(order < 0);
    case "<=":
      return toVerdict(order <= 0);
    case ">":
      return toVerdict(order > 0);
    case ">=":
      return toVerdict(order >= 0);
  }
}

function subtract(left: number, right: number | undefined): number | undefined {
  return right === undefined ? undefined : left - right;
}

function isSameText(text: string, target: JqlLiteralTarget): boolean {
  return text === target.text || text.toLowerCase() === target.lowerCase;
}
