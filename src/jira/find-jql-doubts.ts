import { checkJql } from "../jql/check-jql.ts";
import { parseJql } from "../jql/parse-jql.ts";
import type { JsonObject } from "../model/json.ts";
import type { InputProblem } from "../runtime/errors.ts";
import type { FieldCatalog } from "./field-catalog.ts";

/**
 * Fields in a selector's JQL that this Jira does not list. Apps bring fields of which the list says nothing, so this is
 * no proof of a mistake. Positions are inside of the JQL.
 */
export function findJqlDoubts(selector: JsonObject, catalog: FieldCatalog): readonly InputProblem[] {
  const { jql } = selector;
  if (typeof jql !== "string") return [];
  const names = catalog.fields.map(({ name }) => name);
  return checkJql(parseJql(jql), names).map(({ message, line, column, suggestion }) => ({
    code: "doubtful_jql",
    path: ["jql"],
    message: `"jql": ${message}`,
    position: { line, column },
    ...(suggestion !== undefined && { suggestion }),
  }));
}
