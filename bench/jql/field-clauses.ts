import { compared, membership, relate } from "./clause.ts";
import type { Clause, Scene } from "./clause.ts";
import { CATEGORY_NAMES, LABELS, PRIORITIES, PROJECTS, STATUSES, TYPES, USERS, WORDS } from "./raw-issue.ts";
import type { RawIssue } from "./raw-issue.ts";
import { EITHER, NO, YES, truly } from "./truth.ts";
import type { Truth } from "./truth.ts";

type Make = (scene: Scene) => Clause;

/** Clauses about everything but dates. */
export const FIELD_CLAUSES: readonly Make[] = [
  named("status", STATUSES.flatMap(({ id, name }) => [id, name, "Nowhere"]), ({ fields }) => [[fields.status.id, fields.status.name]]),
  named("statusCategory", ["Done", "done", "To Do", "待办", "2", "indeterminate", "None"], ({ fields }) => {
    const { id, key, name } = fields.status.statusCategory;
    return [[String(id), key, name, CATEGORY_NAMES[key] ?? ""]];
  }),
  named("project", PROJECTS.flatMap(({ id, key, name }) => [id, key.toLowerCase(), name, "ZZZ"]), ({ fields }) => [Object.values(fields.project)]),
  named("issuetype", TYPES.flatMap(({ id, name }) => [id, name]), ({ fields }) => [[fields.issuetype.id, fields.issuetype.name]]),
  named("priority", ["5", "medium", "Highest", "None"], ({ fields }) => (fields.priority === null ? [] : [[fields.priority.id, fields.priority.name]])),
  named("fixVersion", ["71", "72", "1.0", "9.9"], ({ fields }) => fields.fixVersions.map(({ id, name }) => [id, name])),
  named("Sprint", ["1", "sprint 2", "Sprint 9"], ({ fields }) => (fields.customfield_10020 ?? []).map(({ id, name }) => [String(id), name])),
  named("key", ["abc-1", "DO-2", "X1-30", "20005"], ({ id, key }) => [[id, key]]),
  labels,
  people,
  members,
  functionOf("sprint", ["openSprints", "closedSprints", "futureSprints"], ({ fields }) =>
    (fields.customfield_10020 ?? []).map(({ state }) => ({ active: "openSprints", closed: "closedSprints" })[state] ?? "futureSprints")),
  functionOf("fixVersion", ["releasedVersions", "unreleasedVersions"], ({ fields }) =>
    fields.fixVersions.map(({ released }) => (released ? "releasedVersions" : "unreleasedVersions"))),
  functionOf("type", ["standardIssueTypes", "subTaskIssueTypes"], ({ fields }) => [fields.issuetype.subtask ? "subTaskIssueTypes" : "standardIssueTypes"]),
  emptiness,
  importance,
  points,
  keyOrder,
  parent,
  text,
]; // prettier-ignore

const sameWord = (left: string, right: string): boolean =>
  left.localeCompare(right, "en", { sensitivity: "accent" }) === 0;

/** A field of things that are found by id or name. */
function named(
  field: string,
  wanted: readonly string[],
  names: (issue: RawIssue) => readonly (readonly string[])[],
): Make {
  return ({ random }) => {
    const isList = random.chance(0.4);
    const chosen = random.some(wanted, 1, isList ? 3 : 1);
    const operator = random.pick(isList ? ["in", "not in"] : ["=", "!="]);
    const acceptsEmpty = isList && random.chance(0.2);
    const spelled = chosen.map((word) => (/^\d+$/.test(word) && random.chance(0.5) ? word : `"${word}"`));
    const operand = isList ? `(${[...spelled, ...(acceptsEmpty ? ["EMPTY"] : [])].join(", ")})` : spelled.join("");
    const isHit = (own: readonly string[]): Truth =>
      truly(own.some((name) => chosen.some((word) => sameWord(name, word))));
    return membership({ field, operator, operand, acceptsEmpty, values: names, isHit });
  };
}

function labels({ random }: Scene): Clause {
  const wanted = random.pick([...LABELS, "none"]);
  return membership({
    field: "labels",
    operator: random.pick(["=", "!="]),
    operand: wanted,
    acceptsEmpty: false,
    values: ({ fields }) => fields.labels,
    isHit: (label) => (label === wanted ? YES : sameWord(label, wanted) ? EITHER : NO),
  });
}

