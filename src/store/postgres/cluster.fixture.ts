import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { openPostgresStore } from "./open-postgres-store.ts";
import { systemClock } from "../../runtime/clock.ts";
import { TEMPLATE, TEST_SERVER, createEmptyDatabase } from "./test-database.fixture.ts";

/** A PostgreSQL of the tests' own, in a temporary folder, on a free port of the loopback. Vitest runs this before all. */
export async function setup(): Promise<() => void> {
  const bin = findBin();
  const owner = findOwner();
  const folder = mkdtempSync(join(tmpdir(), "quayside-postgres-"));
  const data = join(folder, "data");
  const password = "not a s3cret: of the tests";
  writeFileSync(join(folder, "password"), password);
  if (owner !== undefined) for (const path of [folder, join(folder, "password")]) chownSync(path, owner.uid, owner.gid);
  const run = (name: string, ...args: readonly string[]): void => {
    execFileSync(join(bin, name), args, { ...owner, cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  };
  const user = ["--username=quayside", `--pwfile=${join(folder, "password")}`, "--auth=scram-sha-256"];
  // In another order than by code points, as databases often are.
  run("initdb", `--pgdata=${data}`, ...user, "--encoding=UTF8", "--locale-provider=icu", "--icu-locale=en");
  const port = await findFreePort();
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    fsync: "off",
    max_connections: 300,
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const control = ["--pgdata", data, "--wait", "--silent"];
  run("pg_ctl", "start", ...control, "--log", join(folder, "log"), "--options", options.join(" "));
  const stop = (): void => {
    run("pg_ctl", "stop", ...control, "--mode=immediate");
    rmSync(folder, { recursive: true });
  };
  try {
    process.env[TEST_SERVER] = `postgres://quayside:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
    const url = await createEmptyDatabase(TEMPLATE);
    const store = await openPostgresStore({ url, clock: systemClock });
    await store.close();
    return stop;
  } catch (error) {
    stop();
    throw error;
  }
}

/** Where the programs of the server are: in the path, or where Debian has them. */
function findBin(): string {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...versions.map((each) => join(debian, each, "bin")),
  ];
  const found = folders.find((folder) => existsSync(join(folder, "pg_ctl")) && existsSync(join(folder, "initdb")));
  if (found !== undefined) return found;
  throw new Error(
    "These tests run a PostgreSQL of their own, and there is none: install version 15 or newer (Debian, Ubuntu: " +
      "`apt-get install postgresql`; macOS: `brew install postgresql`), and see that `pg_ctl` is in the PATH",
  );
}

/** PostgreSQL refuses to run as root. */
function findOwner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const read = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: read("-u"), gid: read("-g") };
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
