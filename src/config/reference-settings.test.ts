import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { findProblems } from "./config-files.fixture.ts";
import { OTHER_SETTINGS } from "./other-settings.ts";
import { listReferenceSettings } from "./reference-settings.ts";
import { findLikelyName, isKnownName, toChildName, toFilePath } from "./setting-names.ts";

const names = listReferenceSettings().map(({ name }) => name);

test("every setting of the reference has one standing", () => {
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names.filter((name) => !isKnownName(name.replace("*", "ANY")))).toEqual([]);
  expect(isKnownName("OCEAN__PLANTED")).toBe(false);
});

const spec = process.env["QUAYSIDE_SPEC"];

/** The settings in the first column of a table of the specification, as variables. */
function listSpecified(page: string): readonly string[] {
  const [, section = ""] = /^### 2\.4 [^\n]*\n([\s\S]*?)^### 2\.5 /m.exec(page) ?? [];
  const rows = [...section.matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell = ""]) => cell);
  return rows.flatMap((cell) =>
    [...cell.matchAll(/`([\w.*]+)`/g)]
      .map(([, name = ""]) => name)
      // "`lakehouse_buffer_interval_seconds` / `_max_count`"
      .map((name) => (name.startsWith("_") ? `lakehouse_buffer${name}` : name))
      .flatMap((name) =>
        name.startsWith("ssl.*") ? ["port", "third_party"].map((side) => name.replace("*", side)) : name,
      )
      .map((name) => `OCEAN__${name.replaceAll(".", "__").toUpperCase()}`),
  );
}

test.skipIf(spec === undefined)(
  "every setting that the specification lists has a standing (needs QUAYSIDE_SPEC)",
  () => {
    const specified = listSpecified(readFileSync(join(spec ?? "", "ocean-jira.md"), "utf8"));
    expect(specified.length).toBeGreaterThan(45);
    expect(specified.filter((name) => !isKnownName(name.replace("*", "ANY")))).toEqual([]);
  },
);

test.each(OTHER_SETTINGS.flatMap((row) => row.names.map((name) => ({ ...row, name: name.replace("*", "ANY") }))))(
  "$name: $standing, with its reason",
  ({ name, standing, reason, harmless = [] }) => {
    const env = { [name]: "something" };
    const messages = findProblems(env).map(({ code, message }) => `${code}: ${message}`);
    if (standing === "refused") expect(messages).toEqual([`refused_setting: ${name} cannot be set: ${reason}`]);
    else if (/^(OCEAN|APPLICATION)__/.test(name)) {
      expect(readConfig(env).warnings).toEqual([`${name} has no effect: ${reason}`]);
    } else expect(readConfig(env).warnings).toEqual([]);
    for (const value of harmless) expect(readConfig({ [name]: value }).warnings).toEqual([]);
  },
);

test.each([
  ["OCEAN__INTEGRATION__CONFIG__JIRAHOST", "OCEAN__INTEGRATION__CONFIG__JIRA_HOST"],
  ["OCEAN__INTEGRATON__CONFIG__JIRA_HOST", "OCEAN__INTEGRATION__CONFIG__JIRA_HOST"],
  ["OCEAN__JIRA_HOST", "OCEAN__INTEGRATION__CONFIG__JIRA_HOST"],
  ["OCEAN__PORT__CLIENT_SECRT", "OCEAN__PORT__CLIENT_SECRET"],
  ["OCEAN__PORT__CLIENTID", "OCEAN__PORT__CLIENT_ID"],
  ["QUAYSIDE_DATTA", "QUAYSIDE_DATA"],
  ["OCEAN__EVNT_LISTENER", "OCEAN__EVENT_LISTENER"],
  ["OCEAN__WEATHER", undefined],
  ["QUAYSIDE_WEATHER", undefined],
])("%s was probably meant as %s", (written, likely) => {
  expect(findLikelyName(written)).toBe(likely);
});

test("a setting has one place in a file, and that place leads back to it", () => {
  const settings = names.filter((name) => /^(OCEAN|APPLICATION)__[^*]+$/.test(name));
  const paths = settings.map(toFilePath);
  const back = paths.map((path) =>
    path.split(".").reduce<string | undefined>((parent, key) => toChildName(parent, key), undefined),
  );
  expect(paths).toEqual(expect.arrayContaining(["ssl.thirdParty.x509.strict", "application.logLevel"]));
  expect(toFilePath("QUAYSIDE_EXTRA_CA_FILE")).toBe("quayside.extraCaFile");
  expect(back).toEqual(settings);
});
