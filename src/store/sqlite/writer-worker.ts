import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { ConfigurationError, must, QuaysideError, toMessage } from "../../runtime/errors.ts";
import { Connection } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { toOperationRunner } from "./operations.ts";
import { runTogether, toFailure } from "./run-together.ts";
import type { WriterRequest } from "./writer.ts";

/** Calls in one transaction at most: a bound on how long the first of them waits for its commit. */
const MAX_CALLS_PER_COMMIT = 32;

const port = must(parentPort, "the writer runs as a worker");
const { path } = workerData as { path: string }; // as Writer.open passes it

let db: Connection | undefined;
const handle = start();

/** What answers the calls: the database, or the reason why it cannot be opened. */
function start(): (first: WriterRequest) => void {
  try {
    const opened = (db = Connection.openWriter(path));
    migrate(opened);
    const run = toOperationRunner(opened);
    return (first) => {
      for (const reply of runTogether(opened, takeWaiting(first), ({ name, args }) => run(name, args)))
        port.postMessage(reply);
    };
  } catch (error) {
    const reason =
      error instanceof QuaysideError
        ? error
        : new ConfigurationError(`The database "${path}" cannot be opened: ${toMessage(error)}`);
    return (first) => port.postMessage(toFailure(first, reason));
  }
}

port.on("message", (request: WriterRequest | null) => {
  if (request !== null) handle(request);
  else {
    db?.close();
    port.close();
  }
});

/** The call that woke us and those that arrived meanwhile, one after another. */
function* takeWaiting(first: WriterRequest): Generator<WriterRequest> {
  let request: WriterRequest | undefined = first;
  for (let taken = 1; request !== undefined; taken++) {
    yield request;
    const next = taken < MAX_CALLS_PER_COMMIT ? receiveMessageOnPort(port) : undefined;
    request = next?.message as WriterRequest | undefined; // only Writer posts to this port
  }
}
