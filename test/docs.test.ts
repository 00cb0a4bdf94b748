import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { EXIT_CODES } from "../src/cli/exit-codes.ts";
import { createProgram } from "../src/cli/program.ts";
import { toConfigurationPage } from "../src/config/configuration-page.ts";

const root = resolve(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The first cells of the tables under a heading. */
function firstCells(markdown: string, heading: string): string[] {
  const section = markdown.split(/^## /m).find((part) => part.startsWith(heading)) ?? "";
  return [...section.matchAll(/^\| `?([^|`]+?)`? +\|/gm)]
    .map(([, cell = ""]) => cell)
    .filter((cell) => !/^-+$/.test(cell));
}

function documentedExitCodes(page: string): Record<string, number> {
  const rows = [...page.matchAll(/^\| (\d+) \| (\w+) \|/gm)];
  return Object.fromEntries(rows.map(([, code = "", name = ""]) => [name, Number(code)]));
}

test("docs/configuration.md is what the table of options says", () => {
  expect(read("docs/configuration.md")).toBe(toConfigurationPage());
});

test("docs/cli.md lists every exit code with its number, and no other", () => {
  expect(documentedExitCodes(read("docs/cli.md"))).toEqual(EXIT_CODES);
  expect(documentedExitCodes("| 9 | planted | text |")).not.toEqual(EXIT_CODES);
});

test("docs/cli.md lists every command, and no other", () => {
  const never = () => Promise.reject(new Error("not called"));
  const program = createProgram(
    { up: never, sync: never, simulate: never },
    { env: {}, version: "0.0.0", exit: () => undefined },
  );
  const commands = program.commands.map((command) => command.name());
  expect(
    firstCells(read("docs/cli.md").replace("# Commands", "## Commands"), "Commands").filter(
      (cell) => cell !== "command",
    ),
  ).toEqual(commands);
});

test("every relative link in the Markdown files leads somewhere", () => {
  const pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/cli.md", "docs/configuration.md"];
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].flatMap(([, target = ""]) => {
      try {
        read(join(page, "..", target));
        return [];
      } catch {
        return [`${page} -> ${target}`];
      }
    }),
  );
  expect(broken).toEqual([]);
});
