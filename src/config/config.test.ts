import { expect, test } from "vitest";
import { findProblems, readWith } from "./config-files.fixture.ts";
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
  return findProblems(env).map(({ code, path = [] }) => `${code} ${path.join(".")}`);
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
    eventListener: { type: "POLLING", intervalSeconds: 60, resyncOnStart: true },
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
    "invalid_json OCEAN__EVENT_LISTENER",
    "invalid_value OCEAN__INTEGRATION__CONFIG__JIRA_HOST",
    "invalid_value OCEAN__SCHEDULED_RESYNC_INTERVAL",
    "invalid_value OCEAN__INITIALIZE_PORT_RESOURCES",
    "invalid_value QUAYSIDE_PORT",
    "invalid_value APPLICATION__LOG_LEVEL",
    "missing_value OCEAN__PORT__CLIENT_SECRET",
  ]);
});

test("a misspelt variable of our own is refused with the likely one, an unknown one of the reference only warned of", () => {
  expect(() => readConfig({ QUAYSIDE_PROT: "1" })).toThrow("did you mean QUAYSIDE_PORT?");
  expect(readConfig({ OCEAN__BASE_ULR: "https://a.b", OCEAN__WEATHER: "fine" }).warnings).toEqual([
    "OCEAN__BASE_ULR is unknown and ignored; did you mean OCEAN__BASE_URL?",
    "OCEAN__WEATHER is unknown and ignored; see the list of settings",
  ]);
});

test("what was given and cannot be read is not called missing too", () => {
  const env = { ...CONTAINER, OCEAN__INTEGRATION__CONFIG__JIRA_HOST: "acme" };
  expect(problemsOf(env)).toEqual(["invalid_value OCEAN__INTEGRATION__CONFIG__JIRA_HOST"]);
});

test("what the Helm chart renders is understood", () => {
  const { config, warnings } = readConfig({
    ...CONTAINER,
    OCEAN__EVENT_LISTENER: '{"type":"POLLING","interval":30}',
    OCEAN__INTEGRATION__IDENTIFIER: "my-ocean-jira-integration",
    OCEAN__INTEGRATION__TYPE: "jira",
    OCEAN__SCHEDULED_RESYNC_INTERVAL: "120",
    OCEAN__CLIENT_TIMEOUT: "60",
    OCEAN__ALLOW_ENVIRONMENT_VARIABLES_JQ_ACCESS: "true",
    OCEAN__PROCESSING_MODE: "dsp",
    OCEAN__LAKEHOUSE_ENABLED: "true",
    OCEAN__PROCESS_EXECUTION_MODE: "single_process",
    OCEAN__BASE_URL: "https://jira.acme.com",
    SSL_CERT_FILE: "/etc/ssl/certs/ca.crt",
  });
  expect(config).toMatchObject({ scheduledResyncInterval: 120, clientTimeoutSeconds: 60, integrationType: "jira" });
  expect(warnings.map((warning) => warning.split(" ")[0])).toEqual([
    "OCEAN__ALLOW_ENVIRONMENT_VARIABLES_JQ_ACCESS",
    "OCEAN__PROCESSING_MODE",
    "OCEAN__LAKEHOUSE_ENABLED",
    "OCEAN__BASE_URL",
  ]);
});

test("with an OAuth token file neither e-mail nor token is needed", () => {
  const host = { OCEAN__INTEGRATION__CONFIG__JIRA_HOST: "https://api.atlassian.com/ex/jira/1-2" };
  expect(problemsOf(host)).toHaveLength(2);
  expect(problemsOf({ ...host, OCEAN__OAUTH_ACCESS_TOKEN_FILE_PATH: "/run/token" })).toEqual([]);
});

test.each([
  ["POLLING", { type: "POLLING", intervalSeconds: 5, resyncOnStart: false }, []],
  ["ONCE", { type: "ONCE" }, []],
  ["KAFKA", { type: "POLLING", intervalSeconds: 5, resyncOnStart: false }, ["KAFKA is run as POLLING"]],
  ["WEBHOOK", { type: "POLLING", intervalSeconds: 5, resyncOnStart: false }, ["WEBHOOK is run as POLLING"]],
])("the event listener %s becomes %j", (type, listener, warnings) => {
  const read = readConfig({
    OCEAN__EVENT_LISTENER: JSON.stringify({ type, interval: 5, resync_on_start: false }),
  });
  expect(read.config.eventListener).toEqual(listener);
  expect(read.warnings).toEqual(warnings.map((warning) => expect.stringContaining(warning) as string));
});

test("what the chart gives its Kafka listener is understood, each part with its reason", () => {
  const { warnings } = readConfig({
    OCEAN__EVENT_LISTENER: '{"type":"KAFKA","brokers":"b-1:9196","appHost":"https://a.b"}',
  });
  expect(warnings).toEqual([
    "type in OCEAN__EVENT_LISTENER: KAFKA is run as POLLING: nothing connects to Kafka",
    "brokers in OCEAN__EVENT_LISTENER has no effect: nothing connects to Kafka",
    "appHost in OCEAN__EVENT_LISTENER has no effect: nobody calls for a resync from outside; a remote catalog is asked for requests",
  ]);
});

test("a Data Center makes it the integration jira-server", () => {
  const { config } = readConfig({
    OCEAN__INTEGRATION__CONFIG__JIRA_SERVER_HOST: "https://jira.acme.com/",
    OCEAN__INTEGRATION__CONFIG__TOKEN: "secret",
  });
  expect(config).toMatchObject({
    jiraServerHost: "https://jira.acme.com",
    integrationType: "jira-server",
    integrationIdentifier: "my-jira-server-integration",
  });
});

test("a missing value is named as it would stand in the file that is used", () => {
  const env = { QUAYSIDE_CONFIG: "config.yaml" };
  expect(() => readWith(env, { "config.yaml": "port: {clientId: id}" })).toThrow(
    "OCEAN__PORT__CLIENT_SECRET (or port.clientSecret in config.yaml) is missing",
  );
});
