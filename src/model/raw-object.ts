import type { JsonObject } from "./json.ts";

/** What a listing tells of an object before its body is read. `id` never changes; `key` may (issues move). */
export interface RawObjectRef {
  readonly id: string;
  readonly key?: string;
  /** Jira's own `updated` text where the kind has one. Compared as text, never parsed. */
  readonly updated?: string;
}

/** One object of a kind as Jira answered it, plus the kind's enrichment keys (`__projectKey`, ...). */
export interface RawObject extends RawObjectRef {
  readonly kind: string;
  /** Hash of the bytes as received (and of the enrichment); equal hashes mean "nothing changed". */
  readonly hash: string;
  /** The body, parsed anew at each call: whoever needs it twice keeps it, and the pages under way take little memory. */
  body(): JsonObject;
}

/** A piece of a full read of one kind, in the kind's order. */
export interface RawPage {
  readonly objects: readonly RawObject[];
  /** Listed by Jira, but not read because the caller said it already holds them. They are evidence of life. */
  readonly skipped: readonly RawObjectRef[];
  /** How many objects the whole read is expected to have, as far as known; for progress only. */
  readonly expectedTotal?: number;
}
