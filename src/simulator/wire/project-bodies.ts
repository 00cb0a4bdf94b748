import type { SiteComponent, SiteProject, SiteVersion } from "../site/projects.ts";
import { toUserBody } from "./people-bodies.ts";
import type { Wire } from "./wire.ts";
import { toIssueTypeBody } from "./workflow-bodies.ts";

type Body = Record<string, unknown>;

/** A project as it stands inside issues. */
export function toProjectReference(wire: Wire, project: SiteProject): Body {
  return {
    self: wire.api(`/project/${project.id}`),
    id: project.id,
    key: project.key,
    name: project.name,
    projectTypeKey: "software",
    ...(wire.isServer ? {} : { simplified: project.style === "next-gen" }),
    avatarUrls: toAvatarUrls(wire, project),
  };
}

/** A project as the project resources answer it; lead, description and counts only when asked for. */
export function toProjectBody(
  wire: Wire,
  project: SiteProject,
  expand: ReadonlySet<string>,
  insight: (project: SiteProject) => { readonly issues: number; readonly updatedMs: number | undefined },
): Body {
  const lead = wire.site.people[project.leadIndex];
  const counts = expand.has("insight") ? insight(project) : undefined;
  return {
    expand: "description,lead,issueTypes,url,projectKeys,permissions,insight",
    self: wire.api(`/project/${project.id}`),
    id: project.id,
    key: project.key,
    ...(expand.has("description") ? { description: project.description } : {}),
    ...(expand.has("lead") && lead !== undefined ? { lead: toUserBody(wire, lead) } : {}),
    ...(expand.has("issueTypes") ? { issueTypes: toIssueTypes(wire, project) } : {}),
    name: project.name,
    avatarUrls: toAvatarUrls(wire, project),
    projectTypeKey: "software",
    ...(wire.isServer ? {} : toCloudTraits(project)),
    ...(counts === undefined
      ? {}
      : {
          insight: {
            totalIssueCount: counts.issues,
            ...(counts.updatedMs === undefined ? {} : { lastIssueUpdateTime: wire.date(counts.updatedMs) }),
          },
        }),
  };
}

export function toComponentBody(wire: Wire, component: SiteComponent): Body {
  const lead = component.leadIndex === undefined ? undefined : wire.site.people[component.leadIndex];
  const project = wire.site.projects[component.projectIndex];
  const assigneeType = lead === undefined ? "PROJECT_DEFAULT" : "COMPONENT_LEAD";
  return {
    self: wire.api(`/component/${component.id}`),
    id: component.id,
    name: component.name,
    ...(component.description === "" ? {} : { description: component.description }),
    ...(lead === undefined ? {} : { lead: toUserBody(wire, lead) }),
    assigneeType,
    ...(lead === undefined ? {} : { assignee: toUserBody(wire, lead) }),
    realAssigneeType: assigneeType,
    ...(lead === undefined ? {} : { realAssignee: toUserBody(wire, lead) }),
    isAssigneeTypeValid: true,
    project: project?.key,
    projectId: Number(project?.id),
  };
}

/** A component as it stands inside issues. */
export function toComponentReference(wire: Wire, component: SiteComponent): Body {
  return {
    self: wire.api(`/component/${component.id}`),
    id: component.id,
    name: component.name,
    ...(component.description === "" ? {} : { description: component.description }),
  };
}

export function toVersionBody(wire: Wire, version: SiteVersion): Body {
  return {
    ...toVersionReference(wire, version),
    ...(version.startDate === undefined
      ? {}
      : { startDate: version.startDate, userStartDate: toUserDay(version.startDate) }),
    ...(version.releaseDate === undefined
      ? {}
      : {
          overdue: !version.isReleased && Date.parse(version.releaseDate) < wire.site.now(),
          userReleaseDate: toUserDay(version.releaseDate),
        }),
    projectId: Number(wire.site.projects[version.projectIndex]?.id),
  };
}

/** A version as it stands inside issues. */
export function toVersionReference(wire: Wire, version: SiteVersion): Body {
  return {
    self: wire.api(`/version/${version.id}`),
    id: version.id,
    description: version.description,
    name: version.name,
    archived: version.isArchived,
    released: version.isReleased,
    ...(version.releaseDate === undefined ? {} : { releaseDate: version.releaseDate }),
  };
}

/** `17/Feb/26`: how the user's profile shows days. */
function toUserDay(day: string): string {
  const [year = "", month = "1", date = ""] = day.split("-");
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  return `${date}/${months[Number(month) - 1]}/${year.slice(2)}`;
}

function toIssueTypes(wire: Wire, project: SiteProject): Body[] {
  return project.workflow.types.flatMap((index) => {
    const type = wire.site.workflows.types[index];
    return type === undefined ? [] : [toIssueTypeBody(wire, type)];
  });
}

/** Team-managed projects have identifiers that company-managed ones lack. */
function toCloudTraits(project: SiteProject): Body {
  const isTeamManaged = project.style === "next-gen";
  return {
    simplified: isTeamManaged,
    style: project.style,
    isPrivate: project.isPrivate,
    properties: {},
    ...(isTeamManaged ? { entityId: project.uuid, uuid: project.uuid } : {}),
    ...(project.state === "archived" ? { archived: true } : {}),
    ...(project.state === "deleted" ? { deleted: true } : {}),
  };
}

function toAvatarUrls(wire: Wire, project: SiteProject): Record<string, string> {
  const url = wire.api(`/universal_avatar/view/type/project/avatar/${project.avatarId}`);
  return { "48x48": url, "24x24": `${url}?size=small`, "16x16": `${url}?size=xsmall`, "32x32": `${url}?size=medium` };
}
