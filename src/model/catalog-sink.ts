import type { EntityInput, EntityKey } from "./entity.ts";
import type { MappingDocument } from "./mapping.ts";

/** The four root flags of a mapping that change how a sink writes. */
export type WriteFlags = Pick<
  MappingDocument,
  "enableMergeEntity" | "createMissingRelatedEntities" | "deleteDependentEntities"
>;

/** Who writes and why; ends up in `updatedBy`, `$datasource` and the change feed. */
export interface WriteContext {
  readonly runId: string;
  /** `$datasource`: the text Port derives from the user agent, e.g. `port-ocean/jira/0.1.0/my-jira/exporter`. */
  readonly dataSource: string;
  readonly flags: WriteFlags;
  readonly signal?: AbortSignal;
}

export type WriteOutcome =
  | { readonly result: "created" | "updated" | "unchanged"; readonly key: EntityKey }
  | { readonly result: "failed"; readonly key: EntityKey; readonly code: string; readonly message: string };

export interface RemovalReport {
  readonly deleted: readonly EntityKey[];
  /** Kept because something kept points at them; they became bare stubs. */
  readonly kept: readonly EntityKey[];
}

/**
 * Where entities go: the embedded catalog, or a Port-compatible API. Both pass `runCatalogSinkContract`.
 *
 * Writes are idempotent. `putPage` resolves when the page is durable, with one outcome per entity in the order given.
 * Several pages may be in flight at once. A relation whose target is not there yet is held back and completed by
 * `commit`, where a target that is still missing follows `createMissingRelatedEntities`: made as a stub, or left out
 * and reported as a failed outcome. The sink never decides what to delete: `removals` come from complete evidence.
 */
export interface CatalogSink {
  beginFull(context: WriteContext): Promise<FullSession>;
  applyDelta(
    upserts: readonly EntityInput[],
    removals: readonly EntityKey[],
    context: WriteContext,
  ): Promise<{ readonly outcomes: readonly WriteOutcome[]; readonly removals: RemovalReport }>;
  /** Which of these entities are not there, and which were last written by somebody else. */
  findDisturbed(keys: readonly EntityKey[], context: WriteContext): Promise<Disturbed>;
  /**
   * What `putPage` would answer, with nothing written; a blueprint that is not there counts as one that will be. Calls
   * with one context belong together.
   */
  preview(entities: readonly EntityInput[], context: WriteContext): Promise<readonly WriteOutcome[]>;
}

export interface Disturbed {
  readonly missing: readonly EntityKey[];
  readonly changed: readonly EntityKey[];
}

export interface FullSession {
  putPage(entities: readonly EntityInput[]): Promise<readonly WriteOutcome[]>;
  commit(removals: readonly EntityKey[]): Promise<{
    readonly removals: RemovalReport;
    readonly stubsCreated: number;
    readonly failures: readonly WriteOutcome[];
  }>;
  /** Ends the session without removing anything. What was put stays; held-back relations are completed where possible. */
  abandon(): Promise<void>;
}
