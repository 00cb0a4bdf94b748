import { QuaysideError, toMessage } from "../../runtime/errors.ts";
import type { Connection } from "./connection.ts";
import { updateTextIndex } from "./text-index.ts";
import type { WriterReply, WriterRequest } from "./writer.ts";

/**
 * Runs calls in one transaction and answers them when it is committed. A call that fails leaves nothing behind and harms
 * no other. When the database itself fails (a full disk), all of them fail, and the next transaction starts anew.
 */
export function runTogether(
  db: Connection,
  requests: Iterable<WriterRequest>,
  run: (request: WriterRequest) => unknown,
): readonly WriterReply[] {
  const replies: WriterReply[] = [];
  const taken: WriterRequest[] = [];
  try {
    db.exec("BEGIN IMMEDIATE");
    for (const request of requests) {
      taken.push(request);
      replies.push(runOne(db, request, run));
    }
    updateTextIndex(db);
    db.exec("COMMIT");
    return replies;
  } catch (error) {
    if (db.isInTransaction) db.exec("ROLLBACK");
    return taken.map((request) => toFailure(request, error));
  }
}

function runOne(db: Connection, request: WriterRequest, run: (request: WriterRequest) => unknown): WriterReply {
  db.exec("SAVEPOINT call");
  try {
    const result = run(request);
    db.exec("RELEASE call");
    return { id: request.id, result };
  } catch (error) {
    if (!db.isInTransaction) throw error;
    db.exec("ROLLBACK TO call; RELEASE call");
    return toFailure(request, error);
  }
}

export function toFailure({ id }: WriterRequest, error: unknown): WriterReply {
  const code = error instanceof QuaysideError ? error.code : "internal";
  return { id, error: { code, message: toMessage(error) } };
}
