import { checkCloudHost, checkDatabaseUrl, checkPortBaseUrl } from "./check-url.ts";

/**
 * Every setting of the product, in one table. The readers of variables and files, `--help`, docs/configuration.md and
 * validation derive from it. Names starting with OCEAN__ are those of Port's container (https://ocean.getport.io), kept
 * so that an existing deployment needs no change; those of its settings that Quayside does not have are in
 * reference-settings.ts.
 */
interface OptionRow {
  readonly env: string;
  readonly type: "string" | "url" | "integer" | "boolean" | "choice";
  /** As text, the way it would be written in the environment; undefined = not set. */
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** What else is wrong with a value of the right type; it completes a sentence that starts with the setting. */
  readonly check?: (value: string) => string | undefined;
  readonly secret?: true;
  readonly group: "Jira" | "Catalog" | "Sync" | "Process" | "Remote catalog";
  readonly description: string;
  /** Where this is not what the reference does under the same name. */
  readonly difference?: string;
  /** Another name, read when `env` is not set. */
  readonly alias?: { readonly env: string; readonly difference: string };
}

export const OPTIONS = {
  jiraHost: {
    env: "OCEAN__INTEGRATION__CONFIG__JIRA_HOST",
    type: "url",
    check: checkCloudHost,
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
    difference: "The e-mail is not required; white space around the token is dropped",
  },
  jiraServerHost: {
    env: "OCEAN__INTEGRATION__CONFIG__JIRA_SERVER_HOST",
    type: "url",
    group: "Jira",
    description: "A Jira Server or Data Center instead of a Cloud site, e.g. `https://jira.acme.com`",
    difference: "It must be a URL; slashes at its end are dropped",
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
  clientTimeoutSeconds: {
    env: "OCEAN__CLIENT_TIMEOUT",
    type: "integer",
    min: 1,
    max: 3600,
    group: "Jira",
    description: "Seconds of silence after which a request to Jira counts as lost. Unset: 60",
    difference: "It holds for Jira Cloud too, where the reference always waits 30 seconds",
  },
  extraCaFile: {
    env: "QUAYSIDE_EXTRA_CA_FILE",
    type: "string",
    group: "Jira",
    description: "File with certificates (PEM) to trust besides those of the system",
    alias: {
      env: "SSL_CERT_FILE",
      difference: "Its certificates are trusted besides those of the system, not instead",
    },
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
    difference: "Only `jira` and `jira-server`",
  },
  mappingFile: {
    env: "QUAYSIDE_MAPPING",
    type: "string",
    group: "Sync",
    description:
      "File with the mapping (YAML or JSON). Unset: the mapping stored in the catalog, at first the default one",
  },
  eventListenerType: {
    env: "OCEAN__EVENT_LISTENER__TYPE",
    type: "choice",
    choices: ["POLLING", "ONCE", "KAFKA", "WEBHOOK", "WEBHOOKS_ONLY", "ACTIONS_ONLY"],
    default: "POLLING",
    group: "Sync",
    description: "`ONCE` resyncs once and exits; `POLLING` stays and resyncs at an interval",
    difference:
      "`ONCE` ends with an exit code that tells how it went. `KAFKA` and `WEBHOOK` are run as `POLLING`, with a warning. `WEBHOOKS_ONLY` and `ACTIONS_ONLY` are refused",
  },
  pollingIntervalSeconds: {
    env: "OCEAN__EVENT_LISTENER__INTERVAL",
    type: "integer",
    min: 1,
    max: 86_400,
    default: "60",
    group: "Sync",
    description: "`POLLING`: seconds between two questions to a remote catalog whether somebody asked for a resync",
    difference: "The embedded catalog is not polled",
  },
  resyncOnStart: {
    env: "OCEAN__EVENT_LISTENER__RESYNC_ON_START",
    type: "boolean",
    default: "true",
    group: "Sync",
    description: "`POLLING`: resync at once. false: the first resync comes after one interval",
    difference: "The reference resyncs at start only if a request is waiting",
  },
  scheduledResyncInterval: {
    env: "OCEAN__SCHEDULED_RESYNC_INTERVAL",
    type: "integer",
    min: 1,
    max: 525_600,
    group: "Sync",
    description:
      "Minutes from the start of one resync to the start of the next; one that takes longer is followed by the next at once. Unset: 15 with a Jira, 1 with the demo",
    difference:
      "A resync that is due waits for the running one and never aborts it. Unset does not mean never. A cron expression belongs in the schedule of a CronJob, not here",
  },
  verifyIntervalHours: {
    env: "QUAYSIDE_VERIFY_INTERVAL",
    type: "integer",
    default: "24",
    min: 0,
    max: 8760,
    group: "Sync",
    description:
      "Hours after which a resync reads everything again, and not only what Jira lists as changed; 0: every resync does. See sync.md",
  },
  initializePortResources: {
    env: "OCEAN__INITIALIZE_PORT_RESOURCES",
    type: "boolean",
    default: "true",
    group: "Sync",
    description: "Create the default blueprints and mapping when they are absent",
    difference: "What is absent is created, also when some of the blueprints exist already",
  },
  sendRawDataExamples: {
    env: "OCEAN__SEND_RAW_DATA_EXAMPLES",
    type: "boolean",
    default: "true",
    group: "Sync",
    description: "Give the catalog a few raw objects per kind to try mappings on, without what looks secret in them",
  },
  portClientId: {
    env: "OCEAN__PORT__CLIENT_ID",
    type: "string",
    group: "Remote catalog",
    description: "With the secret: write to a remote Port-compatible API instead of the embedded catalog",
    difference: "Not required: without client id and secret the embedded catalog is used",
  },
  portClientSecret: {
    env: "OCEAN__PORT__CLIENT_SECRET",
    type: "string",
    secret: true,
    group: "Remote catalog",
    description: "Secret of that client",
    difference: "Not required, as the client id",
  },
  portBaseUrl: {
    env: "OCEAN__PORT__BASE_URL",
    type: "url",
    check: checkPortBaseUrl,
    default: "https://api.getport.io",
    group: "Remote catalog",
    description: "The remote API: `https://api.getport.io` is Port's EU region, `https://api.us.getport.io` the US one",
  },
  port: {
    env: "QUAYSIDE_PORT",
    type: "integer",
    default: "3000",
    min: 0,
    max: 65535,
    group: "Catalog",
    description: "TCP port of the catalog; 0 takes any free one",
    alias: { env: "APPLICATION__PORT", difference: "The default is 3000, and `QUAYSIDE_PORT` comes first" },
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
  databaseUrl: {
    env: "QUAYSIDE_DATABASE_URL",
    type: "string",
    secret: true,
    check: checkDatabaseUrl,
    group: "Catalog",
    description:
      "PostgreSQL database for the data, `postgres://user:password@host:5432/database`; see postgresql.md. Unset: a SQLite file in the folder for data",
  },
  logLevel: {
    env: "APPLICATION__LOG_LEVEL",
    type: "choice",
    choices: ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
    default: "WARNING",
    group: "Process",
    description: "How much is logged (JSON lines on standard error)",
    difference: "The default is WARNING, not INFO",
  },
  historyDays: {
    env: "QUAYSIDE_HISTORY_DAYS",
    type: "integer",
    default: "365",
    min: 0,
    group: "Catalog",
    description:
      "Days that changes of blueprints and entities are kept, for the audit log and the change feed; 0 keeps all",
  },
  config: {
    env: "QUAYSIDE_CONFIG",
    type: "string",
    group: "Process",
    description: "File with settings (`config.yaml`), see above",
  },
  envFile: {
    env: "QUAYSIDE_ENV_FILE",
    type: "string",
    group: "Process",
    description: "File with variables (`.env`), see above",
  },
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof OPTIONS;
export type Option = OptionRow;

/** The table as uniform rows, for everything that walks it. */
export function listOptions(): readonly (readonly [OptionName, Option])[] {
  return Object.entries(OPTIONS) as [OptionName, Option][]; // Object.entries widens the keys of a const table
}
