import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConfigurationError, ConflictError } from "./errors.ts";

/** Where data go when nobody says otherwise: the platform's place for a user's application data. */
export function defaultDataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const home = env["HOME"] ?? homedir();
  if (platform === "darwin") return join(home, "Library", "Application Support", "Quayside");
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "Quayside");
  return join(env["XDG_DATA_HOME"] ?? join(home, ".local", "share"), "quayside");
}

/**
 * A folder that one process holds. The lock is an exclusive transaction on an otherwise empty SQLite file: the kernel
 * drops it with the process, however that ends, so a stale lock cannot exist.
 */
export class DataFolder {
  readonly path: string;
  readonly #lock: DatabaseSync;

  private constructor(path: string, lock: DatabaseSync) {
    this.path = path;
    this.#lock = lock;
  }

  /** Creates the folder (mode 0700) when needed and takes its lock; throws ConflictError naming the process that has it. */
  static open(path: string): DataFolder {
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new ConfigurationError(
        `Cannot create the data folder "${path}": set QUAYSIDE_DATA to a folder you can write to`,
        [],
        { cause },
      );
    }
    const holder = join(path, "lock.pid");
    const lock = openLock(join(path, "lock.db"), path);
    try {
      lock.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
    } catch (cause) {
      lock.close();
      const pid = existsSync(holder) ? ` (process ${readFileSync(holder, "utf8").trim()})` : "";
      throw new ConflictError(
        `The data folder "${path}" is in use by another Quayside${pid}: stop that one, or set QUAYSIDE_DATA to another folder`,
        { cause },
      );
    }
    writeFileSync(holder, `${process.pid}\n`);
    return new DataFolder(path, lock);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Writes a file that only the owner can read. */
  writePrivate(name: string, text: string): void {
    const path = this.file(name);
    writeFileSync(path, text, { mode: 0o600 });
    chmodSync(path, 0o600);
  }

  close(): void {
    this.#lock.close();
  }
}

function openLock(file: string, folder: string): DatabaseSync {
  try {
    return new DatabaseSync(file);
  } catch (cause) {
    throw new ConfigurationError(
      `Cannot write to the data folder "${folder}": check its permissions, or set QUAYSIDE_DATA`,
      [],
      {
        cause,
      },
    );
  }
}
