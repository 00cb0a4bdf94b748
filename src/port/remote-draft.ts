import { isDeepStrictEqual } from "node:util";
import { toEntityKeyText, type Entity, type EntityInput, type EntityKey, type RelationValue } from "../model/entity.ts";
import { own, type Json } from "../model/json.ts";
import type { RemoteRelation } from "./remote-catalog.ts";
import type { HeldRelation } from "./remote-state.ts";

/** An input split into what can be written now and what has to wait. */
export interface RemoteDraft {
  readonly input: EntityInput;
  readonly waiting: Readonly<Record<string, HeldRelation>>;
  /** A required relation has a target that is missing: the entity cannot be written without it. */
  readonly isBlocked: boolean;
}

type Relations = Readonly<Record<string, RemoteRelation>>;

/** Leaves targets out that do not exist, except of required relations. Searches and unknown relations stay as they are. */
export function toDraft(input: EntityInput, definitions: Relations, exists: (key: EntityKey) => boolean): RemoteDraft {
  const relations: Record<string, RelationValue> = {};
  const waiting: Record<string, HeldRelation> = {};
  let isBlocked = false;
  for (const [name, value] of Object.entries(input.relations ?? {})) {
    const definition = own(definitions, name);
    const targets = toTargets(value);
    relations[name] = value;
    if (definition === undefined || targets === undefined) continue;
    const missing = targets.filter((identifier) => !exists({ blueprint: definition.target, identifier }));
    if (missing.length === 0) continue;
    if (definition.required) isBlocked = true;
    else {
      const there = targets.filter((target) => !missing.includes(target));
      relations[name] = definition.many ? there : null;
      waiting[name] = {
        value: definition.many ? targets : (targets[0] ?? ""),
        targetBlueprint: definition.target,
        missing,
      };
    }
  }
  return { input: input.relations === undefined ? input : { ...input, relations }, waiting, isBlocked };
}

/** The identifiers that a relation names; undefined for a search. */
export function toTargets(value: RelationValue): readonly string[] | undefined {
  if (value === null) return [];
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? (value as readonly string[]) : undefined; // of the two objects, the one that is a list
}

/** Two inputs for one entity as one: with merge the later on top, without it the later alone. */
export function foldInputs(earlier: EntityInput, later: EntityInput, merge: boolean): EntityInput {
  if (!merge) return later;
  return {
    ...earlier,
    ...later,
    properties: { ...earlier.properties, ...later.properties },
    relations: { ...earlier.relations, ...later.relations },
  };
}

/** Whether writing the input would leave the entity as it is. */
export function isUnchanged(input: EntityInput, existing: Entity, merge: boolean): boolean {
  const isSame = (given: unknown, current: unknown): boolean =>
    given === undefined ? merge || current === null : isDeepStrictEqual(given ?? null, current ?? null);
  const isSameList = (given: unknown, current: unknown): boolean =>
    given === undefined
      ? merge || toSorted(current).length === 0
      : isDeepStrictEqual(toSorted(given), toSorted(current));
  const title = input.title === undefined && merge ? existing.title : input.title || existing.identifier;
  return (
    title === existing.title &&
    isSame(input.icon, existing.icon) &&
    isSameList(input.team, existing.team) &&
    toKeys(input.properties, existing.properties, merge).every((name) =>
      isSame(own(input.properties ?? {}, name), own(existing.properties, name) ?? null),
    ) &&
    toKeys(input.relations, existing.relations, merge).every((name) =>
      isSameList(own(input.relations ?? {}, name), own(existing.relations, name)),
    )
  );
}

/** With merge only what is given matters, without it also what is there. */
function toKeys(given: object | undefined, current: object, merge: boolean): readonly string[] {
  return [...Object.keys(given ?? {}), ...(merge ? [] : Object.keys(current))];
}

function toSorted(value: unknown): readonly unknown[] {
  return [value ?? []].flat().map(String).toSorted();
}

export function keyOf(input: EntityInput): EntityKey {
  const { blueprint, identifier } = input;
  return { blueprint, identifier: typeof identifier === "string" ? identifier : "unknown" };
}

/** Searches have no text of their own: each is an entity for itself. */
export function toDraftText(input: EntityInput, index: number): string {
  return typeof input.identifier === "string" ? toEntityKeyText(keyOf(input)) : `search ${index}`;
}

export function hasSearch({ identifier, team, relations = {} }: EntityInput): boolean {
  const isSearch = (value: Json | RelationValue | undefined): boolean =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  return [identifier, team, ...Object.values(relations)].some(isSearch);
}
