import type { Kind } from "./kind.ts";
import { issueKind } from "./kinds/issue.ts";
import { projectKind } from "./kinds/project.ts";
import { userKind } from "./kinds/user.ts";

/** A kind whose selector is opaque: only what its own `parseSelector` returned may be handed to it. */
export type AnyKind = Kind<unknown>;

/** All kinds of Jira Cloud by name. */
export const KINDS: Readonly<Record<string, AnyKind>> = Object.fromEntries(
  [projectKind, userKind, issueKind].map((kind) => [kind.name, kind as AnyKind]), // see AnyKind
);

export const KIND_NAMES: readonly string[] = Object.keys(KINDS);
