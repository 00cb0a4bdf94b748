import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const architecture = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");

interface SourceFile {
  /** Path from the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
}

const layers = readLayers(architecture);
const isomorphic = readIsomorphic(architecture);

function readLayers(markdown: string): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = markdown.matchAll(/^\| `(src\/[\w.-]+)` \|[^|]*\| ([^|]+) \|$/gm);
  return new Map(
    [...rows].map(([, folder = "", allowed = ""]) => [
      folder,
      new Set(allowed.trim() === "-" ? [] : allowed.split(",").map((name) => `src/${name.trim()}`)),
    ]),
  );
}

function readIsomorphic(markdown: string): readonly string[] {
  const line = /^Isomorphic folders.* module: (.+)\.$/m.exec(markdown)?.[1] ?? "";
  return [...line.matchAll(/`(src\/\w+)`/g)].map(([, folder = ""]) => folder);
}

function listSources(folder: string): SourceFile[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return listSources(path);
    if (!name.endsWith(".ts") || /\.(test|contract|fixture)\.ts$/.test(name)) return [];
    return [{ path: relative(root, path), text: readFileSync(path, "utf8") }];
  });
}

function toLayer(path: string): string {
  const [src, second = ""] = path.split("/");
  return `${src}/${second}`;
}

function listImports(file: SourceFile): string[] {
  const withoutComments = file.text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
  return [...withoutComments.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, target = ""]) => target);
}

function findViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const layer = toLayer(file.path);
    const allowed = layers.get(layer);
    if (allowed === undefined) return [`${file.path}: ${layer} is not in the layer table of ARCHITECTURE.md`];
    return listImports(file).flatMap((target) => {
      if (target.startsWith("node:") && isomorphic.includes(layer)) return [`${file.path} imports ${target}`];
      if (!target.startsWith(".")) return [];
      const targetLayer = toLayer(relative(root, resolve(root, dirname(file.path), target)));
      return targetLayer === layer || allowed.has(targetLayer) ? [] : [`${file.path} imports ${targetLayer}`];
    });
  });
}

test("every source file imports only what the layer table of ARCHITECTURE.md allows", () => {
  const files = listSources(join(root, "src"));
  expect(files.length).toBeGreaterThan(10);
  expect(findViolations(files)).toEqual([]);
});

test("the layer table names only folders that exist", () => {
  const missing = [...layers.keys()].filter((folder) => !statSync(join(root, folder), { throwIfNoEntry: false }));
  expect(missing).toEqual([]);
});

test("a forbidden import, a node: import in an isomorphic folder and an unknown folder are each caught", () => {
  expect(isomorphic).toContain("src/jq");
  expect(
    findViolations([
      { path: "src/jira/planted.ts", text: 'import type { Store } from "../store/store.ts";' },
      { path: "src/jq/planted.ts", text: 'import { readFileSync } from "node:fs";' },
      { path: "src/planted/planted.ts", text: "export const planted = 1;" },
      { path: "src/catalog/planted.ts", text: 'const late = await import("../sync/resync.ts");' },
      { path: "src/jira/fine.ts", text: 'import { assert } from "../runtime/errors.ts";' },
    ]),
  ).toEqual([
    "src/jira/planted.ts imports src/store",
    "src/jq/planted.ts imports node:fs",
    "src/planted/planted.ts: src/planted is not in the layer table of ARCHITECTURE.md",
    "src/catalog/planted.ts imports src/sync",
  ]);
});
