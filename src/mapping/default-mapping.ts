import { parse } from "yaml";
import type { JsonObject } from "../model/json.ts";

const HEAD = `createMissingRelatedEntities: true
deleteDependentEntities: true
resources:
`;

const toProject = (blueprint: string, moreProperties = ""): string => `  - kind: project
    selector:
      query: "true"
    port:
      entity:
        mappings:
          identifier: .key
          title: .name
          blueprint: '"${blueprint}"'
          properties:
            url: (.self | split("/rest/")[0]) + "/projects/" + .key
${moreProperties}`;

const TOTAL_ISSUES = `            totalIssues: .insight.totalIssueCount
`;

/** `person` is the key that names an account. */
const toUser = (blueprint: string, person: string, moreProperties = ""): string => `  - kind: user
    selector:
      query: "true"
    port:
      entity:
        mappings:
          identifier: .${person}
          title: .displayName
          blueprint: '"${blueprint}"'
          properties:
            emailAddress: .emailAddress
            active: .active
            timeZone: .timeZone
            locale: .locale
            avatarUrl: .avatarUrls["48x48"]
${moreProperties}`;

const ACCOUNT_TYPE = `            accountType: .accountType
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

const toIssue = (blueprint: string, person: string, creator: string): string => `  - kind: issue
    selector:
      query: "true"
      jql: (statusCategory != Done) OR (created >= -1w) OR (updated >= -1w)
    port:
      entity:
        mappings:
          identifier: .key
          title: .fields.summary
          blueprint: '"${blueprint}"'
          properties:
            url: (.self | split("/rest/")[0]) + "/browse/" + .key
            status: .fields.status.name
            issueType: .fields.issuetype.name
            components: .fields.components | map(.name)
            creator: .fields.creator.${creator}
            priority: .fields.priority.name
            labels: .fields.labels
            created: .fields.created
            updated: .fields.updated
            resolutionDate: .fields.resolutiondate
          relations:
            project: .fields.project.key
            parentIssue: .fields.parent.key
            subtasks: .fields.subtasks | map(.key)
            assignee: .fields.assignee.${person}
            reporter: .fields.reporter.${person}
`;

const PROJECT = toProject("jiraProject", TOTAL_ISSUES);
const USER = toUser("jiraUser", "accountId", ACCOUNT_TYPE);
const ISSUE = toIssue("jiraIssue", "accountId", "emailAddress");

export type DefaultVariant = "cloud" | "cloud-with-teams" | "server";

const RESOURCES: Readonly<Record<DefaultVariant, readonly string[]>> = {
  cloud: [PROJECT, USER, ISSUE],
  "cloud-with-teams": [PROJECT, USER, TEAM, ISSUE],
  server: [toProject("jiraServerProject"), toUser("jiraServerUser", "key"), toIssue("jiraServerIssue", "key", "name")],
};

/**
 * The mapping that a new installation starts with: what the reference ships today (its `port-app-config.yaml`), with a few
 * differences that docs/mapping.md lists.
 */
export function toDefaultMapping(variant: DefaultVariant): string {
  return `${HEAD}${RESOURCES[variant].join("")}`;
}

/** The same as a document, in the form in which catalogs store mappings. */
export function toDefaultMappingDocument(variant: DefaultVariant): JsonObject {
  return parse(toDefaultMapping(variant)) as JsonObject; // the texts above are maps
}
