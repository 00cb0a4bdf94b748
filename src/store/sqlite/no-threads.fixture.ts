import { must, QuaysideError } from "../../runtime/errors.ts";
import { Connection } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { toOperationRunner } from "./operations.ts";
import type { Threads } from "./open-sqlite-store.ts";
import { runTogether } from "./run-together.ts";
import { runSearch, type SearchCalls } from "./searches.ts";
import { toError, type WriteCalls } from "./writer.ts";

/** No threads: faster to open, and what runs counts in the coverage. */
export const HERE: Threads = { openWriter, openSearcher };

function openSearcher(path: string): SearchCalls {
  const db = Connection.openReader(path);
  return {
    call: async (name, args) => structuredClone(runSearch(db, name, structuredClone<unknown>(args))) as never, // of the search that was called
    close: async () => db.close(),
  };
}

async function openWriter(path: string): Promise<WriteCalls> {
  const db = Connection.openWriter(path);
  migrate(db);
  const run = toOperationRunner(db);
  let isClosed = false;
  return {
    call: async (name, args) => {
      if (isClosed) throw new QuaysideError("internal", "The database is closed");
      const request = { id: 0, name, args: structuredClone<unknown>(args) };
      const [reply] = runTogether(db, [request], (given) => structuredClone(run(given.name, given.args)));
      const answer = must(reply, "a call has a reply");
      if ("error" in answer) throw toError(answer.error);
      return answer.result as never; // of the operation that was called
    },
    close: async () => {
      isClosed = true;
      db.close();
    },
  };
}
