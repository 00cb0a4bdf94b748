import { empty, json, refuse } from "../server/answer.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { Issue } from "../site/issue.ts";
import type { SiteStatus } from "../site/workflow.ts";
import { toStatusBody } from "../wire/workflow-bodies.ts";
import { onIssue } from "./issue-write-routes.ts";

interface Transition {
  readonly id: string;
  readonly to: SiteStatus;
}

/** From every status one can go to every other; ids differ from workflow to workflow, so that nobody may rely on them. */
export const transitionRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/issue/{issueIdOrKey}/transitions",
    scope: "read:jira-work",
    handle: onIssue((request, issue, jira) => {
      const wanted = request.query.get("transitionId");
      const transitions = listTransitions(jira, issue).filter(({ id }) => wanted === null || wanted === id);
      return json({
        expand: "transitions",
        transitions: transitions.map(({ id, to }) => ({
          id,
          name: to.name,
          to: toStatusBody(request.wire, to),
          hasScreen: false,
          isGlobal: true,
          isInitial: false,
          isAvailable: true,
          isConditional: false,
          looped: false,
          ...(request.list("expand").includes("transitions.fields") ? { fields: {} } : {}),
        })),
      });
    }),
  },
  {
    method: "POST",
    path: "/api/issue/{issueIdOrKey}/transitions",
    scope: "write:jira-work",
    handle: onIssue(async (request, issue, jira) => {
      const { transition } = request.body();
      const id =
        typeof transition === "object" && transition !== null && "id" in transition ? transition.id : undefined;
      if (typeof id !== "string" && typeof id !== "number") return refuse(400, ["Missing 'transition' identifier"]);
      const found = listTransitions(jira, issue).find((one) => one.id === String(id));
      if (found === undefined) return refuse(400, [`Transition id '${id}' is not valid for this issue.`]);
      const isDone = await jira.withIssueLock(issue.n, () => {
        jira.site.editIssue(jira.site.issues.keyOf(issue), { statusIndex: found.to.index }, request.actorIndex);
      });
      if (isDone) return empty(204);
      return refuse(409, ["The issue is being changed by another request. Please try again."]);
    }),
  },
];

function listTransitions({ site }: SimulatedJira, issue: Issue): Transition[] {
  const project = site.projects[issue.projectIndex];
  if (project === undefined) return [];
  const base = project.style === "classic" ? 11 : 11 + project.index * 100;
  return project.workflow.statuses.flatMap((index, place) => {
    const to = site.workflows.statuses[index];
    return to === undefined || index === issue.statusIndex ? [] : [{ id: String(base + place * 10), to }];
  });
}
