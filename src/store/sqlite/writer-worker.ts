import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { must, QuaysideError, toMessage } from "../../runtime/errors.ts";
import { Connection } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { OPERATIONS, type OperationName } from "./operations.ts";
import type { WriterReply, WriterRequest } from "./writer.ts";

/** Calls in one transaction at most: a bound on how long the first of them waits for its commit. */
const MAX_CALLS_PER_COMMIT = 32;

const port = must(parentPort, "the writer runs as a worker");
const db = Connection.openWriter((workerData as { path: string }).path); // as Writer.open passes it

let startFailure: unknown;
try {
  migrate(db);
} catch (error) {
  startFailure = error;
}

const run = Object.fromEntries(Object.entries(OPERATIONS).map(([name, prepare]) => [name, prepare(db)])) as Record<
  OperationName,
  (args: unknown) => unknown // each call comes from Writer.call, which checks its arguments' type
>;

/** Takes whatever waits into one transaction, commits, and only then answers. */
port.on("message", (first: WriterRequest) => {
  if (startFailure !== undefined) {
    port.postMessage(toFailure(first, startFailure));
    return;
  }
  const replies: WriterReply[] = [];
  db.exec("BEGIN IMMEDIATE");
  let request: WriterRequest | undefined = first;
  while (request !== undefined) {
    replies.push(runOne(request));
    const next = replies.length < MAX_CALLS_PER_COMMIT ? receiveMessageOnPort(port) : undefined;
    request = next?.message as WriterRequest | undefined; // only Writer posts to this port
  }
  try {
    db.exec("COMMIT");
  } catch (error) {
    db.exec("ROLLBACK");
    for (const reply of replies) port.postMessage(toFailure(reply, error));
    return;
  }
  for (const reply of replies) port.postMessage(reply);
});

/** A call that fails leaves nothing behind and harms no other in the same transaction. */
function runOne(request: WriterRequest): WriterReply {
  db.exec("SAVEPOINT call");
  try {
    const result = run[request.name](request.args);
    db.exec("RELEASE call");
    return { id: request.id, result };
  } catch (error) {
    db.exec("ROLLBACK TO call; RELEASE call");
    return toFailure(request, error);
  }
}

function toFailure({ id }: { readonly id: number }, error: unknown): WriterReply {
  const code = error instanceof QuaysideError ? error.code : "internal";
  return { id, error: { code, message: toMessage(error) } };
}
