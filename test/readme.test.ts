import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "./fixtures/folder.ts";
import { QuaysideProcess, root } from "./fixtures/quayside-process.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");
const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

let home: ReturnType<typeof makeFolder>;
beforeEach(() => void (home = makeFolder()));
afterEach(() => home.remove());

/** The shell blocks of a page, without comments at the ends of lines. */
function shellBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) =>
    block.replaceAll(/\s+# .*$/gm, "").trim(),
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Commands that npm does not know, of the kind `npm start` and `npm run x`. */
function findUnknownScripts(markdown: string): string[] {
  const names = [...markdown.matchAll(/npm (?:run ([\w:]+)|(start|test)\b)/g)].map(
    ([, run, short]) => run ?? short ?? "",
  );
  return names.filter((name) => !Object.hasOwn(packageJson.scripts, name));
}

test("the first screen shows how to start and how to test", () => {
  const firstScreen = readme.split("\n").slice(0, 40).join("\n");
  expect(firstScreen).toContain("npm ci && npm start");
  expect(firstScreen).toContain("npm ci && npm test");
});

test("every npm script that a page names exists", () => {
  const pages = ["README.md", "CONTRIBUTING.md", "docs/cli.md"].map((page) => readFileSync(join(root, page), "utf8"));
  expect(pages.flatMap(findUnknownScripts)).toEqual([]);
  expect(findUnknownScripts("npm run planted && npm start")).toEqual(["planted"]);
});

test.skipIf(!hasCurl)(
  "what npm start runs fills a catalog, and the README's curl reads an issue of it (needs curl)",
  async () => {
    const port = String(await freePort());
    const script = packageJson.scripts["start"] ?? "";
    expect(script).toMatch(/src\/main\.ts up$/);
    const up = new QuaysideProcess(["up"], { HOME: home.path, QUAYSIDE_PORT: port });
    const [, printed = ""] = await up.waitFor(/Try it:\n([\s\S]*entities\/\S+)\n/);

    const block = shellBlocks(readme).find((each) => each.includes("curl")) ?? "";
    const run = (commands: string): unknown =>
      JSON.parse(
        execFileSync("sh", ["-c", commands], {
          env: { ...process.env, HOME: home.path, XDG_DATA_HOME: "" },
        }).toString(),
      );
    const fromReadme = run(block.replaceAll("localhost:3000", `localhost:${port}`));
    expect(fromReadme).toMatchObject({
      ok: true,
      entity: {
        blueprint: "jiraIssue",
        properties: { url: expect.any(String) as string },
        relations: { project: "AL" },
      },
    });
    expect(run(printed)).toMatchObject({ ok: true, entity: { properties: {}, relations: {} } });

    up.kill("SIGINT");
    expect((await up.ended()).code).toBe(0);
  },
);
