import { must } from "../runtime/errors.ts";
import type { JiraSession } from "./jira-session.ts";
import { walkOffsets, type OffsetPage } from "./paging/offset-walk.ts";
import type { ScannedElement } from "./scan-elements.ts";

/** Jira's own limit. */
const PAGE_SIZE = 100;

export interface ListedProject {
  readonly key: string;
  readonly element: ScannedElement;
}

/** All projects that the account can see, in the order of their keys. */
export function walkProjects(
  session: JiraSession,
  expand: string | undefined,
  signal: AbortSignal,
): AsyncIterable<OffsetPage> {
  return walkOffsets({
    client: session.client,
    path: "/rest/api/3/project/search",
    request: { query: { expand, orderBy: "key" }, signal },
    model: "bean",
    pageSize: PAGE_SIZE,
    what: "project",
  });
}

/** All projects, without anything expanded, read once per run. */
export function listProjects(session: JiraSession, signal: AbortSignal): Promise<readonly ListedProject[]> {
  return session.shared.get("projects", async () => {
    const projects: ListedProject[] = [];
    for await (const { elements } of walkProjects(session, undefined, signal)) {
      for (const element of elements)
        projects.push({ key: must(element.members["key"], "a project has a key"), element });
    }
    return projects;
  });
}