function people({ random, currentUser }: Scene): Clause {
  const wanted = random.pick([
    ...USERS.flatMap(({ accountId, displayName }) => [accountId, displayName]),
    "ann@example.com",
    "nobody",
    "currentUser()",
  ]);
  const word = wanted === "currentUser()" ? currentUser : wanted;
  const isId = USERS.some(({ accountId }) => accountId === word);
  return membership({
    field: "assignee",
    operator: random.pick(["=", "!="]),
    operand: wanted === "currentUser()" ? wanted : `"${wanted}"`,
    acceptsEmpty: false,
    values: ({ fields }) => (fields.assignee === null ? [] : [fields.assignee]),
    isHit: (user) => {
      if (Object.values(user).some((own) => sameWord(own, word))) return YES;
      return isId || user["emailAddress"] !== undefined ? NO : EITHER;
    },
  });
}

function members({ random }: Scene): Clause {
  return membership({
    field: "assignee",
    operator: random.pick(["in", "not in"]),
    operand: 'membersOf("staff")',
    acceptsEmpty: false,
    values: ({ fields }) => (fields.assignee === null ? [] : [fields.assignee]),
    isHit: () => EITHER,
  });
}

function functionOf(field: string, names: readonly string[], own: (issue: RawIssue) => readonly string[]): Make {
  return ({ random }) => {
    const name = random.pick(names);
    const operator = random.pick(["in", "not in"]);
    return membership({
      field,
      operator,
      operand: `${name}()`,
      acceptsEmpty: false,
      values: own,
      isHit: (value) => truly(value === name),
    });
  };
}

function emptiness({ random }: Scene): Clause {
  const [field, values] = random.pick<[string, (issue: RawIssue) => readonly unknown[] | undefined]>([
    ["assignee", ({ fields }) => (fields.assignee === null ? [] : [fields.assignee])],
    ["due", ({ fields }) => (fields.duedate === null ? [] : [fields.duedate])],
    ["labels", ({ fields }) => fields.labels],
    ["cf[10016]", ({ fields }) => (fields.customfield_10016 === null ? [] : [fields.customfield_10016])],
    ["environment", () => undefined],
    ["parent", ({ fields }) => fields.parent && [fields.parent]],
  ]);
  return compared(field, random.pick(["is", "is not"]), random.pick(["EMPTY", "NULL"]), (operator, issue) => {
    const found = values(issue);
    return found === undefined ? EITHER : truly((found.length === 0) === (operator === "is"));
  });
}

function importance({ random }: Scene): Clause {
  const wanted = random.integer(0, PRIORITIES.length - 1);
  const { id, name } = PRIORITIES[wanted] ?? { id: "", name: "" };
  return compared("priority", random.pick(["<", "<=", ">", ">="]), random.pick([id, name]), (operator, { fields }) => {
    const own = PRIORITIES.findIndex((priority) => priority.id === fields.priority?.id);
    return own < 0 ? NO : truly(relate(operator, own, wanted));
  });
}

function points({ random }: Scene): Clause {
  const wanted = random.pick(["0", "0.5", "1", "3", "7.5"]);
  const field = random.pick(["cf[10016]", '"Story Points"', '"story points[Number]"']);
  return compared(field, random.pick(["=", "!=", "<", "<=", ">", ">="]), wanted, (operator, { fields }) => {
    const own = fields.customfield_10016;
    return own === null ? NO : truly(relate(operator, own, Number(wanted)));
  });
}

function keyOrder({ random }: Scene): Clause {
  const project = random.pick(PROJECTS).key;
  const number = random.integer(1, 30);
  return compared("key", random.pick(["<", "<=", ">", ">="]), `${project}-${number}`, (operator, { key }) => {
    const [ownProject = "", ownNumber = ""] = key.split("-");
    return ownProject === project ? truly(relate(operator, Number(ownNumber), number)) : NO;
  });
}

function parent({ random }: Scene): Clause {
  const wanted = random.pick(["ABC-1", "DO-1", "20001"]);
  return compared("parent", random.pick(["=", "!="]), wanted, (operator, { fields }) => {
    if (fields.parent === undefined) return EITHER;
    return truly((wanted === fields.parent.key || wanted === fields.parent.id) === (operator === "="));
  });
}

function text({ random }: Scene): Clause {
  const wanted = random.pick([...WORDS, "kiwi", "elephant", "the", "log*"]);
  return compared("summary", random.pick(["~", "!~"]), `"${wanted}"`, (operator, { fields }) => {
    const words = fields.summary.split(" ");
    const certain = words.includes(wanted) ? [true] : [];
    const isOdd = wanted === "the" || wanted.endsWith("*");
    const stem = wanted.slice(0, wanted.length < 6 ? 1 : 3);
    if (!isOdd && certain.length === 0 && !fields.summary.includes(stem)) certain.push(false);
    return isOdd || certain.length === 0 ? EITHER : truly(certain[0] === (operator === "~"));
  });
}
