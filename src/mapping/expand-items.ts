import type { JqEngine, JqValue } from "../jq/jq-engine.ts";
import type { JsonObject } from "../model/json.ts";
import type { MappingResource } from "../model/mapping.ts";
import { must } from "../runtime/errors.ts";
import type { MappingProblem } from "./mapping-problem.ts";

interface Expansion {
  readonly items: readonly { readonly owner: number; readonly body: JsonObject }[];
  readonly problems: readonly { readonly owner: number; readonly problem: MappingProblem }[];
}

/**
 * `itemsToParse`: each element of the list becomes an item of its own, `{...object, [itemsToParseName]: element}`. With
 * `itemsToParseTopLevelTransform` the copy lacks the list itself, when the expression starts with a plain path to it.
 */
export async function expandItems(
  bodies: readonly JsonObject[],
  resource: MappingResource,
  jq: JqEngine,
): Promise<Expansion> {
  const { source } = must(resource.itemsToParse, "only resources with itemsToParse are expanded");
  const { values, problems } = await jq.evaluatePage([source], bodies);
  const listPath = resource.itemsToParseTopLevelTransform ? toListPath(source) : undefined;
  const toProblem = (owner: number, level: MappingProblem["level"], message: string) => ({
    owner,
    problem: { level, code: "not_a_list", field: "itemsToParse", expression: source, message } satisfies MappingProblem,
  });
  const failures = new Map(problems.map(({ item, message }) => [item, message]));
  const expansion = bodies.map((body, owner): Expansion => {
    const failure = failures.get(owner);
    if (failure !== undefined) return { items: [], problems: [toProblem(owner, "error", failure)] };
    const list = values[0]?.[owner] ?? null;
    if (list === null) return { items: [], problems: [] };
    if (!Array.isArray(list))
      return { items: [], problems: [toProblem(owner, "error", "gave something that is not a list")] };
    const parent = listPath === undefined ? body : without(body, listPath);
    const toItem = (element: JqValue) => ({
      owner,
      body: { ...parent, [resource.itemsToParseName]: element },
    });
    return { items: (list as readonly JqValue[]).map(toItem), problems: [] };
  });
  return { items: expansion.flatMap(({ items }) => items), problems: expansion.flatMap((each) => each.problems) };
}

/** `.fields.comment.comments | map(...)` starts with the path fields, comment, comments. */
function toListPath(source: string): readonly string[] | undefined {
  const [path] = /^\s*(?:\.[A-Za-z_]\w*)+/.exec(source) ?? [];
  return path?.trim().slice(1).split(".");
}

function without(object: JsonObject, [key, ...rest]: readonly string[]): JsonObject {
  if (key === undefined || !Object.hasOwn(object, key)) return object;
  const { [key]: value, ...others } = object;
  if (rest.length === 0) return others;
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? { ...object, [key]: without(value as JsonObject, rest) } // neither null nor a list
    : object;
}
