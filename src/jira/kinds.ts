import type { JiraSettings } from "./jira-settings.ts";
import type { Kind } from "./kind.ts";
import { backlogKind } from "./kinds/backlog.ts";
import { boardKind } from "./kinds/board.ts";
import { componentKind } from "./kinds/component.ts";
import { epicKind } from "./kinds/epic.ts";
import { issueKind } from "./kinds/issue.ts";
import { projectKind } from "./kinds/project.ts";
import { releaseKind } from "./kinds/release.ts";
import { sprintKind } from "./kinds/sprint.ts";
import { teamKind } from "./kinds/team.ts";
import { userKind } from "./kinds/user.ts";
import { worklogKind } from "./kinds/worklog.ts";
import { serverIssueKind } from "./server-kinds/issue.ts";
import { serverProjectKind } from "./server-kinds/project.ts";
import { serverUserKind } from "./server-kinds/user.ts";

/** A kind whose selector is opaque: only what its own `parseSelector` returned may be handed to it. */
export type AnyKind = Kind<unknown>;

/** All kinds of Jira Cloud by name. */
export const KINDS: Readonly<Record<string, AnyKind>> = byName([
  projectKind,
  userKind,
  issueKind,
  teamKind,
  releaseKind,
  boardKind,
  sprintKind,
  backlogKind,
  epicKind,
  worklogKind,
  componentKind,
]);

export const KIND_NAMES: readonly string[] = Object.keys(KINDS);

/** The kinds of a Jira Server or Data Center by name. */
export const SERVER_KINDS: Readonly<Record<string, AnyKind>> = byName([
  serverProjectKind,
  serverUserKind,
  serverIssueKind,
]);

export function kindsOf(deployment: JiraSettings["deployment"]): Readonly<Record<string, AnyKind>> {
  return deployment === "cloud" ? KINDS : SERVER_KINDS;
}

function byName(kinds: readonly AnyKind[]): Readonly<Record<string, AnyKind>> {
  return Object.fromEntries(kinds.map((kind) => [kind.name, kind]));
}
