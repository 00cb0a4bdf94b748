import type { Issue } from "../site/issue.ts";
import type { Site } from "../site/site.ts";
import type { SiteStatus } from "../site/workflow.ts";
import type { Wire } from "./wire.ts";
import { toStatusBody } from "./workflow-bodies.ts";

export interface Transition {
  readonly id: string;
  readonly to: SiteStatus;
}

/** From every status one can go to every other; ids differ from workflow to workflow, so that nobody may rely on them. */
export function listTransitions(site: Site, issue: Issue): Transition[] {
  const project = site.projects[issue.projectIndex];
  if (project === undefined) return [];
  const base = project.style === "classic" ? 11 : 11 + project.index * 100;
  return project.workflow.statuses.flatMap((index, place) => {
    const to = site.workflows.statuses[index];
    return to === undefined || index === issue.statusIndex ? [] : [{ id: String(base + place * 10), to }];
  });
}

export function toTransitionBody(wire: Wire, { id, to }: Transition): Record<string, unknown> {
  return {
    id,
    name: to.name,
    to: toStatusBody(wire, to),
    hasScreen: false,
    isGlobal: true,
    isInitial: false,
    isAvailable: true,
    isConditional: false,
    looped: false,
  };
}
