import type { BuiltinTable } from "../jq/builtins/builtin.ts";
import type { JqEngine } from "../jq/jq-engine.ts";
import { findJqlDoubts } from "../jira/find-jql-doubts.ts";
import { toMappingFunctions } from "../mapping/mapping-functions.ts";
import { toNeededFields } from "../mapping/needed-fields.ts";
import type { InputProblem } from "../runtime/errors.ts";
import type { NamedFields } from "./named-fields.ts";
import { toSelectorProblems, type PreparedResource } from "./prepare-mapping.ts";

/** A resource whose names of fields mean something. */
export interface BoundResource extends PreparedResource {
  /** Evaluates the programs of this resource. */
  readonly jq: JqEngine;
  readonly fields: {
    /** What Jira has to be asked for. */
    readonly needed: readonly string[] | "all";
    /** What each name given to `field` stands for; null for one that no field has. */
    readonly named: Readonly<Record<string, string | null>>;
  };
  /** What Jira will probably not understand. Jira is the judge. */
  readonly doubts: readonly InputProblem[];
}

/** Joins a resource to the fields that this Jira has. */
export function bindResource(
  prepared: PreparedResource,
  fields: NamedFields,
  createJq: (functions: BuiltinTable) => JqEngine,
): BoundResource {
  const { resource } = prepared;
  const named: Record<string, string | null> = {};
  const findField = (name: string): string | undefined => {
    const id = fields.find(name);
    named[name] = id ?? null;
    return id;
  };
  const functions = toMappingFunctions(findField);
  const needed = toNeededFields(resource, functions);
  fields.check(resource);
  const doubts = fields.catalog === undefined ? [] : findJqlDoubts(resource.selector, fields.catalog);
  return {
    ...prepared,
    jq: createJq(functions),
    fields: { needed, named },
    doubts: toSelectorProblems(doubts, resource),
  };
}
