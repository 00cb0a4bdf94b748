import { SYSTEM_FIELD_NAMES, toFieldName } from "../../jql/jql-fields.ts";
import type { JqlClause, JqlComparison, JqlField, JqlOperand, JqlQuery } from "../../jql/jql-query.ts";
import type { Site } from "../site/site.ts";
import { priorities } from "../site/workflow.ts";
import { listFields } from "../wire/field-bodies.ts";
import { JqlRefusal } from "./jql-refusal.ts";

const maxSorts = 7;

/** Searches of everything are refused, and sorting by too much. */
export function checkBounds(query: JqlQuery): asserts query is JqlQuery & { readonly where: JqlClause } {
  if (query.where === undefined) {
    throw new JqlRefusal([
      "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
    ]);
  }
  if ((query.orderBy?.sorts.length ?? 0) > maxSorts) {
    throw new JqlRefusal([`The maximum number of ORDER BY fields is ${maxSorts}.`]);
  }
}

/** What parses but is refused all the same: unbounded searches, and names that the site does not know. */
export function checkQuery(query: JqlQuery, site: Site): void {
  checkBounds(query);
  const messages = listClauses(query.where).flatMap((clause) => {
    if (!isKnownField(clause.field, site)) {
      return [`Field '${clause.field.name}' does not exist or you do not have permission to view it.`];
    }
    return clause.type === "comparison" ? listUnknownValues(clause, site) : [];
  });
  if (messages.length > 0) throw new JqlRefusal([...new Set(messages)]);
}

type Leaf = Exclude<JqlClause, { readonly type: "and" | "or" | "not" }>;

function listClauses(clause: JqlClause): Leaf[] {
  switch (clause.type) {
    case "and":
    case "or":
      return clause.clauses.flatMap(listClauses);
    case "not":
      return listClauses(clause.clause);
    case "comparison":
    case "was":
    case "changed":
      return [clause];
  }
}

function isKnownField(field: JqlField, site: Site): boolean {
  if (field.customFieldId !== undefined)
    return listFields(site).some(({ id }) => id === `customfield_${field.customFieldId}`);
  const name = toFieldName(field).replace(/\[[^\]]*\]$/, "");
  if (field.properties.length > 0 || SYSTEM_FIELD_NAMES.includes(name)) return true;
  return listFields(site).some((known) => known.custom !== undefined && known.name.toLowerCase() === name);
}

/** Jira checks the values of fields with a known set of them; a project that one may not browse counts as unknown. */
function listUnknownValues(clause: JqlComparison, site: Site): string[] {
  const field = toFieldName(clause.field);
  if (field === "issuekey") return site.options.refusesUnknownIssues ? listUnknownIssues(clause, site) : [];
  const known = findKnownValues(field, site);
  if (known === undefined) return [];
  return listTexts(clause.operand)
    .filter((text) => !known.has(text.toLowerCase()))
    .map((text) => `The value '${text}' does not exist for the field '${clause.field.name}'.`);
}

/** One issue that is gone, or that the caller may not see, spoils the whole query. */
function listUnknownIssues(clause: JqlComparison, site: Site): string[] {
  return listTexts(clause.operand)
    .filter((text) => {
      const issue = site.findIssue(text);
      return issue === undefined || !site.isVisible(site.projects[issue.projectIndex]);
    })
    .map((text) => `An issue with key '${text}' does not exist for field '${clause.field.name}'.`);
}

function findKnownValues(field: string, site: Site): ReadonlySet<string> | undefined {
  const toSet = (
    things: readonly { readonly id: string; readonly name: string; readonly key?: string }[],
  ): Set<string> =>
    new Set(
      things.flatMap(({ id, name, key }) => [
        id,
        name.toLowerCase(),
        ...(key === undefined ? [] : [key.toLowerCase()]),
      ]),
    );
  switch (field) {
    case "project":
      return toSet(site.projects.filter((project) => site.isVisible(project)));
    case "status":
      return toSet(site.workflows.statuses);
    case "issuetype":
      return toSet(site.workflows.types);
    case "priority":
      return toSet(priorities);
    default:
      return undefined;
  }
}

function listTexts(operand: JqlOperand): string[] {
  if (operand.type === "list") return operand.items.flatMap(listTexts);
  return operand.type === "text" || operand.type === "number" ? [operand.text] : [];
}
