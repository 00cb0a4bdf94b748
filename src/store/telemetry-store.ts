import type { JsonObject } from "../model/json.ts";

/** What integrations log and measure of their work, by the name they are installed under. */
export interface TelemetryStore {
  /** The oldest go when an integration has more than `keep`. */
  addLogs(integration: string, logs: readonly LogRecord[], keep: number): Promise<void>;
  /** The newest first. */
  listLogs(integration: string, query: LogQuery): Promise<readonly StoredLog[]>;
  /** Metrics of a sync and kind replace those before. The oldest syncs go when an integration has more than `keep`. */
  putMetrics(integration: string, metrics: readonly SyncMetric[], atMs: number, keep: number): Promise<void>;
  /** Of one sync, by kind. */
  listMetrics(integration: string, eventId: string): Promise<readonly StoredMetric[]>;
  /** The newest first. */
  listSyncs(integration: string): Promise<readonly SyncSummary[]>;
  forget(integration: string): Promise<void>;
}

export interface LogRecord {
  readonly atMs: number;
  readonly level: string;
  readonly message: string;
  /** The sync it belongs to. */
  readonly eventId: string | null;
  readonly extra: JsonObject;
}

export interface StoredLog extends LogRecord {
  readonly seq: number;
}

/** All that is given must hold. */
export interface LogQuery {
  readonly limit: number;
  readonly levels?: readonly string[];
  readonly eventId?: string;
  /** Only what is older, or newer, than this place: a time, and within it a record. */
  readonly beyond?: { readonly atMs: number; readonly seq?: number; readonly direction: "older" | "newer" };
}

export interface SyncMetric {
  readonly eventId: string;
  readonly kindIdentifier: string;
  readonly state: string;
  /** As the integration sent it. */
  readonly document: JsonObject;
}

export interface StoredMetric extends SyncMetric {
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface SyncSummary {
  readonly eventId: string;
  /** Of each of its kinds. */
  readonly states: readonly string[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}
