import type { Issue } from "../site/issue.ts";
import type { IssueRenderer } from "./issue-renderer.ts";

/** The value as bytes. */
export type Render = (issue: Issue, renderer: IssueRenderer) => string;

export interface IssueField {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly items?: string;
  /** The key of the custom field's type; undefined for Jira's own fields. */
  readonly custom?: string;
  readonly isNavigable?: false;
  readonly only?: "cloud" | "server";
  /** Whether the key is left out when there is no value, instead of being null; the value is "" then. */
  readonly isOptional?: true;
  /** A constant for fields that look the same on every issue. */
  readonly value: string | Render;
}

export function isSubtask(issue: Issue, { wire }: IssueRenderer): boolean {
  return wire.site.workflows.types[issue.typeIndex]?.hierarchyLevel === -1;
}

export function toList<T>(items: readonly T[], render: (item: T) => string): string {
  if (items.length === 0) return "[]";
  return `[${items
    .map(render)
    .filter((bytes) => bytes !== "")
    .join(",")}]`;
}
