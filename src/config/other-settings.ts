/** Settings of the reference that are no options of Quayside, and what becomes of them. */
export interface OtherSettings {
  /** A name that ends in `*` stands for all names that start like it. */
  readonly names: readonly string[];
  /** `no effect`: a warning tells why. `refused`: nothing starts. `honoured`: read elsewhere. */
  readonly standing: "no effect" | "refused" | "honoured";
  /** Follows the setting and a colon. */
  readonly reason: string;
  /** Values that ask for what Quayside does anyway; they are accepted in silence. */
  readonly harmless?: readonly string[];
}

const NO_LAKE = "raw data is never copied to Port's lake";
const NO_LIVE_EVENTS = "live events are not received yet; changes come with the next resync";
const NO_METRICS = "there are no metrics yet";
const RESYNC_IS_INCREMENTAL =
  "every resync costs in proportion to what changed; OCEAN__SCHEDULED_RESYNC_INTERVAL says how often";

export const OTHER_SETTINGS: readonly OtherSettings[] = [
  // Catalog at the other end
  {
    names: ["OCEAN__PORT__PORT_APP_CONFIG_CACHE_TTL", "OCEAN__PORT__BLUEPRINT_CACHE_TTL_SECONDS"],
    standing: "no effect",
    reason: "every run loads mapping and blueprints anew",
  },
  {
    names: ["OCEAN__PORT__FEATURE_FLAGS_CACHE_TTL_SECONDS"],
    standing: "no effect",
    reason: "the feature flags of an organisation change nothing here",
  },
  {
    names: ["OCEAN__SSL__PORT__VERIFY"],
    standing: "refused",
    reason: "the certificate of a remote catalog is always checked; trust one of your own with NODE_EXTRA_CA_CERTS",
    harmless: ["true"],
  },
  {
    names: [
      "OCEAN__UPSERT_ENTITIES_BATCH_MAX_LENGTH",
      "OCEAN__UPSERT_ENTITIES_BATCH_MAX_SIZE_IN_BYTES",
      "OCEAN__DELETE_ENTITIES_MAX_BATCH_SIZE",
    ],
    standing: "no effect",
    reason: "batches are always as large as the API allows",
  },
  {
    names: ["OCEAN__STATUS_HEARTBEAT_INTERVAL_SECONDS"],
    standing: "no effect",
    reason: "no signs of life are sent during a resync",
  },
  {
    names: ["OCEAN__LAKEHOUSE_ENABLED"],
    standing: "no effect",
    reason: NO_LAKE,
    harmless: ["false"],
  },
  {
    names: ["OCEAN__LAKEHOUSE_BUFFER_INTERVAL_SECONDS", "OCEAN__LAKEHOUSE_BUFFER_MAX_COUNT"],
    standing: "no effect",
    reason: NO_LAKE,
  },

  // Integration and its default resources
  {
    names: ["OCEAN__INTEGRATION__SECRETS__*"],
    standing: "no effect",
    reason: "only the Helm chart knows them, and hands them on as OCEAN__INTEGRATION__CONFIG__<NAME>; set that",
  },
  {
    names: ["OCEAN__INTEGRATION__SKIP_CHECK_DIFF"],
    standing: "no effect",
    reason: "what did not change is never written",
  },
  {
    names: ["OCEAN__INTEGRATION__INCREMENTAL_SYNC_ENABLED"],
    standing: "no effect",
    reason: RESYNC_IS_INCREMENTAL,
    harmless: ["false"],
  },
  {
    names: ["OCEAN__INTEGRATION__INCREMENTAL_SYNC_INTERVAL"],
    standing: "no effect",
    reason: RESYNC_IS_INCREMENTAL,
  },
  {
    names: ["OCEAN__CREATE_PORT_RESOURCES_ORIGIN"],
    standing: "refused",
    reason:
      "default resources come from Quayside itself; to have none set OCEAN__INITIALIZE_PORT_RESOURCES=false and name a mapping with QUAYSIDE_MAPPING",
    harmless: ["Default", "Ocean"],
  },
  {
    names: ["OCEAN__RESOURCES_PATH"],
    standing: "refused",
    reason: "default resources come from Quayside itself; name a mapping of your own with QUAYSIDE_MAPPING",
    harmless: [".port/resources"],
  },

  // Event listener
  {
    names: ["OCEAN__EVENT_LISTENER__SHOULD_RESYNC"],
    standing: "refused",
    reason: "a process that never resyncs has nothing to do here; unset it",
    harmless: ["true"],
  },
  {
    names: ["OCEAN__EVENT_LISTENER__APP_HOST"],
    standing: "no effect",
    reason: "nobody calls for a resync from outside; a remote catalog is asked for requests",
  },
  {
    names: [
      "OCEAN__EVENT_LISTENER__BROKERS",
      "OCEAN__EVENT_LISTENER__SECURITY_PROTOCOL",
      "OCEAN__EVENT_LISTENER__AUTHENTICATION_MECHANISM",
      "OCEAN__EVENT_LISTENER__KAFKA_SECURITY_ENABLED",
      "OCEAN__EVENT_LISTENER__CONSUMER_POLL_TIMEOUT",
    ],
    standing: "no effect",
    reason: "nothing connects to Kafka",
  },

  // Live events and actions
  {
    names: [
      "OCEAN__BASE_URL",
      "OCEAN__INTEGRATION__CONFIG__APP_HOST",
      "OCEAN__EVENT_WORKERS_COUNT",
      "OCEAN__MAX_EVENT_PROCESSING_SECONDS",
    ],
    standing: "no effect",
    reason: NO_LIVE_EVENTS,
  },
  {
    names: ["OCEAN__EVENT_LISTENER__SHOULD_PROCESS_WEBHOOKS", "OCEAN__EVENTS_DEBUG_LOGGING", "OCEAN__LIVE_EVENTS__*"],
    standing: "no effect",
    reason: NO_LIVE_EVENTS,
    harmless: ["false"],
  },
  {
    names: ["OCEAN__PATH_PREFIX"],
    standing: "refused",
    reason: "all routes start at the root; let the proxy in front remove the prefix",
  },
  {
    names: ["OCEAN__ACTIONS_PROCESSOR__ENABLED"],
    standing: "refused",
    reason: "the Jira integration has no actions, and does not start with this in the reference either; unset it",
    harmless: ["false"],
  },
  {
    names: ["OCEAN__ACTIONS_PROCESSOR__*", "OCEAN__EVENT_LISTENER__SHOULD_RUN_ACTIONS"],
    standing: "no effect",
    reason: "the Jira integration has no actions, in the reference neither",
    harmless: ["false"],
  },

  // Work inside the process
  {
    names: ["OCEAN__PROCESSING_MODE"],
    standing: "no effect",
    reason: "mapping always happens in this process, as with `ocean-core`",
    harmless: ["ocean-core"],
  },
  {
    names: ["OCEAN__PROCESS_EXECUTION_MODE"],
    standing: "no effect",
    reason: "there is one process, as in the reference since its version 0.47",
    harmless: ["single_process"],
  },
  {
    names: ["OCEAN__ALLOW_ENVIRONMENT_VARIABLES_JQ_ACCESS"],
    standing: "no effect",
    reason: "`env` and `$ENV` are always empty in jq, so that a mapping cannot read secrets",
    harmless: ["false"],
  },
  {
    names: [
      "OCEAN__PROCESS_IN_QUEUE_MAX_WORKERS",
      "OCEAN__PROCESS_IN_QUEUE_TIMEOUT",
      "OCEAN__YIELD_ITEMS_TO_PARSE_BATCH_SIZE",
    ],
    standing: "no effect",
    reason: "a page is mapped at once, without a pool of processes",
  },
  {
    names: ["OCEAN__CACHING_STORAGE_MODE"],
    standing: "no effect",
    reason: "pages of Jira are cached nowhere but in memory",
    harmless: ["memory"],
  },
  {
    names: ["OCEAN__STREAMING__*"],
    standing: "no effect",
    reason: "pages of Jira go through memory, in the reference too",
    harmless: ["false"],
  },
  {
    names: ["OCEAN__MAX_WAIT_SECONDS_BEFORE_SHUTDOWN"],
    standing: "no effect",
    reason: "there is no queue to drain: a stop ends the page at hand, and the next start takes up the run",
  },
  {
    names: ["OCEAN__METRICS__ENABLED"],
    standing: "no effect",
    reason: NO_METRICS,
    harmless: ["false"],
  },
  { names: ["OCEAN__METRICS__WEBHOOK_URL"], standing: "no effect", reason: NO_METRICS },
  {
    names: ["APPLICATION__ENABLE_HTTP_LOGGING"],
    standing: "no effect",
    reason: "logs never leave by HTTP",
    harmless: ["false"],
  },
  {
    names: ["OCEAN__RUNTIME"],
    standing: "refused",
    reason: "only Port hosts an integration as `Saas`; unset it",
    harmless: ["OnPrem"],
  },

  // Network. Names without OCEAN__ are addressed to all programs, so nobody is warned of them.
  {
    names: ["OCEAN__DISABLE_IP_OUTBOUND_BLOCKER"],
    standing: "refused",
    reason: "private addresses are not blocked here; block them in the network, and unset it",
    harmless: ["true"],
  },
  {
    names: ["OCEAN__SSL__PORT__X509__STRICT", "OCEAN__SSL__THIRD_PARTY__X509__STRICT"],
    standing: "no effect",
    reason: "certificates are checked as Node.js does it, without the strict flag",
    harmless: ["false"],
  },
  { names: ["HTTP_PROXY"], standing: "honoured", reason: "proxy for addresses that start with http://" },
  { names: ["HTTPS_PROXY"], standing: "honoured", reason: "proxy for addresses that start with https://" },
  { names: ["NO_PROXY"], standing: "honoured", reason: "hosts that are reached directly" },
  { names: ["ALL_PROXY"], standing: "no effect", reason: "set HTTP_PROXY and HTTPS_PROXY" },
  {
    names: ["SSL_CERT_DIR"],
    standing: "no effect",
    reason: "certificates are read from one file; name it with SSL_CERT_FILE or QUAYSIDE_EXTRA_CA_FILE",
  },
];

/** What becomes of a variable that is no option of Quayside; undefined if the reference does not know it either. */
export function findOtherSetting(name: string): OtherSettings | undefined {
  const isPattern = (known: string): boolean => known.endsWith("*") && name.startsWith(known.slice(0, -1));
  return (
    OTHER_SETTINGS.find(({ names }) => names.includes(name)) ??
    OTHER_SETTINGS.find(({ names }) => names.some(isPattern))
  );
}
