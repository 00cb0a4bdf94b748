import { closest } from "../runtime/closest.ts";
import { SYSTEM_FIELD_NAMES, toCanonicalName, toFieldName } from "./jql-fields.ts";
import type { JqlClause, JqlField, JqlQuery } from "./jql-query.ts";

/** Something that the grammar allows and Jira would refuse. */
export interface JqlProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  /** The nearest known name when this looks like a typing mistake. */
  readonly suggestion: string | undefined;
}

/** Jira refuses more. */
const MAX_SORTS = 7;

/**
 * Problems of a query that parses. `knownFields` are the names of the site's custom fields; Jira's own are always
 * known, and so are `cf[…]` and entity properties, which have no name to compare.
 */
export function checkJql(query: JqlQuery, knownFields: readonly string[]): JqlProblem[] {
  const known = new Set([...SYSTEM_FIELD_NAMES, ...knownFields.map(toCanonicalName)]);
  const candidates = [...SYSTEM_FIELD_NAMES, ...knownFields];
  const sorts = query.orderBy?.sorts ?? [];
  const fields = [...listFields(query.where), ...sorts.map((sort) => sort.field)];
  const unknown = fields.filter((field) => !isKnown(field, known));
  const problems = unknown.map((field) => toProblem(field, closest(field.name, candidates)));
  const excess = sorts[MAX_SORTS];
  if (excess !== undefined) {
    problems.push({
      message: `ORDER BY names ${sorts.length} fields; Jira takes at most ${MAX_SORTS}`,
      ...toPlainPosition(excess.field),
      suggestion: undefined,
    });
  }
  return problems;
}

function isKnown(field: JqlField, known: ReadonlySet<string>): boolean {
  if (field.customFieldId !== undefined || field.properties.length > 0) return true;
  const name = toFieldName(field);
  return known.has(name) || /^cf\[\d+\]$/.test(name);
}

function toProblem(field: JqlField, suggestion: string | undefined): JqlProblem {
  const hint = suggestion === undefined ? "" : `: did you mean '${suggestion}'?`;
  return { message: `There is no field '${field.name}'${hint}`, ...toPlainPosition(field), suggestion };
}

function toPlainPosition({ at }: JqlField): Pick<JqlProblem, "line" | "column" | "offset"> {
  return { line: at.line, column: at.column, offset: at.offset };
}

function listFields(clause: JqlClause | undefined): JqlField[] {
  switch (clause?.type) {
    case undefined:
      return [];
    case "and":
    case "or":
      return clause.clauses.flatMap(listFields);
    case "not":
      return listFields(clause.clause);
    case "comparison":
    case "was":
    case "changed":
      return [clause.field];
  }
}
