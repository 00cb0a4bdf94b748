import { parentPort, workerData } from "node:worker_threads";
import { must, QuaysideError, toMessage } from "../../runtime/errors.ts";
import { Connection } from "./connection.ts";
import type { SearchReply, SearchRequest } from "./searcher.ts";
import { runSearch } from "./searches.ts";

const port = must(parentPort, "searches run in a worker");
const db = Connection.openReader((workerData as { path: string }).path); // as Searcher passes it

port.on("message", (request: SearchRequest) => port.postMessage(answer(request)));

function answer(request: SearchRequest): SearchReply {
  try {
    return { result: runSearch(db, request.name, request.args) };
  } catch (error) {
    const code = error instanceof QuaysideError ? error.code : "internal";
    return { error: { code, message: toMessage(error) } };
  }
}
