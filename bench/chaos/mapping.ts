import type { JsonObject } from "../../src/model/json.ts";

/** A raw object as Jira sends it. */
export type Raw = JsonObject;

/**
 * A resource twice over: as the product is told of it, in words of the mapping and of JQL, and as the oracle decides it,
 * by a predicate in plain TypeScript. That both mean the same is what the rows test.
 */
export interface ChaosResource {
  readonly kind: "project" | "user" | "release" | "issue";
  readonly selector: Readonly<Record<string, string>>;
  /** What the selector means, by hand. */
  readonly keeps: (raw: Raw, nowMs: number) => boolean;
  readonly blueprint: string;
  readonly identifier: string;
  readonly title?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly relations: Readonly<Record<string, string>>;
}

const ALL = { query: "true" };

export const PROJECTS: ChaosResource = {
  kind: "project",
  selector: ALL,
  keeps: () => true,
  blueprint: "project",
  identifier: ".key",
  title: ".name",
  properties: { totalIssues: ".insight.totalIssueCount" },
  relations: {},
};

export const USERS: ChaosResource = {
  kind: "user",
  selector: { query: '.accountType == "atlassian"' },
  keeps: (raw) => raw["accountType"] === "atlassian",
  blueprint: "user",
  identifier: ".accountId",
  title: ".displayName",
  properties: { active: ".active" },
  relations: {},
};

export const RELEASES: ChaosResource = {
  kind: "release",
  selector: ALL,
  keeps: () => true,
  blueprint: "release",
  identifier: ".id",
  title: ".name",
  properties: { released: ".released" },
  relations: { project: ".__projectKey" },
};

const ISSUE = {
  kind: "issue",
  blueprint: "issue",
  identifier: ".key",
  title: ".fields.summary",
  properties: {
    status: ".fields.status.name",
    type: ".fields.issuetype.name",
    labels: ".fields.labels",
    created: ".fields.created",
    updated: ".fields.updated",
    resolved: ".fields.resolutiondate",
    url: '(.self | split("/") | .[:3] | join("/")) + "/browse/" + .key',
  },
  relations: {
    project: ".fields.project.key",
    parent: ".fields.parent.key",
    subtasks: ".fields.subtasks | map(.key)",
    assignee: ".fields.assignee.accountId",
    releases: "[.fields.fixVersions[]?.id]",
  },
} as const;

const WEEK_MS = 7 * 86_400_000;

/** The issues that the default mapping selects: those at work, and what happened of late. */
export const CURRENT_ISSUES: ChaosResource = {
  ...ISSUE,
  selector: { query: "true", jql: "(statusCategory != Done) OR (created >= -1w) OR (updated >= -1w)" },
  keeps: (raw, nowMs) =>
    !isDone(raw) ||
    Date.parse(textAt(raw, "fields", "created")) >= nowMs - WEEK_MS ||
    Date.parse(textAt(raw, "fields", "updated")) >= nowMs - WEEK_MS,
};

export const ALL_ISSUES: ChaosResource = { ...ISSUE, selector: { query: "true", jql: "" }, keeps: () => true };

/** A second resource that writes to entities of the first, and to some that the first has not. */
export const URGENT_ISSUES: ChaosResource = {
  kind: "issue",
  selector: { query: "true", jql: "priority = Highest" },
  keeps: (raw) => textAt(raw, "fields", "priority", "name") === "Highest",
  blueprint: "issue",
  identifier: ".key",
  title: ".fields.summary",
  properties: { urgent: "true" },
  relations: {},
};

export const OPEN_ISSUES: ChaosResource = {
  ...ISSUE,
  selector: { query: "true", jql: "statusCategory != Done" },
  keeps: (raw) => !isDone(raw),
};

export const EVERYTHING: readonly ChaosResource[] = [PROJECTS, USERS, RELEASES, CURRENT_ISSUES];

/** The mapping as a person would write it. JSON is YAML. */
export function toMappingText(resources: readonly ChaosResource[]): string {
  return JSON.stringify({
    createMissingRelatedEntities: true,
    deleteDependentEntities: true,
    enableMergeEntity: true,
    resources: resources.map(({ kind, selector, blueprint, identifier, title, properties, relations }) => ({
      kind,
      selector,
      port: {
        entity: { mappings: { identifier, blueprint: JSON.stringify(blueprint), title, properties, relations } },
      },
    })),
  });
}

const text = { type: "string" };
const relation = (target: string, many = false): JsonObject => ({ target, required: false, many });
const blueprint = (identifier: string, properties: JsonObject, relations: JsonObject) => ({
  identifier,
  title: identifier,
  schema: { properties },
  relations,
});

export const BLUEPRINTS = [
  blueprint("project", { totalIssues: { type: "number" } }, {}),
  blueprint("user", { active: { type: "boolean" } }, {}),
  blueprint("release", { released: { type: "boolean" } }, { project: relation("project") }),
  blueprint(
    "issue",
    {
      status: text,
      type: text,
      labels: { type: "array" },
      created: text,
      updated: text,
      resolved: text,
      url: text,
      urgent: { type: "boolean" },
    },
    {
      project: relation("project"),
      parent: relation("issue"),
      subtasks: relation("issue", true),
      assignee: relation("user"),
      releases: relation("release", true),
    },
  ),
];

/** Which blueprint each relation leads to. */
export const TARGETS: Readonly<Record<string, string>> = {
  project: "project",
  parent: "issue",
  subtasks: "issue",
  assignee: "user",
  releases: "release",
};

function isDone(raw: Raw): boolean {
  return textAt(raw, "fields", "status", "statusCategory", "key") === "done";
}

/** The text at a path; empty when there is none. */
export function textAt(raw: Raw, ...path: readonly string[]): string {
  let value: unknown = raw;
  for (const name of path) value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return typeof value === "string" ? value : "";
}
