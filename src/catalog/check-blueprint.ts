import type { JqEngine } from "../jq/jq-engine.ts";
import type { Blueprint } from "../model/blueprint.ts";
import { own } from "../model/json.ts";
import { toWalk } from "./aggregate.ts";
import type { LoadedBlueprint } from "./blueprint-registry.ts";
import { CatalogError } from "./catalog-error.ts";
import { MIRRORED_META } from "./mirror.ts";
import { toMirror, type FindBlueprint } from "./mirror-index.ts";
import { assertOwnership } from "./ownership.ts";
import { parseSearch } from "./parse-search.ts";
import { PropertyValidator } from "./property-validator.ts";

interface Surroundings {
  /** Finds the others; the blueprint itself is known as it will be. */
  readonly find: FindBlueprint;
  readonly list: () => readonly LoadedBlueprint[];
  readonly jq: JqEngine;
  /** As it is until then: what stays as it was is not judged again. */
  readonly before: Blueprint | undefined;
}

/** Throws CatalogError when a blueprint, well formed in itself, does not fit the others, or its programs are not usable. */
export async function checkBlueprint(blueprint: Blueprint, { find, list, jq, before }: Surroundings): Promise<void> {
  const names = [blueprint.identifier, before?.identifier];
  const findAny: FindBlueprint = (name) => (names.includes(name) ? { id: 0, blueprint } : find(name));
  new PropertyValidator(blueprint).assertDefaults(); // making it throws when a schema is not usable
  assertTargets(blueprint, findAny);
  assertMirrors(blueprint, before, findAny);
  assertAggregations(blueprint, before, findAny, list);
  assertOwnership(blueprint, findAny);
  await assertCalculations(blueprint, jq);
}

function assertTargets(blueprint: Blueprint, find: FindBlueprint): void {
  for (const [name, { target }] of Object.entries(blueprint.relations)) {
    if (find(target) !== undefined) continue;
    throw new CatalogError(
      "not_found",
      `The blueprint "${target}", target of the relation "${name}", was not found: create it first`,
    );
  }
}

function assertMirrors(blueprint: Blueprint, before: Blueprint | undefined, find: FindBlueprint): void {
  for (const [name, { path }] of Object.entries(blueprint.mirrorProperties)) {
    if (before?.mirrorProperties[name]?.path === path) continue;
    const mirror = toMirror(name, path, blueprint, find);
    const end = mirror?.steps.at(-1)?.blueprint;
    if (mirror !== undefined && end !== undefined && isMirrored(mirror.property, end)) continue;
    throw new CatalogError(
      "invalid_request",
      `"mirrorProperties/${name}/path" leads nowhere: "${path}" must be relations from blueprint to blueprint, then a property of the last`,
    );
  }
}

function assertAggregations(
  blueprint: Blueprint,
  before: Blueprint | undefined,
  find: FindBlueprint,
  list: Surroundings["list"],
): void {
  for (const [name, property] of Object.entries(blueprint.aggregationProperties)) {
    if (JSON.stringify(property) === JSON.stringify(before?.aggregationProperties[name])) continue;
    const refuse = (key: string, what: string): never => {
      throw new CatalogError("invalid_request", `"aggregationProperties/${name}/${key}" ${what}`);
    };
    const { calculationSpec: spec, query, pathFilter } = property;
    const target = find(property.target);
    if (target === undefined) {
      throw new CatalogError("not_found", `The blueprint "${property.target}", target of "${name}", was not found`);
    }
    if (spec.calculationBy === "property" && toType(spec.property, target.blueprint) !== "number") {
      refuse("calculationSpec/property", `must be a number of "${property.target}"`);
    }
    if (spec.func === "average" && spec.measureTimeBy !== undefined && !isTime(spec.measureTimeBy, target.blueprint)) {
      refuse("calculationSpec/measureTimeBy", `must be a time of "${property.target}"`);
    }
    for (const filter of pathFilter ?? []) {
      const isWalkable = toWalk(filter, { id: 0, blueprint }, target, find) !== undefined;
      if (!isWalkable) refuse("pathFilter", `must lead from the blueprint to "${property.target}", or the other way`);
    }
    if (query !== undefined) parseSearch(query, { registry: { find, list }, blueprint: target, nowMs: 0 });
  }
}

function isTime(property: string, blueprint: Blueprint): boolean {
  if (property.startsWith("$")) return property === "$createdAt" || property === "$updatedAt";
  return toType(property, blueprint) === "string";
}

function toType(property: string, blueprint: Blueprint): unknown {
  return (own(blueprint.schema.properties, property) ?? own(blueprint.calculationProperties, property))?.["type"];
}

function isMirrored(property: string, { schema, calculationProperties, mirrorProperties }: Blueprint): boolean {
  if (property.startsWith("$")) return MIRRORED_META.includes(property);
  return [schema.properties, calculationProperties, mirrorProperties].some((each) => Object.hasOwn(each, property));
}

async function assertCalculations(blueprint: Blueprint, jq: JqEngine): Promise<void> {
  for (const [name, { calculation }] of Object.entries(blueprint.calculationProperties)) {
    const problem = await jq.check(calculation);
    if (problem === undefined) continue;
    throw new CatalogError(
      "invalid_request",
      `"calculationProperties/${name}/calculation" is not valid jq: ${problem.message} (line ${problem.line}, column ${problem.column})`,
    );
  }
}
