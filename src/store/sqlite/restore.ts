import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConfigurationError, ConflictError, toMessage } from "../../runtime/errors.ts";
import { keep } from "./backup.ts";
import { Connection } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { verifyStore } from "./verify.ts";

const MAX_SHOWN = 3;

/** What SQLite keeps beside a database while it is in use. */
const COMPANIONS = ["-wal", "-shm"] as const;

/**
 * Puts a backup in the place of a database that nobody has open, after verifying it. `aside` is the name that the old one
 * gets, if there is one. Until the last step, which is one rename, everything is as it was.
 */
export function restore(backup: string, path: string, aside: string): void {
  if (!existsSync(backup)) throw new ConfigurationError(`There is no file "${backup}"`);
  const copy = `${path}.restoring`;
  discard(copy); // of one that was cut off
  try {
    copyFileSync(backup, copy);
    bringUpToDate(copy, backup);
    keep(copy);
    if (existsSync(path)) setAside(path, aside);
    renameSync(copy, path);
    keep(dirname(path));
  } catch (error) {
    discard(copy);
    throw error;
  }
}

/** Whether restoring over it would take anything away. What cannot be read may hold something. */
export function holdsEntities(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      return db.prepare("SELECT 1 FROM entity LIMIT 1").get() !== undefined;
    } finally {
      db.close();
    }
  } catch {
    return true;
  }
}

/** A backup of an older version gets the schema of this one first. */
function bringUpToDate(copy: string, backup: string): void {
  try {
    const db = Connection.openWriter(copy);
    try {
      migrate(db);
    } finally {
      db.close();
    }
  } catch (cause) {
    throw new ConfigurationError(`"${backup}" cannot be restored: ${toMessage(cause)}`, [], { cause });
  }
  const findings = verifyStore(copy);
  if (findings.length === 0) return;
  const shown = findings.slice(0, MAX_SHOWN).map(({ check, message }) => `${check}: ${message}`);
  throw new ConfigurationError(`"${backup}" is damaged (${shown.join("; ")}): take another backup`);
}

/** Gives the database a second name. Its last writes must be in it, since they would be taken for the new one's. */
function setAside(path: string, aside: string): void {
  const isReadable = settle(path);
  linkSync(path, aside);
  if (isReadable) return;
  for (const companion of COMPANIONS) {
    if (existsSync(path + companion)) renameSync(path + companion, aside + companion);
  }
}

/** False when it is damaged. Throws ConflictError when somebody reads it. */
function settle(path: string): boolean {
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA journal_mode = DELETE");
    return true;
  } catch (cause) {
    if (toMessage(cause).includes("locked")) {
      throw new ConflictError(`"${path}" is being read by another program: end that one first`, { cause });
    }
    return false;
  } finally {
    db.close();
  }
}

function discard(path: string): void {
  for (const suffix of ["", ...COMPANIONS]) rmSync(path + suffix, { force: true });
}
