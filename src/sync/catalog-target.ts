import type { CatalogSink } from "../model/catalog-sink.ts";
import type { JsonObject } from "../model/json.ts";

/** The catalog that a connector fills, seen from the connector: where entities go, and where it is registered. */
export interface CatalogTarget {
  readonly sink: CatalogSink;
  /** The mapping stored there; undefined if there is none. */
  findMapping(signal: AbortSignal): Promise<JsonObject | undefined>;
  /** Registers the connector and creates the default blueprints and mapping where there are none. */
  prepare(signal: AbortSignal): Promise<void>;
  reportResync(state: ResyncState): Promise<void>;
  /** A text that changes whenever somebody asks for a resync, or saves a mapping. */
  findResyncRequest(signal: AbortSignal): Promise<string | undefined>;
  /** Raw objects of a kind, on which people try mappings. */
  sendExamples(kind: string, examples: readonly JsonObject[], signal: AbortSignal): Promise<void>;
}

export interface ResyncState {
  readonly status: "running" | "completed" | "failed" | "aborted";
  readonly startedAtMs: number;
}
