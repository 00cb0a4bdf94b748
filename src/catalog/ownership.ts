import type { Blueprint } from "../model/blueprint.ts";
import type { Json } from "../model/json.ts";
import type { BlueprintRegistry } from "./blueprint-registry.ts";
import { CatalogError } from "./catalog-error.ts";
import type { EntityState } from "./calculate.ts";
import { mirrorAs } from "./mirror.ts";
import { toMirror, toSteps, type FindBlueprint, type Mirror } from "./mirror-index.ts";

/** The relations along which entities get their teams; undefined when they have their own. `ownership` is the newer word. */
function findPath({ ownership, teamInheritance }: Blueprint): string | undefined {
  if (ownership) return ownership.type === "Inherited" ? ownership.path : undefined;
  return teamInheritance?.path;
}

/** Throws CatalogError when teams are inherited along a path that leads nowhere, or to where no entity has its own. */
export function assertOwnership(blueprint: Blueprint, find: FindBlueprint): void {
  const path = findPath(blueprint);
  if (path === undefined) return;
  const end = toSteps(path.split("."), blueprint, find)?.at(-1)?.blueprint;
  const isOwned = end !== undefined && (!blueprint.ownership || end.ownership?.type === "Direct");
  if (isOwned) return;
  throw new CatalogError(
    "invalid_inherited_ownership_path",
    `"${path}" must be relations, joined by dots, that lead from "${blueprint.identifier}" to a blueprint with ownership of type Direct`,
  );
}

/** Throws CatalogError when an entity is given a team that it would inherit. */
export function assertOwnTeam(team: readonly string[], blueprint: Blueprint): void {
  if (team.length === 0 || findPath(blueprint) === undefined) return;
  throw new CatalogError(
    blueprint.ownership ? "inherited_ownership_enabled" : "team_inheritance_enabled",
    `Entities of blueprint "${blueprint.identifier}" inherit their team: set it where "${findPath(blueprint)}" leads to`,
  );
}

/** Entities with the teams that they inherit. */
export async function withInheritedTeams<State extends EntityState>(
  states: readonly State[],
  services: Parameters<typeof mirrorAs>[2] & { readonly registry: BlueprintRegistry },
): Promise<readonly State[]> {
  const { registry } = services;
  const toTeams = (blueprintId: number): readonly Mirror[] => {
    const { blueprint } = registry.getById(blueprintId);
    const path = findPath(blueprint);
    const mirror = path && toMirror("team", `${path}.$team`, blueprint, (name) => registry.find(name));
    return mirror ? [mirror] : [];
  };
  if (states.every(({ blueprintId }) => toTeams(blueprintId).length === 0)) return states;
  const inherited = await mirrorAs(states, toTeams, services);
  return states.map((state, index) => {
    const team = inherited[index]?.["team"];
    return team === undefined ? state : { ...state, team: toTeamList(team) };
  });
}

/** A list of names, or where the path takes many a list of such lists. */
function toTeamList(team: Json): readonly string[] {
  const names = [team].flat(2).filter((name) => typeof name === "string");
  return [...new Set(names)];
}
