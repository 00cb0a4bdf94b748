import { parseIssueKey } from "./issue-key.ts";
import type { IssueKey } from "./issue-key.ts";
import type { JqlFunction, JqlLiteral, JqlOperand } from "./jql-query.ts";
import type { JqlContext, JqlTrait } from "./jql-value.ts";
import type { Moment, MomentReader } from "./moment.ts";

/** One thing that a field is compared with, resolved once per query. */
export type JqlTarget =
  | JqlLiteralTarget
  | { readonly type: "empty" }
  | { readonly type: "trait"; readonly trait: JqlTrait }
  | { readonly type: "moment"; readonly moment: Moment }
  /** A function that nobody here can answer. */
  | { readonly type: "unknown" };

/** A literal in all the readings that some field may need. */
export interface JqlLiteralTarget {
  readonly type: "literal";
  readonly text: string;
  readonly lowerCase: string;
  readonly number: number | undefined;
  readonly moment: Moment | undefined;
  readonly issueKey: IssueKey | undefined;
}

const TRAIT_FUNCTIONS: ReadonlyMap<string, JqlTrait> = new Map([
  ["opensprints", "active"],
  ["closedsprints", "closed"],
  ["futuresprints", "future"],
  ["standardissuetypes", "standard"],
  ["subtaskissuetypes", "subtask"],
  ["releasedversions", "released"],
  ["unreleasedversions", "unreleased"],
]);

export function toTargets(operand: JqlOperand, context: JqlContext, moments: MomentReader): readonly JqlTarget[] {
  switch (operand.type) {
    case "text":
    case "number":
      return [toLiteralTarget(operand, moments)];
    case "empty":
      return [{ type: "empty" }];
    case "list":
      return operand.items.flatMap((item) => toTargets(item, context, moments));
    case "function":
      return toFunctionTargets(operand, context, moments);
  }
}

function toFunctionTargets(call: JqlFunction, context: JqlContext, moments: MomentReader): readonly JqlTarget[] {
  const name = call.name.toLowerCase();
  const args = call.args.map((argument) => argument.text);
  const values = context.functions?.(name, args);
  if (values !== undefined) return values.map((text) => toLiteralTarget({ type: "text", text }, moments));
  if (name === "currentuser" && args.length === 0 && context.currentUser !== undefined) {
    return [toLiteralTarget({ type: "text", text: context.currentUser }, moments)];
  }
  const trait = args.length === 0 ? TRAIT_FUNCTIONS.get(name) : undefined;
  if (trait !== undefined) return [{ type: "trait", trait }];
  const moment = moments.readFunction(name, args);
  return [moment === undefined ? { type: "unknown" } : { type: "moment", moment }];
}

function toLiteralTarget({ type, text }: Pick<JqlLiteral, "type" | "text">, moments: MomentReader): JqlLiteralTarget {
  const number = Number(text);
  return {
    type: "literal",
    text,
    lowerCase: text.toLowerCase(),
    number: text.trim() === "" || Number.isNaN(number) ? undefined : number,
    moment: moments.readLiteral(text, type === "number"),
    issueKey: parseIssueKey(text),
  };
}
