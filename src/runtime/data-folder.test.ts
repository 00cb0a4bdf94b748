import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConflictError } from "./errors.ts";
import { DataFolder, defaultDataFolder } from "./data-folder.ts";

let base: string;
beforeEach(() => void (base = mkdtempSync(join(tmpdir(), "quayside-"))));
afterEach(() => rmSync(base, { recursive: true, force: true }));

test("a second holder is refused with the process that has the folder, and let in once it is free", () => {
  const path = join(base, "data");
  const first = DataFolder.open(path);
  expect(() => DataFolder.open(path)).toThrow(ConflictError);
  expect(() => DataFolder.open(path)).toThrow(`process ${process.pid}`);
  first.close();
  DataFolder.open(path).close();
});

test("folder and private files are for their owner alone", () => {
  const folder = DataFolder.open(join(base, "data"));
  folder.writePrivate("secret", "x");
  expect(statSync(folder.path).mode & 0o077).toBe(0);
  expect(statSync(folder.file("secret")).mode & 0o777).toBe(0o600);
  folder.close();
});

test("a folder that cannot be made is a problem of the configuration", () => {
  expect(() => DataFolder.open("/dev/null/data")).toThrow("set QUAYSIDE_DATA to a folder you can write to");
});

test.each([
  ["linux", { HOME: "/home/ada" }, "/home/ada/.local/share/quayside"],
  ["linux", { HOME: "/home/ada", XDG_DATA_HOME: "/data" }, "/data/quayside"],
  ["darwin", { HOME: "/Users/ada" }, "/Users/ada/Library/Application Support/Quayside"],
] as const)("on %s with %j data go to %s", (platform, env, path) => {
  expect(defaultDataFolder(env, platform)).toBe(path);
});
