import { createHash } from "node:crypto";
import type { EntitySearch, SearchCondition, SearchField } from "../../model/search.ts";
import { ofBlueprint, toKeySql, toMetaSql } from "./search-sql.ts";
import { raw, type Sql } from "./sql.ts";

/** An index over one field of the entities of one blueprint, in the order of its values and then of the identifiers. */
export interface FieldIndex {
  readonly type: "field";
  readonly name: string;
  readonly blueprintId: number;
  /** What CREATE INDEX says after its name. */
  readonly definition: string;
}

/** What a search could use: an index over a field, or the one over the parts of all titles, three letters each. */
export type IndexRequest = FieldIndex | { readonly type: "titles"; readonly name: string };

const TITLES: IndexRequest = { type: "titles", name: "entity_title_parts" };
const MIN_TITLE_PART = 3;

/** What the index holds, and what searches sort by. Times are stored as numbers. */
export function toSortSql(field: SearchField): Sql {
  if (field.kind !== "meta" || field.name === "$team") return toKeySql(field);
  if (field.name === "$createdAt") return raw("entity.created_at");
  return field.name === "$updatedAt" ? raw("entity.updated_at") : toMetaSql(field.name);
}

export function listWanted({ blueprintId, rule, sort }: Omit<EntitySearch, "limit">): readonly IndexRequest[] {
  if (blueprintId === undefined) return [];
  const conditions = toConjunction(rule);
  const fields = [...conditions.flatMap(toComparedField), ...(sort ? [sort.field] : [])];
  const indexes = fields.flatMap((field) => toFieldIndex(blueprintId, field) ?? []);
  return conditions.some(isTitlePart) ? [...indexes, TITLES] : indexes;
}

/** The conditions that all must hold. */
function toConjunction(rule: SearchCondition): readonly SearchCondition[] {
  return rule.type === "all" ? rule.conditions.flatMap(toConjunction) : [rule];
}

/** The field whose index finds what a condition asks for. */
function toComparedField(condition: SearchCondition): readonly SearchField[] {
  if (condition.type === "equal" && !condition.negated && !condition.values.includes(null)) return [condition.field];
  return condition.type === "range" && condition.as === "number" && !condition.negated ? [condition.field] : [];
}

function isTitlePart(condition: SearchCondition): boolean {
  if (condition.type !== "text" || condition.negated || condition.field.kind !== "meta") return false;
  return condition.field.name === "$title" && Array.from(condition.value).length >= MIN_TITLE_PART;
}

const SORTABLE_META = new Set(["$title", "$createdAt", "$updatedAt"]);

/** Undefined where the values may be lists, or have an index anyway. */
function toFieldIndex(blueprintId: number, field: SearchField): FieldIndex | undefined {
  if (field.kind === "relation") return undefined;
  if (field.kind === "meta" ? !SORTABLE_META.has(field.name) : !field.isScalar) return undefined;
  return {
    type: "field",
    name: toIndexName(blueprintId, field),
    blueprintId,
    definition: `ON entity ((${toSortSql(field).text}), identifier) WHERE ${ofBlueprint(blueprintId).text}`,
  };
}

/** Of all indexes over fields of a blueprint. */
export function toIndexPrefix(blueprintId: number): string {
  return `field_${blueprintId}_`;
}

/** PostgreSQL cuts longer names off. */
const MAX_NAME_BYTES = 63;

export function toIndexName(blueprintId: number, field: Exclude<SearchField, { kind: "relation" }>): string {
  const kind = field.kind === "meta" ? "meta" : field.isCalculated ? "computed" : "own";
  const name = `${toIndexPrefix(blueprintId)}${kind}_${field.name}`;
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  return `${toIndexPrefix(blueprintId)}${createHash("md5").update(name).digest("hex")}`;
}
