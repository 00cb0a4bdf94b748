import {
  statusCategories,
  type NamedThing,
  type SiteIssueType,
  type SiteLinkType,
  type SiteStatus,
  type StatusCategory,
} from "../site/workflow.ts";
import type { Wire } from "./wire.ts";

type Body = Record<string, unknown>;

export function toStatusCategoryBody(wire: Wire, category: StatusCategory): Body {
  const { id, key, colorName, name } = statusCategories[category];
  return { self: wire.api(`/statuscategory/${id}`), id, key, colorName, name };
}

export function toStatusBody(wire: Wire, status: SiteStatus): Body {
  return {
    self: wire.api(`/status/${status.id}`),
    description: "",
    iconUrl: `${wire.baseUrl}/`,
    name: status.name,
    id: status.id,
    statusCategory: toStatusCategoryBody(wire, status.category),
  };
}

/** As the status resources answer it. */
export function toStatusDetails(wire: Wire, status: SiteStatus): Body {
  return {
    ...toStatusBody(wire, status),
    untranslatedName: status.name,
    ...(status.projectIndex === undefined ? {} : { scope: toScope(wire, status.projectIndex) }),
  };
}

export function toIssueTypeBody(wire: Wire, type: SiteIssueType): Body {
  return {
    self: wire.api(`/issuetype/${type.id}`),
    id: type.id,
    description: type.description,
    iconUrl: `${wire.baseUrl}/rest/api/2/universal_avatar/view/type/issuetype/avatar/${type.avatarId}?size=medium`,
    name: type.name,
    subtask: type.hierarchyLevel === -1,
    avatarId: type.avatarId,
    ...(type.entityId === undefined ? {} : { entityId: type.entityId }),
    hierarchyLevel: type.hierarchyLevel,
  };
}

/** As the issue type resources answer it. */
export function toIssueTypeDetails(wire: Wire, type: SiteIssueType): Body {
  return {
    ...toIssueTypeBody(wire, type),
    untranslatedName: type.untranslatedName,
    ...(type.projectIndex === undefined ? {} : { scope: toScope(wire, type.projectIndex) }),
  };
}

export function toPriorityBody(wire: Wire, priority: NamedThing): Body {
  return {
    self: wire.api(`/priority/${priority.id}`),
    iconUrl: `${wire.baseUrl}/images/icons/priorities/${priority.name.toLowerCase()}_new.svg`,
    name: priority.name,
    id: priority.id,
  };
}

export function toResolutionBody(wire: Wire, { id, name, description }: NamedThing): Body {
  return { self: wire.api(`/resolution/${id}`), id, description, name };
}

export function toLinkTypeBody(wire: Wire, { id, name, inward, outward }: SiteLinkType): Body {
  return { id, name, inward, outward, self: wire.api(`/issueLinkType/${id}`) };
}

function toScope(wire: Wire, projectIndex: number): Body {
  return { type: "PROJECT", project: { id: wire.site.projects[projectIndex]?.id } };
}
