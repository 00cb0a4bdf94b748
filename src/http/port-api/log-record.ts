import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import type { LogRecord } from "../../store/telemetry-store.ts";

/** As Port's API names them. */
export const LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "FATAL"] as const;

/** What libraries for logging call them. */
const OTHER_NAMES: Readonly<Record<string, string>> = { WARN: "WARNING", CRITICAL: "FATAL", PANIC: "FATAL" };

/** Longer ones are cut, so that a log has a bound in bytes as it has one in records. */
const MAX_TEXT = 8192;
/** The last time that a date of JavaScript can be. */
const MAX_TIME_MS = 8.64e15;

/** A record as integrations send it, `{ message, level, timestamp, extra }`; what is missing is made up for. */
export function toLogRecord(sent: JsonObject, nowMs: number): LogRecord {
  const extra = isJsonObject(sent["extra"]) ? sent["extra"] : {};
  const level = toText(sent["level"]).toUpperCase();
  const eventId = extra["event_id"] ?? extra["eventId"];
  return {
    atMs: toTime(sent["timestamp"], nowMs),
    level: OTHER_NAMES[level] ?? (level === "" ? "INFO" : level.slice(0, 20)),
    message: toText(sent["message"]).slice(0, MAX_TEXT),
    eventId: typeof eventId === "string" ? eventId.slice(0, 100) : null,
    extra: JSON.stringify(extra).length > MAX_TEXT ? {} : extra,
  };
}

function toTime(timestamp: Json | undefined, nowMs: number): number {
  if (typeof timestamp === "string") return toTimeOr(Date.parse(timestamp), nowMs);
  // Seconds since 1970 where libraries count them, else milliseconds.
  if (typeof timestamp === "number") return toTimeOr(timestamp < 1e11 ? timestamp * 1000 : timestamp, nowMs);
  return nowMs;
}

function toTimeOr(ms: number, nowMs: number): number {
  return Number.isFinite(ms) && Math.abs(ms) <= MAX_TIME_MS ? Math.trunc(ms) : nowMs;
}

function toText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
