import { empty, json, refuse } from "../server/answer.ts";
import type { Route } from "../server/router.ts";
import { listTransitions, toTransitionBody } from "../wire/transition-bodies.ts";
import { onIssue } from "./issue-write-routes.ts";

export const transitionRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/issue/{issueIdOrKey}/transitions",
    scope: "read:jira-work",
    handle: onIssue((request, issue, jira) => {
      const wanted = request.query.get("transitionId");
      const transitions = listTransitions(jira.site, issue).filter(({ id }) => wanted === null || wanted === id);
      return json({
        expand: "transitions",
        transitions: transitions.map((transition) => ({
          ...toTransitionBody(request.wire, transition),
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
      const found = listTransitions(jira.site, issue).find((one) => one.id === String(id));
      if (found === undefined) return refuse(400, [`Transition id '${id}' is not valid for this issue.`]);
      const isDone = await jira.withIssueLock(issue.n, () => {
        jira.site.editIssue(jira.site.issues.keyOf(issue), { statusIndex: found.to.index }, request.actorIndex);
      });
      if (isDone) return empty(204);
      return refuse(409, ["The issue is being changed by another request. Please try again."]);
    }),
  },
];
