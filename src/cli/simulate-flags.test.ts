import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { expect, test } from "vitest";
import { addSimulateFlags, toSimulatorSettings, type SimulateFlags } from "./simulate-flags.ts";

function parse(...args: string[]): ReturnType<typeof toSimulatorSettings> {
  const command = addSimulateFlags(new Command().exitOverride()).parse(args, { from: "user" });
  return toSimulatorSettings(command.opts<SimulateFlags>());
}

test("without flags it is a faultless Jira Cloud of the demo's size", () => {
  expect(parse()).toMatchObject({
    port: 3001,
    seed: 1,
    projects: 3,
    users: 40,
    issues: 1500,
    faults: { rate: 0 },
    rateLimits: "off",
    deployment: "cloud",
  });
  expect(parse()).not.toHaveProperty("boards");
});

test("the clock may show another time, and goes on from there", () => {
  const { clock, callerTimeZone } = parse("--clock", "2026-01-26T09:00Z", "--caller-time-zone", "Europe/Berlin");
  const shown = clock?.now() ?? 0;
  expect(shown).toBeGreaterThanOrEqual(Date.UTC(2026, 0, 26, 9));
  expect(shown).toBeLessThan(Date.UTC(2026, 0, 26, 10));
  expect(callerTimeZone).toBe("Europe/Berlin");
  expect(parse().clock).toBeUndefined();
  for (const time of ["yesterday", "2026-01-26T09:00"])
    expect(() => parse("--clock", time)).toThrow(/--clock takes a time/);
});

test("flags become the simulator's settings", () => {
  const settings = parse(
    "--fault-percent",
    "10",
    "--fault-kinds",
    "429-burst, reset",
    "--data-center",
    "--boards",
    "9",
  );
  expect(settings.faults).toEqual({ rate: 0.1, kinds: ["429-burst", "reset"] });
  expect(settings).toMatchObject({ deployment: "server", boards: 9 });
});

test.each([
  [["--issues", "many"], '--issues <n> takes a whole number of 0 or more, not "many"'],
  [["--fault-kinds", "429-burst,nope"], 'and no "nope"'],
])("%j is refused with the reason", (args, message) => {
  expect(() => parse(...args)).toThrow(message);
});

test("docs/simulator.md names every flag, and no other", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/simulator.md"), "utf8");
  const section = page.split(/^## /m).find((part) => part.startsWith("Flags")) ?? "";
  const documented = [...section.matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag);
  const known = addSimulateFlags(new Command()).options.map((option) => option.long ?? "");
  expect(documented.toSorted()).toEqual(known.toSorted());
  expect([...documented, "--planted"].toSorted()).not.toEqual(known.toSorted());
});
