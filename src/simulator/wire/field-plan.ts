import type { IssueField, Render } from "./issue-field.ts";

/** Names as a client gives them: ids, `*all`, `*navigable`, and `-id` for all but this. */
export type FieldSelection = readonly string[];

/** What is to be written of an issue. */
export interface FieldPlan {
  readonly isIdOnly: boolean;
  readonly isKeyOnly: boolean;
  /** Constant stretches, and the fields between them. */
  readonly parts: readonly (string | Render)[];
}

/** Merges what is constant, so that writing an issue is a few dozen concatenations. */
export function compileFields(selection: FieldSelection, fields: readonly IssueField[]): FieldPlan {
  const names = toNames(selection);
  if (names.length === 0) return { isIdOnly: true, isKeyOnly: false, parts: [] };
  return {
    isIdOnly: names.every((name) => name === "id"),
    isKeyOnly: names.every((name) => name === "id" || name === "key"),
    parts: toParts(fields.filter((field) => isChosen(field, names))),
  };
}

export function chooseFields(selection: FieldSelection, fields: readonly IssueField[]): IssueField[] {
  const names = toNames(selection);
  return names.length === 0 ? [] : fields.filter((field) => isChosen(field, names));
}

function toNames(selection: FieldSelection): string[] {
  return selection
    .flatMap((names) => names.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** Fields that may be missing come last: whatever comes before them needs no comma in front, and they do. */
function toParts(chosen: readonly IssueField[]): (string | Render)[] {
  const certain = chosen.filter((field) => field.isOptional !== true);
  const optional = chosen.filter((field) => field.isOptional === true);
  const parts: (string | Render)[] = [];
  const push = (constant: string): void => {
    const last = parts.at(-1);
    if (typeof last === "string") parts[parts.length - 1] = last + constant;
    else parts.push(constant);
  };
  for (const [place, { id, value }] of certain.entries()) {
    push(`${place === 0 ? "" : ","}"${id}":`);
    if (typeof value === "string") push(value);
    else parts.push(value);
  }
  for (const [place, { id, value }] of optional.entries()) {
    const start = `${certain.length + place === 0 ? "" : ","}"${id}":`;
    parts.push((issue, renderer) => {
      const bytes = typeof value === "string" ? value : value(issue, renderer);
      return bytes === "" ? "" : start + bytes;
    });
  }
  return parts;
}

/** Names that stand alone choose; with only exclusions, everything navigable is the ground to take from. */
function isChosen(field: IssueField, names: readonly string[]): boolean {
  if (names.includes(`-${field.id}`)) return false;
  if (names.includes("*all") || names.includes(field.id)) return true;
  const isGround = names.includes("*navigable") || names.every((name) => name.startsWith("-"));
  return isGround && field.isNavigable !== false;
}
