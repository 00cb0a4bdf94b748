import type { JsonObject } from "../model/json.ts";
import type { Change } from "./feed-store.ts";

/** A committed change with what it changed. */
export interface AuditEntry extends Change {
  readonly subject: "entity" | "blueprint";
  /** The user agent of who wrote. */
  readonly dataSource: string;
  /** As stored: without what is computed. Null of what was made, and where it is not known. */
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

/** All that is given must hold. */
export interface AuditQuery {
  readonly seq?: number;
  readonly subjects?: readonly AuditEntry["subject"][];
  readonly actions?: readonly Change["action"][];
  /** Of an entity, or the blueprint itself. */
  readonly blueprint?: string;
  readonly entity?: string;
  readonly runId?: string;
  readonly dataSources?: readonly string[];
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly limit: number;
}

/** Of documents in one answer; where entities are large it has fewer changes than were asked for. */
export const MAX_AUDIT_LENGTH = 16 * 1024 * 1024;
/** Changes between two looks at how much there is already. */
export const AUDIT_PART = 50;

/** The change feed, looked at from its end. */
export interface AuditStore {
  /** The newest first, and fewer than the limit when they hold very much. */
  list(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** Forgets what is older; returns how much that was. */
  forget(beforeMs: number): Promise<number>;
}
