import type { Connection } from "./connection.ts";
import { countGroups } from "./count-groups.ts";
import { listAudit } from "./list-audit.ts";
import { listValues } from "./list-values.ts";
import { measure, measureRelated } from "./measure.ts";
import { listWanted } from "./plan-search.ts";
import { countRows, readPage } from "./run-search.ts";

/** Every read that may take long. */
const SEARCHES = { listWanted, readPage, countRows, countGroups, measure, measureRelated, listAudit, listValues };
type Searches = typeof SEARCHES;
export type SearchName = keyof Searches;
export type SearchArgs<Name extends SearchName> = Parameters<Searches[Name]>[1];
export type SearchResult<Name extends SearchName> = ReturnType<Searches[Name]>;

/** Where the stores send their searches. */
export interface SearchCalls {
  call<Name extends SearchName>(name: Name, args: SearchArgs<Name>): Promise<SearchResult<Name>>;
  close(): Promise<void>;
}

/** Runs a search by its name. */
export function runSearch(db: Connection, name: SearchName, args: unknown): unknown {
  const run = SEARCHES[name] as (db: Connection, args: unknown) => unknown; // SearchCalls.call checks the type of the arguments
  return run(db, args);
}
