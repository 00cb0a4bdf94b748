import { expect, test } from "vitest";
import { ConfigurationError } from "../runtime/errors.ts";
import { isRemote, readConfig, type Environment } from "./config.ts";

const CONTAINER: Environment = {
  OCEAN__EVENT_LISTENER: '{"type":"ONCE"}',
  OCEAN__INITIALIZE_PORT_RESOURCES: "true",
  OCEAN__SEND_RAW_DATA_EXAMPLES: "true",
  OCEAN__INTEGRATION__CONFIG__JIRA_HOST: "https://acme.atlassian.net/",
  OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: "ada@acme.com",
  OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: "secret",
  OCEAN__PORT__CLIENT_ID: "id",
  OCEAN__PORT__CLIENT_SECRET: "secret",
  OCEAN__PORT__BASE_URL: "https://api.getport.io",
};

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.problems.map((problem) => `${problem.code} ${problem.path?.join(".")}`);
    throw error;
  }
}

test("the variables of the reference's container are all understood", () => {
  const { config, warnings } = readConfig(CONTAINER);
  expect(config).toMatchObject({
    jiraHost: "https://acme.atlassian.net",
    eventListener: { type: "ONCE" },
    initializePortResources: true,
    portBaseUrl: "https://api.getport.io",
  });
  expect(warnings).toEqual([]);
  expect(isRemote(config)).toBe(true);
});

test("an empty environment is the demo, with defaults for all that has one", () => {
  const { config } = readConfig({});
  expect(config.jiraHost).toBeUndefined();
  expect(config).toMatchObject({
    port: 3000,
    host: "127.0.0.1",
    eventListener: { type: "POLLING" },
    logLevel: "WARNING",
  });
  expect(isRemote(config)).toBe(false);
});

test("an empty value counts as not set", () => {
  expect(readConfig({ QUAYSIDE_PORT: "", OCEAN__INTEGRATION__IDENTIFIER: "  " }).config).toMatchObject({
    port: 3000,
    integrationIdentifier: "my-jira-integration",
  });
});

test("all mistakes are reported at once, each with its variable", () => {
  expect(
    problemsOf({
      QUAYSIDE_PORT: "70000",
      OCEAN__SCHEDULED_RESYNC_INTERVAL: "soon",
      OCEAN__INITIALIZE_PORT_RESOURCES: "perhaps",
      OCEAN__INTEGRATION__CONFIG__JIRA_HOST: "acme",
      OCEAN__EVENT_LISTENER: "{",
      APPLICATION__LOG_LEVEL: "loud",
      OCEAN__PORT__CLIENT_ID: "id",
    }),
  ).toEqual([
    "invalid_value OCEAN__INTEGRATION__CONFIG__JIRA_HOST",
    "invalid_value OCEAN__EVENT_LISTENER",
    "invalid_value OCEAN__SCHEDULED_RESYNC_INTERVAL",
    "invalid_value OCEAN__INITIALIZE_PORT_RESOURCES",
    "invalid_value QUAYSIDE_PORT",
    "invalid_value APPLICATION__LOG_LEVEL",
    "missing_value OCEAN__PORT__CLIENT_SECRET",
  ]);
});

test.each([
  [{ OCEAN__EVENT_LISTENER: '{"type":"KAFKA"}' }, "invalid_value OCEAN__EVENT_LISTENER.type"],
  [
    {
      OCEAN__INTEGRATION__CONFIG__JIRA_HOST: "https://acme.atlassian.net",
      OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: "a@b",
    },
    "missing_value OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN",
  ],
  [{ OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: "t" }, "missing_value OCEAN__INTEGRATION__CONFIG__JIRA_HOST"],
  [{ OCEAN__PORT__CLIENT_SECRET: "s" }, "missing_value OCEAN__PORT__CLIENT_ID"],
] satisfies [Environment, string][])("%j is refused: %s", (env, problem) => {
  expect(problemsOf(env)).toContain(problem);
});

test("a misspelt variable of our own is refused with the likely one, an unknown one of the reference only warned about", () => {
  expect(() => readConfig({ QUAYSIDE_PROT: "1" })).toThrow("did you mean QUAYSIDE_PORT?");
  expect(readConfig({ OCEAN__STREAMING__ENABLED: "true" }).warnings).toEqual([
    "OCEAN__STREAMING__ENABLED has no effect in Quayside yet and is ignored",
  ]);
});

test("a message never shows a secret", () => {
  expect(() => readConfig({ ...CONTAINER, OCEAN__PORT__CLIENT_ID: "" })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("secret\n") as string }),
  );
});

test("a Data Center needs a token, or user name and password, and no Cloud site beside it", () => {
  const host = { OCEAN__INTEGRATION__CONFIG__JIRA_SERVER_HOST: "https://jira.acme.com" };
  expect(problemsOf(host)).toEqual(["missing_value OCEAN__INTEGRATION__CONFIG__TOKEN"]);
  expect(problemsOf({ ...host, OCEAN__INTEGRATION__CONFIG__USERNAME: "ada" })).toEqual([
    "missing_value OCEAN__INTEGRATION__CONFIG__PASSWORD",
  ]);
  const withToken = { ...host, OCEAN__INTEGRATION__CONFIG__TOKEN: "secret" };
  expect(readConfig(withToken).config).toMatchObject({
    integrationType: "jira-server",
    integrationIdentifier: "my-jira-server-integration",
  });
  expect(problemsOf({ ...withToken, OCEAN__INTEGRATION__CONFIG__JIRA_HOST: "https://acme.atlassian.net" })).toEqual([
    "conflicting_values OCEAN__INTEGRATION__CONFIG__JIRA_SERVER_HOST",
  ]);
  expect(problemsOf({ OCEAN__INTEGRATION__TYPE: "jira-server" })).toEqual([
    "missing_value OCEAN__INTEGRATION__CONFIG__JIRA_SERVER_HOST",
  ]);
});
