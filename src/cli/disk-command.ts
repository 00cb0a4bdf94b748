import type { Environment } from "../config/config.ts";
import { measureDiskUse, type DiskUse } from "../store/sqlite/disk-use.ts";
import { findEmbeddedDatabase, toShownSize } from "./embedded-database.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { toShownPath } from "./jira-site.ts";
import { sayLine, type Terminal } from "./terminal.ts";
import { toTextTable } from "./text-table.ts";

/** What tables and indexes are for, by the beginning of their names; the first that fits. */
const PURPOSES: readonly (readonly [start: RegExp, purpose: string])[] = [
  [/^entity_text/, "index of texts, made for searches"],
  [/^field_/, "indexes of properties, made for searches"],
  [/^(sqlite_autoindex_)?(entity|blueprint)/, "entities and blueprints"],
  [/^(pending_)?edge|^(sqlite_autoindex_)?relation/, "relations"],
  [/^change/, "history of changes"],
  [/^(ledger|claim|unclaimed|creation|seen_page|bucket|sqlite_autoindex_bucket)/, "what was read of Jira"],
];
const OTHER = "everything else";

/** Shares from which something is worth a hint. */
const MUCH_FREE = 0.2;
const MUCH_HISTORY = 0.3;
const MUCH_WAL_BYTES = 512 * 1024 * 1024;

/** What takes the space of the catalog, and what can be done about it. It may be in use. */
export async function diskCommand(env: Environment, terminal: Terminal): Promise<ExitCode> {
  const { path } = findEmbeddedDatabase(env, terminal);
  const use = measureDiskUse(path);
  const sums = new Map<string, number>();
  for (const { name, bytes } of use.parts) {
    const purpose = PURPOSES.find(([start]) => start.test(name))?.[1] ?? OTHER;
    sums.set(purpose, (sums.get(purpose) ?? 0) + bytes);
  }
  const rows = [...sums].toSorted(([, a], [, b]) => b - a).map(([purpose, bytes]) => [purpose, toShownSize(bytes)]);
  sayLine(terminal.out, toShownPath(path));
  sayLine(
    terminal.out,
    toTextTable(
      ["", "size"],
      [
        ...rows,
        ["free, used by later writes", toShownSize(use.freeBytes)],
        ["the file", toShownSize(use.bytes)],
        ["writes beside it (WAL)", toShownSize(use.walBytes)],
      ],
    ),
  );
  for (const hint of toHints(use, sums.get("history of changes") ?? 0)) sayLine(terminal.out, hint);
  return EXIT_CODES.ok;
}

function toHints({ bytes, freeBytes, walBytes }: DiskUse, historyBytes: number): readonly string[] {
  const hints: string[] = [];
  if (freeBytes > bytes * MUCH_FREE) {
    hints.push("To give free space back: stop `up`, then `quayside backup FILE` and `quayside restore FILE --force`.");
  }
  if (historyBytes > bytes * MUCH_HISTORY) {
    hints.push("To keep less history: set QUAYSIDE_HISTORY_DAYS; what is older goes once a day.");
  }
  if (walBytes > MUCH_WAL_BYTES) {
    hints.push("The WAL goes when the catalog is closed; a program that reads the file for long keeps it growing.");
  }
  return hints;
}
