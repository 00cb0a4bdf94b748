import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { InputError } from "../runtime/errors.ts";
import type { JiraSession } from "./jira-session.ts";
import { CLOUD_TRUTHS } from "./kind-truth.fixture.ts";
import { KIND_NAMES, KINDS, type AnyKind } from "./kinds.ts";
import { readAll, startSession, type SimulatedSession } from "./simulated-session.fixture.ts";

let running: SimulatedSession | undefined;
afterEach(() => running?.close());

const SELECTORS = new Map(CLOUD_TRUTHS.map(({ kind, selector }) => [kind.name, selector]));

/** Jira may refuse a query that names an issue which is gone. */
const bothWays = KIND_NAMES.flatMap((name) =>
  [false, true].map((refusesUnknownIssues) => ({ name, refusesUnknownIssues })),
);

const getKind = (name: string): AnyKind => KINDS[name] ?? expect.unreachable(`no kind ${name}`);
test.each(KIND_NAMES)("%s: the same object has the same hash when it is read again", async (name) => {
  const selector = SELECTORS.get(name) ?? expect.unreachable(`no truth of ${name}`);
  running = await startSession({ issues: 120 });
  const again = await running.reconnect();
  const readHashes = async (session: JiraSession): Promise<Map<string, string>> =>
    new Map((await readAll(getKind(name), session, selector)).map(({ id, hash }) => [id, hash]));
  expect(await readHashes(again)).toEqual(await readHashes(running.session));
  await again.close();
});

test.each(bothWays)(
  "read singly an object is what the full read yields (%j)",
  async ({ name, refusesUnknownIssues }) => {
    const selector = SELECTORS.get(name) ?? expect.unreachable(`no truth of ${name}`);
    running = await startSession({ issues: 60, refusesUnknownIssues });
    const { session } = running;
    const kind = getKind(name);
    if (kind.readOne === undefined) {
      expect(["backlog", "component", "epic", "team"]).toContain(name);
      return;
    }
    const options = { signal: new AbortController().signal, fields: "all" } as const;
    const parsed = kind.parseSelector(selector);
    for (const object of (await readAll(kind, session, selector)).slice(0, 5)) {
      expect((await kind.readOne(session, parsed, object.id, options))?.body()).toEqual(object.body());
    }
    expect(await kind.readOne(session, parsed, "999999999", options)).toBeUndefined();
  },
);

test.each(["project", "issue"])("%s: an account that sees nothing any more is no empty Jira", async (name) => {
  running = await startSession({ issues: 20 });
  const { session, simulator } = running;
  for (const key of simulator.site.projectKeys()) simulator.site.getProject(key).isBrowsable = false;
  simulator.site.deniedPermissions.add("BROWSE_PROJECTS");
  await expect(readAll(getKind(name), session)).rejects.toThrow(/shows this account no project at all/);
});

test("boards are listed once for all kinds of a run, and again in the next", async () => {
  running = await startSession({ issues: 50, boards: 12 });
  const { simulator } = running;
  for (const run of [1, 2]) {
    const session = await running.reconnect();
    for (const name of ["sprint", "backlog", "epic"]) await readAll(getKind(name), session);
    expect(simulator.requests.count("GET /rest/agile/1.0/board")).toBe(run);
    await session.close();
  }
});

test("through the gateway with a scoped token, what Jira calls itself is the address of the site", async () => {
  running = await startSession({ issues: 10, gateway: true });
  const [project] = await readAll(getKind("project"), running.session);
  expect(project?.body()["self"]).toMatch(new RegExp(`^${running.session.siteUrl}/rest/api/3/project/`));
  expect(running.session.siteUrl).not.toContain("/ex/jira/");
});

describe("docs/jira.md", () => {
  const page = readFileSync(resolve(import.meta.dirname, "../../docs/jira.md"), "utf8");

  /** The rows of the table under a heading, as the texts of their cells, without the head of the table. */
  function rows(heading: string): string[][] {
    const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? "";
    const lines = section.split("\n").filter((line) => line.startsWith("| `"));
    return lines.map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  }

  const names = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

  test("lists every kind, and how each notices changes, as the code has it", () => {
    expect(rows("Kinds").flatMap(([kind]) => names(kind))).toEqual(KIND_NAMES);
    expect(rows("Noticing changes")).toHaveLength(KIND_NAMES.length);
    for (const [kind, since, events, bothWays] of rows("Noticing changes")) {
      const documented = getKind(names(kind)[0] ?? "");
      expect({ since, events: names(events) }, kind).toEqual(documented.changes);
      expect(bothWays, kind).toBe("readOne" in documented ? "yes" : "no");
    }
  });

  test("names only selector keys that the kinds have", () => {
    const isKey = (kind: string, key: string): boolean => {
      try {
        getKind(kind).parseSelector({ [key]: null });
      } catch (error) {
        return error instanceof InputError && error.problems.every(({ code }) => code !== "unknown_selector_key");
      }
      return true;
    };
    for (const [kind, selector = ""] of rows("Kinds")) {
      const keys = selector.replaceAll(/ \([^()]*(\([^()]*\)[^()]*)*\)/g, "");
      for (const key of names(keys)) expect(isKey(names(kind)[0] ?? "", key), `${kind} ${key}`).toBe(true);
    }
    expect(isKey("issue", "planted")).toBe(false);
  });
});
