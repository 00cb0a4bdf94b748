import { parse } from "yaml";
import type { JsonObject } from "../model/json.ts";

const HEAD = `createMissingRelatedEntities: true
deleteDependentEntities: true
resources:
`;

const PROJECT = `  - kind: project
    selector:
      query: "true"
    port:
      entity:
        mappings:
          identifier: .key
          title: .name
          blueprint: '"jiraProject"'
          properties:
            url: (.self | split("/") | .[:3] | join("/")) + "/projects/" + .key
            totalIssues: .insight.totalIssueCount
`;

const USER = `  - kind: user
    selector:
      query: "true"
    port:
      entity:
        mappings:
          identifier: .accountId
          title: .displayName
          blueprint: '"jiraUser"'
          properties:
            emailAddress: .emailAddress
            active: .active
            accountType: .accountType
            timeZone: .timeZone
            locale: .locale
            avatarUrl: .avatarUrls["48x48"]
`;

const TEAM = `  - kind: team
    selector:
      query: "true"
      includeMembers: true
    port:
      entity:
        mappings:
          identifier: .teamId
          title: .displayName
          blueprint: '"jiraTeam"'
          properties:
            organizationId: .organizationId
            teamType: .teamType
            description: .description
          relations:
            members: if .__members != null then .__members | map(.accountId) else [] end
`;

const ISSUE = `  - kind: issue
    selector:
      query: "true"
      jql: (statusCategory != Done) OR (created >= -1w) OR (updated >= -1w)
    port:
      entity:
        mappings:
          identifier: .key
          title: .fields.summary
          blueprint: '"jiraIssue"'
          properties:
            url: (.self | split("/") | .[:3] | join("/")) + "/browse/" + .key
            status: .fields.status.name
            issueType: .fields.issuetype.name
            components: .fields.components | map(.name)
            creator: .fields.creator.emailAddress
            priority: .fields.priority.name
            labels: .fields.labels
            created: .fields.created
            updated: .fields.updated
            resolutionDate: .fields.resolutiondate
          relations:
            project: .fields.project.key
            parentIssue: .fields.parent.key
            subtasks: .fields.subtasks | map(.key)
            assignee: .fields.assignee.accountId
            reporter: .fields.reporter.accountId
`;

const SERVER_PROJECT = `  - kind: project
    selector:
      query: "true"
    port:
      entity:
        mappings:
          identifier: .key
          title: .name
          blueprint: '"jiraServerProject"'
          properties:
            url: (.self | split("/") | .[:3] | join("/")) + "/projects/" + .key
`;

const SERVER_USER = `  - kind: user
    selector:
      query: "true"
    port:
      entity:
        mappings:
          identifier: .key
          title: .displayName
          blueprint: '"jiraServerUser"'
          properties:
            emailAddress: .emailAddress
            active: .active
            timeZone: .timeZone
            locale: .locale
            avatarUrl: .avatarUrls["48x48"]
`;

const SERVER_ISSUE = `  - kind: issue
    selector:
      query: "true"
      jql: (statusCategory != Done) OR (created >= -1w) OR (updated >= -1w)
    port:
      entity:
        mappings:
          identifier: .key
          title: .fields.summary
          blueprint: '"jiraServerIssue"'
          properties:
            url: (.self | split("/") | .[:3] | join("/")) + "/browse/" + .key
            status: .fields.status.name
            issueType: .fields.issuetype.name
            components: .fields.components | map(.name)
            creator: .fields.creator.name
            priority: .fields.priority.name
            labels: .fields.labels
            created: .fields.created
            updated: .fields.updated
            resolutionDate: .fields.resolutiondate
          relations:
            project: .fields.project.key
            parentIssue: .fields.parent.key
            subtasks: .fields.subtasks | map(.key)
            assignee: .fields.assignee.key
            reporter: .fields.reporter.key
`;

export type DefaultVariant = "cloud" | "cloud-with-teams" | "server";

/**
 * The mapping that a new installation starts with: what the reference ships today (its `port-app-config.yaml`), with a few
 * differences that docs/mapping.md lists.
 */
export function toDefaultMapping(variant: DefaultVariant): string {
  return `${HEAD}${RESOURCES[variant].join("")}`;
}

const RESOURCES: Readonly<Record<DefaultVariant, readonly string[]>> = {
  cloud: [PROJECT, USER, ISSUE],
  "cloud-with-teams": [PROJECT, USER, TEAM, ISSUE],
  server: [SERVER_PROJECT, SERVER_USER, SERVER_ISSUE],
};

/** The same as a document, in the form in which catalogs store mappings. */
export function toDefaultMappingDocument(variant: DefaultVariant): JsonObject {
  return parse(toDefaultMapping(variant)) as JsonObject; // the texts above are maps
}
