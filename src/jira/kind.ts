import type { JsonObject } from "../model/json.ts";
import type { RawObject, RawObjectRef, RawPage } from "../model/raw-object.ts";
import type { JiraSession } from "./jira-session.ts";

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** True for objects whose body the caller does not need; they are listed as skipped. */
  skip(ref: RawObjectRef): boolean;
  /** Which `fields` of an issue the mapping reads. A selector that names fields itself wins. */
  readonly fields: readonly string[] | "all";
}

/** How to notice that objects of a kind changed, other than reading them all. */
export interface KindChanges {
  /** `jql`: by their `updated` field; `feed`: Jira lists changed and deleted ids; `none`: only a full read tells. */
  readonly since: "jql" | "feed" | "none";
  /** Webhook events after which an object has to be read again, or is gone. */
  readonly events: readonly string[];
}

/** A sort of Jira object that can be read: what a mapping may say about it, and how it is read politely. */
export interface Kind<Selector> {
  readonly name: string;
  readonly changes: KindChanges;
  /**
   * Throws InputError; paths of its problems start below the selector, e.g. `["jql"]`, and their positions count from
   * the start of the value.
   */
  parseSelector(selector: JsonObject): Selector;
  /**
   * All objects that the selector asks for, each once. Throws IncompleteReadError at the end when parts could not be
   * read: what was yielded is right, but nothing follows from what was not.
   */
  read(session: JiraSession, selector: Selector, options: ReadOptions): AsyncIterable<RawPage>;
  /** What changed since a time, deletions left out; absent when Jira cannot tell. */
  readSince?(session: JiraSession, selector: Selector, sinceMs: number, options: ReadOptions): AsyncIterable<RawPage>;
  /**
   * One object as it is now, by id or key; undefined if it is gone, hidden or outside the selector. Absent when Jira
   * can only be asked for all of them.
   */
  readOne?(
    session: JiraSession,
    selector: Selector,
    id: string,
    options: Pick<ReadOptions, "signal" | "fields">,
  ): Promise<RawObject | undefined>;
  /**
   * Which of these ids the selector asks for although a complete read has not listed them, because listings may lag
   * behind. Absent where they do not.
   */
  findUnlisted?(
    session: JiraSession,
    selector: Selector,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlySet<string>>;
}
