import type { Environment } from "./config.ts";
import type { Files } from "./config-files.fixture.ts";

/** A mistake in settings, what is said about it, and the same without it. */
export interface MalformedSettings {
  /** Code and path, and line and column in a file. */
  readonly problem: string;
  readonly wrong: Given;
  readonly right: Given;
}

export type Given = { readonly env: Environment; readonly files?: Files };

const CONFIG = "OCEAN__INTEGRATION__CONFIG__";
const LISTENER = "OCEAN__EVENT_LISTENER";
const CLOUD = {
  [`${CONFIG}JIRA_HOST`]: "https://acme.atlassian.net",
  [`${CONFIG}ATLASSIAN_USER_EMAIL`]: "ada@acme.com",
  [`${CONFIG}ATLASSIAN_USER_TOKEN`]: "s3cret",
};
const SERVER = { [`${CONFIG}JIRA_SERVER_HOST`]: "https://jira.acme.com", [`${CONFIG}TOKEN`]: "s3cret" };

/** One variable, wrong and right, beside others that are well. */
function variable(
  problem: string,
  name: string,
  wrong: string,
  right: string,
  others: Environment = {},
): MalformedSettings {
  return { problem, wrong: { env: { ...others, [name]: wrong } }, right: { env: { ...others, [name]: right } } };
}

/** A file of settings, wrong and right. */
function configFile(problem: string, wrong: string, right: string, others: Environment = {}): MalformedSettings {
  const env = { ...others, QUAYSIDE_CONFIG: "config.yaml" };
  return {
    problem,
    wrong: { env, files: { "config.yaml": wrong } },
    right: { env, files: { "config.yaml": right } },
  };
}

/** A file of variables, wrong and right. */
function envFile(problem: string, wrong: string, right: string): MalformedSettings {
  const env = { QUAYSIDE_ENV_FILE: ".env" };
  return { problem, wrong: { env, files: { ".env": wrong } }, right: { env, files: { ".env": right } } };
}

