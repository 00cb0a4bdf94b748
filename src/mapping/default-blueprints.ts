import type { JsonObject } from "../model/json.ts";

const text = (title: string, rest: JsonObject = {}): JsonObject => ({ type: "string", title, ...rest });
const relation = (target: string, title: string, many = false): JsonObject => ({
  target,
  title,
  required: false,
  many,
});

const projectUrl = text("Project URL", { format: "url", description: "The project's page in Jira" });

const emailAddress = text("Email", {
  format: "email",
  description: "Known only where the account's owner lets it be seen",
});
const active: JsonObject = { type: "boolean", title: "Active Status", description: "Whether the account can sign in" };
const timeZone = text("Time Zone", { description: "The account's time zone" });
const locale = text("Locale", { description: "The account's language and region" });
const avatarUrl = text("Avatar URL", { format: "url", description: "The account's picture" });

const JIRA_PROJECT: JsonObject = {
  identifier: "jiraProject",
  title: "Jira Project",
  icon: "Jira",
  description: "A project of the Jira site",
  schema: {
    properties: {
      url: projectUrl,
      totalIssues: { type: "number", title: "Total Issues", description: "How many issues the project has" },
    },
  },
  relations: {},
};

const JIRA_USER: JsonObject = {
  identifier: "jiraUser",
  title: "Jira User",
  icon: "User",
  description: "An account that the Jira site knows: a person, an app or a customer",
  schema: {
    properties: {
      emailAddress,
      active,
      accountType: text("Account Type", { description: "atlassian (a person), app or customer" }),
      timeZone,
      locale,
      avatarUrl,
    },
  },
  relations: {},
};

const JIRA_ISSUE: JsonObject = {
  identifier: "jiraIssue",
  title: "Jira Issue",
  icon: "Jira",
  schema: {
    properties: {
      url: text("Issue URL", { format: "url", description: "The issue's page in Jira" }),
      status: text("Status", { description: "Where the issue stands in its workflow" }),
      issueType: text("Type", { description: "The type of the issue" }),
      components: {
        type: "array",
        title: "Components",
        items: { type: "string" },
        description: "Names of its components",
      },
      creator: text("Creator", { format: "user", description: "E-mail address of who made the issue" }),
      priority: text("Priority", { description: "The priority of the issue" }),
      labels: { type: "array", title: "Labels", items: { type: "string" } },
      created: text("Created At", { format: "date-time", description: "When the issue was made" }),
      updated: text("Updated At", { format: "date-time", description: "When the issue last changed" }),
      resolutionDate: text("Resolved At", { format: "date-time", description: "When the issue was resolved" }),
    },
  },
  calculationProperties: {
    handlingDuration: {
      title: "Handling Duration (Days)",
      icon: "Clock",
      description: "Days from the creation of the issue to its resolution",
      calculation:
        'if (.properties.resolutionDate != null and .properties.created != null) then ((.properties.resolutionDate[0:19] + "Z" | fromdateiso8601) - (.properties.created[0:19] + "Z" | fromdateiso8601)) / 86400 else null end',
      type: "number",
    },
  },
  relations: {
    project: relation("jiraProject", "Project"),
    parentIssue: relation("jiraIssue", "Parent Issue"),
    subtasks: relation("jiraIssue", "Subtasks", true),
    assignee: relation("jiraUser", "Assignee"),
    reporter: relation("jiraUser", "Reporter"),
  },
};

const JIRA_TEAM: JsonObject = {
  identifier: "jiraTeam",
  title: "Jira Team",
  icon: "Users",
  description: "A team of the Atlassian organisation",
  schema: {
    properties: {
      organizationId: text("Organization ID", { description: "The organisation that the team belongs to" }),
      teamType: text("Team Type", {
        enum: ["MEMBER_INVITE", "OPEN"],
        description: "Whether people join freely or by invitation",
      }),
      description: text("Description", { description: "What the team says of itself" }),
    },
  },
  relations: { members: relation("jiraUser", "Members", true) },
};

const SERVER_PROJECT: JsonObject = {
  ...JIRA_PROJECT,
  identifier: "jiraServerProject",
  schema: { properties: { url: projectUrl } },
};

const SERVER_USER: JsonObject = {
  ...JIRA_USER,
  identifier: "jiraServerUser",
  schema: { properties: { emailAddress, active, timeZone, locale, avatarUrl } },
};

const SERVER_ISSUE: JsonObject = {
  ...JIRA_ISSUE,
  identifier: "jiraServerIssue",
  relations: {
    project: relation("jiraServerProject", "Project"),
    parentIssue: relation("jiraServerIssue", "Parent Issue"),
    subtasks: relation("jiraServerIssue", "Subtasks", true),
    assignee: relation("jiraServerUser", "Assignee"),
    reporter: relation("jiraServerUser", "Reporter"),
  },
};

/** The blueprints that the default mappings write to, in an order in which each relation's target comes before it. */
export const DEFAULT_BLUEPRINTS: readonly JsonObject[] = [JIRA_PROJECT, JIRA_USER, JIRA_TEAM, JIRA_ISSUE];
export const SERVER_BLUEPRINTS: readonly JsonObject[] = [SERVER_PROJECT, SERVER_USER, SERVER_ISSUE];
