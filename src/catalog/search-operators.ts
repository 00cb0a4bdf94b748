import { isJsonObject, type Json } from "../model/json.ts";
import type { SearchCondition, SearchField, SearchScalar } from "../model/search.ts";
import { CatalogError } from "./catalog-error.ts";
import { toDateRange } from "./date-preset.ts";

export interface Rule {
  readonly field: SearchField;
  readonly value: Json | undefined;
  /** Of the value. */
  readonly path: string;
  readonly operator: string;
  readonly nowMs: number;
}

/** What each operator makes of a field and a value. */
export const OPERATORS: Readonly<Record<string, (rule: Rule) => SearchCondition>> = {
  "=": (rule) => (isJsonObject(rule.value) ? toBetween(rule, false) : toEqual(rule, [toScalar(rule)], false)),
  "!=": (rule) => toEqual(rule, [toScalar(rule)], true),
  in: (rule) => toEqual(rule, toScalars(rule), false),
  notIn: (rule) => toEqual(rule, toScalars(rule), true),
  containsAny: (rule) => toEqual(rule, toScalars(rule), false),
  contains: (rule) => toText(rule, "contains", false),
  doesNotContains: (rule) => toText(rule, "contains", true),
  beginsWith: (rule) => toText(rule, "begins", false),
  doesNotBeginsWith: (rule) => toText(rule, "begins", true),
  endsWith: (rule) => toText(rule, "ends", false),
  doesNotEndsWith: (rule) => toText(rule, "ends", true),
  isEmpty: ({ field }) => ({ type: "empty", field, negated: false }),
  isNotEmpty: ({ field }) => ({ type: "empty", field, negated: true }),
  ">": (rule) => toOrder(rule, "from", false),
  ">=": (rule) => toOrder(rule, "from", true),
  "<": (rule) => toOrder(rule, "to", false),
  "<=": (rule) => toOrder(rule, "to", true),
  between: (rule) => toBetween(rule, false),
  notBetween: (rule) => toBetween(rule, true),
  isExpired: ({ field, nowMs }) => toExpired(field, nowMs, false),
  isNotExpired: ({ field, nowMs }) => toExpired(field, nowMs, true),
  matchAny: (rule) => toEqual(rule, typeof rule.value === "string" ? [rule.value] : toScalars(rule), false),
};
export const OPERATOR_NAMES = [...Object.keys(OPERATORS), "relatedTo"];

function toEqual({ field }: Rule, values: readonly SearchScalar[], negated: boolean): SearchCondition {
  return { type: "equal", field, values, negated };
}

function toScalar({ value, path }: Rule): SearchScalar {
  if (value === undefined || (typeof value === "object" && value !== null)) {
    throw toError(path, "must be a text, a number, a boolean or null");
  }
  return value;
}

function toScalars(rule: Rule): readonly SearchScalar[] {
  const { value, path } = rule;
  if (!Array.isArray(value)) throw toError(path, `must be a list, as the operator is "${rule.operator}"`);
  const list: readonly Json[] = value;
  return list.map((each, index) => toScalar({ ...rule, value: each, path: `${path}/${index}` }));
}

function toText(rule: Rule, match: "contains" | "begins" | "ends", negated: boolean): SearchCondition {
  const { field, value, path, operator } = rule;
  // An element of a list can be a number or a boolean.
  if (match === "contains" && (typeof value === "number" || typeof value === "boolean")) {
    return toEqual(rule, [value], negated);
  }
  if (typeof value !== "string") throw toError(path, `must be a text, as the operator is "${operator}"`);
  return { type: "text", field, match, value, negated };
}

function toOrder({ field, value, path, operator }: Rule, side: "from" | "to", isIncluded: boolean): SearchCondition {
  if (typeof value === "number") {
    return { type: "range", field, as: "number", [side]: { value, isIncluded }, negated: false };
  }
  const instant = toInstant(value);
  if (instant === undefined) {
    throw toError(path, `must be a number or an ISO 8601 time, as the operator is "${operator}"`);
  }
  return { type: "range", field, as: "instant", [side]: { value: instant, isIncluded }, negated: false };
}

/** `{ from, to }` in times or numbers, or `{ preset }`. */
function toBetween({ field, value, path, operator, nowMs }: Rule, negated: boolean): SearchCondition {
  const isIncluded = true;
  if (!isJsonObject(value)) throw toError(path, `must be { from, to } or { preset }, as the operator is "${operator}"`);
  const { from, to, preset } = value;
  if (preset !== undefined) {
    const range = toDateRange(preset, nowMs);
    if (range === undefined) throw toError(`${path}/preset`, `${JSON.stringify(preset)} is not a preset`);
    const [start, end] = range.map((bound) => ({ value: bound, isIncluded }));
    return { type: "range", field, as: "instant", ...(start && { from: start }), ...(end && { to: end }), negated };
  }
  if (typeof from === "number" && typeof to === "number") {
    return {
      type: "range",
      field,
      as: "number",
      from: { value: from, isIncluded },
      to: { value: to, isIncluded },
      negated,
    };
  }
  const [start, end] = [toInstant(from), toInstant(to)];
  if (start === undefined || end === undefined) {
    throw toError(path, "must have from and to, both ISO 8601 times or both numbers");
  }
  return {
    type: "range",
    field,
    as: "instant",
    from: { value: start, isIncluded },
    to: { value: end, isIncluded },
    negated,
  };
}

function toExpired(field: SearchField, nowMs: number, negated: boolean): SearchCondition {
  return { type: "range", field, as: "instant", to: { value: nowMs, isIncluded: false }, negated };
}

function toInstant(value: Json | undefined): number | undefined {
  const time = typeof value === "string" && /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

export function toError(path: string, message: string): CatalogError {
  return new CatalogError("invalid_request", `"${path}" ${message}`, { path });
}
