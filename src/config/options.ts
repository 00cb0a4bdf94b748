/**
 * Every setting of the product, in one table. The environment reader, `--help`, docs/configuration.md and validation
 * derive from it. Names starting with OCEAN__ are those of Port's container (https://ocean.getport.io), kept so that an
 * existing deployment needs no change.
 */
interface OptionRow {
  readonly env: string;
  readonly type: "string" | "url" | "integer" | "boolean" | "json" | "choice";
  /** As text, the way it would be written in the environment; undefined = not set. */
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly secret?: true;
  readonly group: "Jira" | "Catalog" | "Sync" | "Process" | "Remote catalog";
  readonly description: string;
}

export const OPTIONS = {
  jiraHost: {
    env: "OCEAN__INTEGRATION__CONFIG__JIRA_HOST",
    type: "url",
    group: "Jira",
    description:
      "The site, e.g. `https://acme.atlassian.net`, or `https://api.atlassian.com/ex/jira/<cloudId>` for scoped tokens. Unset: the built-in demo Jira is used",
  },
  atlassianUserEmail: {
    env: "OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL",
    type: "string",
    group: "Jira",
    description: "E-mail of the account that the API token belongs to",
  },
  atlassianUserToken: {
    env: "OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN",
    type: "string",
    secret: true,
    group: "Jira",
    description: "API token of that account",
  },
  atlassianOrganizationId: {
    env: "OCEAN__INTEGRATION__CONFIG__ATLASSIAN_ORGANIZATION_ID",
    type: "string",
    group: "Jira",
    description: "Organisation that the `team` kind is read from. Unset: teams are left out",
  },
  oauthAccessTokenFilePath: {
    env: "OCEAN__OAUTH_ACCESS_TOKEN_FILE_PATH",
    type: "string",
    group: "Jira",
    description: "File with an OAuth access token, read again when it changes; replaces e-mail and token",
  },
  jiraServerHost: {
    env: "OCEAN__INTEGRATION__CONFIG__JIRA_SERVER_HOST",
    type: "url",
    group: "Jira",
    description: "A Jira Server or Data Center instead of a Cloud site, e.g. `https://jira.acme.com`",
  },
  jiraServerToken: {
    env: "OCEAN__INTEGRATION__CONFIG__TOKEN",
    type: "string",
    secret: true,
    group: "Jira",
    description: "Personal access token for the Data Center; or use user name and password",
  },
  jiraServerUsername: {
    env: "OCEAN__INTEGRATION__CONFIG__USERNAME",
    type: "string",
    group: "Jira",
    description: "User name for the Server or Data Center",
  },
  jiraServerPassword: {
    env: "OCEAN__INTEGRATION__CONFIG__PASSWORD",
    type: "string",
    secret: true,
    group: "Jira",
    description: "Password of that user",
  },
  extraCaFile: {
    env: "QUAYSIDE_EXTRA_CA_FILE",
    type: "string",
    group: "Jira",
    description: "File with certificates (PEM) to trust besides those of the system, for Jira and for a remote catalog",
  },
  verifyCertificates: {
    env: "OCEAN__SSL__THIRD_PARTY__VERIFY",
    type: "boolean",
    default: "true",
    group: "Jira",
    description: "false accepts any certificate of Jira: whoever stands between can read the token",
  },
  integrationIdentifier: {
    env: "OCEAN__INTEGRATION__IDENTIFIER",
    type: "string",
    group: "Sync",
    description:
      "Name of this installation; part of the data source that owns the entities. Unset: `my-<type>-integration`",
  },
  integrationType: {
    env: "OCEAN__INTEGRATION__TYPE",
    type: "choice",
    choices: ["jira", "jira-server"],
    group: "Sync",
    description: "The integration to run. Unset: `jira-server` when a `JIRA_SERVER_HOST` is set, else `jira`",
  },
  mappingFile: {
    env: "QUAYSIDE_MAPPING",
    type: "string",
    group: "Sync",
    description:
      "File with the mapping (YAML or JSON). Unset: the mapping stored in the catalog, at first the default one",
  },
  eventListener: {
    env: "OCEAN__EVENT_LISTENER",
    type: "json",
    default: '{"type":"POLLING"}',
    group: "Sync",
    description: '`{"type":"ONCE"}` syncs once and exits; `{"type":"POLLING"}` stays',
  },
  scheduledResyncInterval: {
    env: "OCEAN__SCHEDULED_RESYNC_INTERVAL",
    type: "integer",
    min: 1,
    group: "Sync",
    description: "Minutes between resyncs. Unset: 15 with a Jira, 1 with the demo",
  },
  initializePortResources: {
    env: "OCEAN__INITIALIZE_PORT_RESOURCES",
    type: "boolean",
    default: "true",
    group: "Sync",
    description: "Create the default blueprints and mapping when they are absent",
  },
  sendRawDataExamples: {
    env: "OCEAN__SEND_RAW_DATA_EXAMPLES",
    type: "boolean",
    default: "true",
    group: "Sync",
    description: "Send a few raw objects per kind to a remote catalog, for trying mappings there",
  },
  portClientId: {
    env: "OCEAN__PORT__CLIENT_ID",
    type: "string",
    group: "Remote catalog",
    description: "With the secret: write to a remote Port-compatible API instead of the embedded catalog",
  },
  portClientSecret: {
    env: "OCEAN__PORT__CLIENT_SECRET",
    type: "string",
    secret: true,
    group: "Remote catalog",
    description: "Secret of that client",
  },
  portBaseUrl: {
    env: "OCEAN__PORT__BASE_URL",
    type: "url",
    default: "https://api.getport.io",
    group: "Remote catalog",
    description: "The remote API (`https://api.us.getport.io` in the US)",
  },
  port: {
    env: "QUAYSIDE_PORT",
    type: "integer",
    default: "3000",
    min: 0,
    max: 65535,
    group: "Catalog",
    description: "TCP port of the catalog; 0 takes any free one",
  },
  host: {
    env: "QUAYSIDE_HOST",
    type: "string",
    default: "127.0.0.1",
    group: "Catalog",
    description: "Address the catalog listens on; `0.0.0.0` opens it to the network",
  },
  dataFolder: {
    env: "QUAYSIDE_DATA",
    type: "string",
    group: "Catalog",
    description: "Folder for data and credentials. Unset: the user's data directory",
  },
  logLevel: {
    env: "APPLICATION__LOG_LEVEL",
    type: "choice",
    choices: ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
    default: "WARNING",
    group: "Process",
    description: "How much is logged (JSON lines on standard error)",
  },
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof OPTIONS;
export type Option = OptionRow;

/** The table as uniform rows, for everything that walks it. */
export function listOptions(): readonly (readonly [OptionName, Option])[] {
  return Object.entries(OPTIONS) as [OptionName, Option][]; // Object.entries widens the keys of a const table
}
