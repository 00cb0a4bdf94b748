import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { EXIT_CODES } from "../src/cli/exit-codes.ts";
import { createProgram } from "../src/cli/program.ts";
import { readConfig, type Environment } from "../src/config/config.ts";
import { toConfigurationPage } from "../src/config/configuration-page.ts";
import { listOptions } from "../src/config/options.ts";
import { listReferenceSettings } from "../src/config/reference-settings.ts";

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

function fencedText(markdown: string, language: string): string {
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(markdown)?.[1] ?? "";
}

function toVariable(line: string): Environment {
  const [, name = "", value = ""] = /^(\w+)='?(.*?)'?$/.exec(line) ?? [];
  return { [name]: value };
}

test("docs/configuration.md is what the table of options says", () => {
  expect(read("docs/configuration.md")).toBe(toConfigurationPage());
});

const PAGES = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
];

/** Files that a page links to, as paths from the project's root. */
function listLinks(page: string, markdown: string): string[] {
  return [...markdown.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = ""]) => join(page, "..", target));
}

function findBrokenLinks(page: string, markdown: string): string[] {
  return listLinks(page, markdown).flatMap((target) =>
    existsSync(join(root, target)) ? [] : [`${page} -> ${target}`],
  );
}

test("docs/configuration.md lists every setting, and every one of the reference with its standing", () => {
  const page = read("docs/configuration.md");
  for (const [, { env }] of listOptions()) expect(page).toContain(`| \`${env}\` |`);
  for (const { name, standing } of listReferenceSettings()) expect(page).toContain(`| \`${name}\` | ${standing} |`);
  expect(page).not.toContain("| `OCEAN__PLANTED` |");
});

test("the examples in docs/configuration.md are accepted without a warning", () => {
  const page = read("docs/configuration.md");
  const file = fencedText(page, "yaml");
  const secrets = { PORT_CLIENT_ID: "id", PORT_CLIENT_SECRET: "secret", ATLASSIAN_USER_TOKEN: "secret" };
  const fromFile = (text: string) => readConfig({ ...secrets, QUAYSIDE_CONFIG: "it" }, { readFile: () => text });
  expect(fromFile(file).warnings).toEqual([]);
  expect(() => fromFile(file.replace("jiraHost", "jiraHots"))).toThrow("jiraHots");
  const listeners = fencedText(page, "sh")
    .trim()
    .split("\n")
    .map((line) => readConfig(toVariable(line)).config.eventListener);
  expect(listeners).toEqual([{ type: "ONCE" }, { type: "ONCE" }]);
});

test("docs/cli.md lists every exit code with its number, and no other", () => {
  expect(documentedExitCodes(read("docs/cli.md"))).toEqual(EXIT_CODES);
  expect(documentedExitCodes("| 9 | planted | text |")).not.toEqual(EXIT_CODES);
});

function createDocumentedProgram() {
  const never = () => Promise.reject(new Error("not called"));
  return createProgram(
    {
      up: never,
      connect: never,
      catalog: never,
      sync: never,
      runs: never,
      plans: never,
      clean: never,
      backup: never,
      restore: never,
      verify: never,
      disk: never,
      simulate: never,
    },
    { env: {}, version: "0.0.0", exit: () => undefined },
  );
}

test("docs/cli.md lists every command and subcommand, and no other", () => {
  const page = read("docs/cli.md").replace("# Commands", "## Commands");
  const { commands } = createDocumentedProgram();
  expect(firstCells(page, "Commands").filter((cell) => cell !== "command")).toEqual(
    commands.map((command) => command.name()),
  );
  const subcommands = commands.flatMap((command) =>
    command.commands.map((sub) =>
      `${command.name()} ${sub.name()} ${sub.usage().replace(/^\[options\] ?/, "")}`.trim(),
    ),
  );
  expect(firstCells(page, "Runs, plans").filter((cell) => cell !== "command")).toEqual(subcommands);
});

test("docs/cli.md lists every flag of sync that is no setting, and no other", () => {
  const sync = createDocumentedProgram().commands.find((command) => command.name() === "sync");
  const flags = sync?.options.filter(({ description }) => !description.startsWith("(")).map((option) => option.flags);
  expect(firstCells(read("docs/cli.md"), "Flags of sync").filter((cell) => cell !== "flag")).toEqual(flags);
});

test("every relative link in the Markdown files leads somewhere", () => {
  expect(PAGES.flatMap((page) => findBrokenLinks(page, read(page)))).toEqual([]);
  expect(findBrokenLinks("docs/planted.md", "[there](cli.md), [gone](planted-too.md)")).toEqual([
    "docs/planted.md -> docs/planted-too.md",
  ]);
});

test("every page of docs/ is linked from another page", () => {
  const linked = new Set(PAGES.flatMap((page) => listLinks(page, read(page)).filter((target) => target !== page)));
  expect(PAGES.filter((page) => page.startsWith("docs/") && !linked.has(page))).toEqual([]);
});