export const MALFORMED_SETTINGS: readonly MalformedSettings[] = [
  // Variables: the type of a value
  variable("invalid_value QUAYSIDE_PORT", "QUAYSIDE_PORT", "70000", "7000"),
  variable("invalid_value APPLICATION__PORT", "APPLICATION__PORT", "eight", "8000"),
  variable("invalid_value APPLICATION__LOG_LEVEL", "APPLICATION__LOG_LEVEL", "loud", "debug"),
  variable("invalid_value OCEAN__CLIENT_TIMEOUT", "OCEAN__CLIENT_TIMEOUT", "1m", "60"),
  variable("invalid_value OCEAN__SCHEDULED_RESYNC_INTERVAL", "OCEAN__SCHEDULED_RESYNC_INTERVAL", "0 * * * *", "60"),
  variable("invalid_value OCEAN__INITIALIZE_PORT_RESOURCES", "OCEAN__INITIALIZE_PORT_RESOURCES", "perhaps", "no"),
  variable("invalid_value OCEAN__INTEGRATION__TYPE", "OCEAN__INTEGRATION__TYPE", "github", "Jira"),

  // Variables: addresses
  variable(`invalid_value ${CONFIG}JIRA_HOST`, `${CONFIG}JIRA_HOST`, "acme", "https://acme.atlassian.net/", CLOUD),
  variable(
    "invalid_value OCEAN__PORT__BASE_URL",
    "OCEAN__PORT__BASE_URL",
    "https://app.us.getport.io",
    "https://api.us.getport.io",
  ),
  variable(
    `invalid_value ${CONFIG}JIRA_SERVER_HOST`,
    `${CONFIG}JIRA_SERVER_HOST`,
    "https://ada:s3cret@jira.acme.com",
    "https://jira.acme.com/jira",
    SERVER,
  ),

  // Variables: what is missing, or too much
  variable(`missing_value ${CONFIG}ATLASSIAN_USER_EMAIL`, `${CONFIG}ATLASSIAN_USER_EMAIL`, "", "ada@acme.com", CLOUD),
  variable(`missing_value ${CONFIG}ATLASSIAN_USER_TOKEN`, `${CONFIG}ATLASSIAN_USER_TOKEN`, " ", "s3cret", CLOUD),
  variable(`missing_value ${CONFIG}JIRA_HOST`, `${CONFIG}JIRA_HOST`, "", "https://acme.atlassian.net", CLOUD),
  variable(`missing_value ${CONFIG}TOKEN`, `${CONFIG}TOKEN`, "", "s3cret", SERVER),
  {
    problem: `missing_value ${CONFIG}PASSWORD`,
    wrong: { env: { ...SERVER, [`${CONFIG}TOKEN`]: "", [`${CONFIG}USERNAME`]: "ada" } },
    right: { env: { ...SERVER, [`${CONFIG}USERNAME`]: "ada" } },
  },
  {
    problem: `missing_value ${CONFIG}JIRA_SERVER_HOST`,
    wrong: { env: { OCEAN__INTEGRATION__TYPE: "jira-server" } },
    right: { env: { ...SERVER, OCEAN__INTEGRATION__TYPE: "jira-server" } },
  },
  variable("missing_value OCEAN__PORT__CLIENT_SECRET", "OCEAN__PORT__CLIENT_SECRET", "", "s3cret", {
    OCEAN__PORT__CLIENT_ID: "id",
  }),
  variable("missing_value OCEAN__PORT__CLIENT_ID", "OCEAN__PORT__CLIENT_ID", "", "id", {
    OCEAN__PORT__CLIENT_SECRET: "s3cret",
  }),
  {
    problem: `conflicting_values ${CONFIG}JIRA_SERVER_HOST`,
    wrong: { env: { ...CLOUD, ...SERVER } },
    right: { env: SERVER },
  },
  variable("conflicting_values OCEAN__INTEGRATION__TYPE", "OCEAN__INTEGRATION__TYPE", "jira", "jira-server", SERVER),

  // Variables: names
  {
    problem: "unknown_option QUAYSIDE_PROT",
    wrong: { env: { QUAYSIDE_PROT: "3000" } },
    right: { env: { quayside_port: "3000" } },
  },

  // Variables: JSON
  variable(`invalid_json ${LISTENER}`, LISTENER, "{type:ONCE}", '{"type":"ONCE"}'),
  variable("invalid_json OCEAN__PORT", "OCEAN__PORT", "8000", '{"client_id":"id","client_secret":"s3cret"}'),
  variable(`invalid_value ${LISTENER}.interval`, LISTENER, '{"interval":"1m"}', '{"interval":60}'),
  variable(`invalid_value ${LISTENER}.resync_on_start`, LISTENER, '{"resync_on_start":2}', '{"resync_on_start":true}'),
  variable(`invalid_value ${LISTENER}.type`, LISTENER, '{"type":"PUSH"}', '{"type":"KAFKA"}'),
  variable(`unsupported_listener ${LISTENER}.type`, LISTENER, '{"type":"WEBHOOKS_ONLY"}', '{"type":"POLLING"}'),
  variable(`unsupported_listener ${LISTENER}__TYPE`, `${LISTENER}__TYPE`, "ACTIONS_ONLY", "once"),
  variable(
    "invalid_value OCEAN__INTEGRATION__CONFIG.jira_host",
    "OCEAN__INTEGRATION__CONFIG",
    '{"jira_host":"http://acme.atlassian.net"}',
    '{"jira_host":"https://acme.atlassian.net"}',
    { ...CLOUD, [`${CONFIG}JIRA_HOST`]: "" },
  ),
  variable(
    "duplicate_setting OCEAN__INTEGRATION__CONFIG.jiraHost",
    "OCEAN__INTEGRATION__CONFIG",
    '{"jira_host":"https://acme.atlassian.net","jiraHost":"https://acme.atlassian.net"}',
    '{"jiraHost":"https://acme.atlassian.net"}',
    { ...CLOUD, [`${CONFIG}JIRA_HOST`]: "" },
  ),
  variable("invalid_map OCEAN__INTEGRATION.config", "OCEAN__INTEGRATION", '{"config":"none"}', '{"config":{}}'),

  // Variables: settings of the reference that cannot be followed
  variable("refused_setting OCEAN__RUNTIME", "OCEAN__RUNTIME", "Saas", "onprem"),
  variable("refused_setting OCEAN__PATH_PREFIX", "OCEAN__PATH_PREFIX", "/jira", ""),
  variable(
    "refused_setting OCEAN__ACTIONS_PROCESSOR.enabled",
    "OCEAN__ACTIONS_PROCESSOR",
    '{"enabled":true}',
    '{"enabled":false}',
  ),
  variable("refused_setting OCEAN__SSL.port.verify", "OCEAN__SSL", '{"port":{"verify":false}}', "{}"),

  // A file of settings
  {
    problem: "unreadable_file QUAYSIDE_CONFIG",
    wrong: { env: { QUAYSIDE_CONFIG: "nowhere.yaml" } },
    right: { env: { QUAYSIDE_CONFIG: "empty.yaml" }, files: { "empty.yaml": "" } },
  },
  configFile("invalid_yaml  2:1", 'port:\n\tclientId: "s3cret"\n', "port:\n  baseUrl: https://api.getport.io\n"),
  configFile("invalid_value  1:1", "- port\n", "port: {}\n"),
  configFile("invalid_map port 1:7", "port: 8000\n", "quayside:\n  port: 8000\n"),
  configFile("invalid_value quayside.port 2:9", "quayside:\n  port: [80]\n", "quayside:\n  port: 80\n"),
  configFile(
    "unknown_key evenListener 2:1",
    "port: {}\nevenListener:\n  type: ONCE\n",
    "eventListener:\n  type: ONCE\n",
  ),
  configFile("unknown_key jiraHost 1:1", 'jiraHost: "https://a.b"\n', "integration:\n  config: {}\n"),
  configFile(
    "refused_setting eventListener.shouldResync 2:17",
    "eventListener:\n  shouldResync: false\n",
    "eventListener:\n  shouldResync: true\n",
  ),
  configFile(
    "unsupported_listener eventListener.type 1:23",
    "eventListener: {type: ACTIONS_ONLY}",
    "eventListener: {}",
  ),
  configFile(
    "missing_variable integration.identifier 2:15",
    'integration:\n  identifier: "{{ from env NAME }}"\n',
    "integration:\n  identifier: jira\n",
  ),
  configFile(
    "invalid_template integration.identifier 2:15",
    'integration:\n  identifier: "{{ from vault NAME }}"\n',
    'integration:\n  identifier: "{{ from env NAME }}"\n',
    { NAME: "jira" },
  ),
  configFile(
    "invalid_value integration.identifier 2:15",
    "integration:\n  identifier: {{ from env NAME }}\n",
    'integration:\n  identifier: "{{ from env NAME }}"\n',
    { NAME: "jira" },
  ),
  configFile(
    "missing_variable port.clientSecret 1:36",
    'port: {clientId: id, clientSecret: "{{ from env SECRET }}"}',
    "port: {clientId: id, clientSecret: s3cret}",
  ),
  configFile(
    "misplaced_setting quayside.config 2:11",
    "quayside:\n  config: other.yaml\n",
    "quayside:\n  data: ./data\n",
  ),

  // A file of variables
  {
    problem: "unreadable_file QUAYSIDE_ENV_FILE",
    wrong: { env: { QUAYSIDE_ENV_FILE: "nowhere" } },
    right: { env: { QUAYSIDE_ENV_FILE: "empty" }, files: { empty: "" } },
  },
  envFile("invalid_line OCEAN__BASE_URL 2:8", "A: 1\nexport OCEAN__BASE_URL: x\n", "A: 1\nexport OCEAN__BASE_URL=x\n"),
  envFile("invalid_line QUAYSIDE_DATA 1:1", "QUAYSIDE_DATA='./data\n", "QUAYSIDE_DATA='./data' # here\n"),
  envFile(
    "invalid_line OCEAN__PORT__CLIENT_SECRET 2:1",
    "OCEAN__PORT__CLIENT_ID=id\nOCEAN__PORT__CLIENT_SECRET: s3cret\n",
    "OCEAN__PORT__CLIENT_ID=id\nOCEAN__PORT__CLIENT_SECRET=s3cret\n",
  ),
  envFile("invalid_value QUAYSIDE_PORT 3:1", "\n\nQUAYSIDE_PORT=x # none\n", "\n\nQUAYSIDE_PORT=1 # one\n"),
  envFile("misplaced_setting QUAYSIDE_ENV_FILE 1:1", "QUAYSIDE_ENV_FILE=.env\n", "# QUAYSIDE_ENV_FILE=.env\n"),
];
