import { parentPort, workerData } from "node:worker_threads";
import { must, QuaysideError, toMessage } from "../../runtime/errors.ts";
import { Connection } from "./connection.ts";
import type { SearchReply, SearchRequest } from "./searcher.ts";
import { runSearch } from "./searches.ts";

const port = must(parentPort, "searches run in a worker");
const db = Connection.openReader((workerData as { path: string }).path); // as Searcher passes it
// A search may read thousands of pages all over the file: this way without a copy of each.
db.exec(`PRAGMA mmap_size = ${2 ** 31}`);

port.on("message", (request: SearchRequest | null) => {
  if (request !== null) port.postMessage(answer(request));
  else {
    db.close();
    port.close();
  }
});

function answer(request: SearchRequest): SearchReply {
  try {
    return { result: runSearch(db, request.name, request.args) };
  } catch (error) {
    const code = error instanceof QuaysideError ? error.code : "internal";
    return { error: { code, message: toMessage(error) } };
  }
}
