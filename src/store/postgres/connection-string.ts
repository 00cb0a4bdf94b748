import { types, type ClientConfig } from "pg";
import { ConfigurationError, toMessage } from "../../runtime/errors.ts";

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * What every session is told. Statements are planned anew with their values: a plan made for an empty table would stay
 * in use while the first sync fills it. Compiling plans (jit) costs more than any of them takes. The locks of a machine
 * that is gone are free after a minute and a half, those of a process that hangs in a transaction after one. A connection
 * that holds a lock is idle for as long as a sync takes, and lives whatever the server does to idle ones. In literals a
 * backslash is one, as the schema has them.
 */
const SESSION = Object.entries({
  search_path: "quayside",
  plan_cache_mode: "force_custom_plan",
  jit: "off",
  timezone: "UTC",
  tcp_keepalives_idle: 60,
  tcp_keepalives_interval: 10,
  tcp_keepalives_count: 3,
  idle_in_transaction_session_timeout: 60_000,
  idle_session_timeout: 0,
  standard_conforming_strings: "on",
})
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(" ");

/** For node-postgres. */
export function toClientOptions(url: string): ClientConfig {
  const parsed = new URL(url);
  const { searchParams } = parsed;
  searchParams.set("options", `${SESSION} ${searchParams.get("options") ?? ""}`.trim());
  // With this `sslmode` means what it means to psql; else `require` would already verify the certificate.
  if (searchParams.has("sslmode")) searchParams.set("uselibpqcompat", "true");
  return {
    connectionString: parsed.href,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    fallback_application_name: "quayside",
    keepAlive: true,
    types: { getTypeParser },
  };
}

const INT8 = 20;

/** Numbers of eight bytes are ids, times and counts here: they fit a number. */
function getTypeParser(type: number, format?: "text" | "binary"): (value: string) => unknown {
  if (type === INT8) return Number;
  return types.getTypeParser(type, format) as (value: string) => unknown; // rows come as text
}

/** The place without user and password, for messages. */
export function toShownUrl(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  const host = hostname === "" ? (searchParams.get("host") ?? "localhost") : hostname;
  return `${host}${port === "" ? "" : `:${port}`}${pathname}`;
}

/** Why there is no connection, and what to do about it. */
export function toConnectionError(url: string, error: unknown): ConfigurationError {
  const code = String((error as { readonly code?: unknown }).code); // of PostgreSQL or of the operating system, if any
  const advice = ADVICE[code] ?? "check QUAYSIDE_DATABASE_URL, and that PostgreSQL runs there";
  return new ConfigurationError(
    `Cannot connect to PostgreSQL at "${toShownUrl(url)}" (${toMessage(error) || code}): ${advice}`,
    [],
    { cause: error },
  );
}

const SIGN_IN = "check user and password in QUAYSIDE_DATABASE_URL";
const ADVICE: Readonly<Record<string, string>> = {
  "28P01": SIGN_IN,
  "28000": `${SIGN_IN}, and that pg_hba.conf lets that user in`,
  "3D000": "create the database (`createdb`), or correct its name in QUAYSIDE_DATABASE_URL",
  "53300": "raise max_connections of the server: a process of Quayside uses up to 15 connections",
  ENOTFOUND: "check the host in QUAYSIDE_DATABASE_URL",
  ECONNREFUSED: "check host and port in QUAYSIDE_DATABASE_URL, and that PostgreSQL runs and listens there",
};
