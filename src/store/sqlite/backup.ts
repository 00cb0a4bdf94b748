import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConfigurationError } from "../../runtime/errors.ts";

/**
 * Copies a database into one file: the state of one moment, also while others write to it. The file takes its name when
 * it is whole and on disk, so that one of that name is replaced at once or stays as it is.
 */
export function backUp(path: string, target: string): void {
  if (!existsSync(path)) {
    throw new ConfigurationError(`There is nothing at "${path}" yet: run \`quayside sync\` or \`quayside up\` first`);
  }
  if (isSameFile(path, target)) {
    throw new ConfigurationError(`"${target}" is the catalog itself, which may be in use: choose another name`);
  }
  const partial = `${target}.partial`;
  rmSync(partial, { force: true }); // of one that was cut off
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    db.exec("PRAGMA busy_timeout = 5000");
    db.prepare("VACUUM INTO ?").run(partial);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  } finally {
    db.close();
  }
  keep(partial);
  renameSync(partial, target);
  keep(dirname(resolve(target)));
}

function isSameFile(path: string, other: string): boolean {
  if (!existsSync(other)) return false;
  const [a, b] = [statSync(path), statSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
}

/** Waits until a file, or what a folder lists, is on disk. */
export function keep(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
