import { expect, test } from "vitest";
import { readWith } from "./config-files.fixture.ts";

const FILES = {
  "config.yaml": "integration: {identifier: from-file}\nquayside: {host: from-file, port: 1}\n",
  ".env": "OCEAN__INTEGRATION__IDENTIFIER=from-env-file\nQUAYSIDE_HOST=from-env-file\nQUAYSIDE_CONFIG=config.yaml\n",
};

test("the environment wins over the file of variables, and that over the file of settings", () => {
  const { config } = readWith({ QUAYSIDE_ENV_FILE: ".env", OCEAN__INTEGRATION__IDENTIFIER: "from-environment" }, FILES);
  expect(config).toMatchObject({ integrationIdentifier: "from-environment", host: "from-env-file", port: 1 });
});

test("an empty value wins over nothing", () => {
  const { config } = readWith({ QUAYSIDE_CONFIG: "config.yaml", OCEAN__INTEGRATION__IDENTIFIER: " " }, FILES);
  expect(config.integrationIdentifier).toBe("from-file");
});

test("no file is read that was not named", () => {
  expect(readWith({}, FILES).config.host).toBe("127.0.0.1");
});

test("a variable of its own wins over the same setting in JSON, and the nearer map over the farther", () => {
  const { config } = readWith({
    OCEAN__INTEGRATION: '{"identifier":"far","config":{"jira_host":"https://far.io","atlassianUserEmail":"far"}}',
    OCEAN__INTEGRATION__CONFIG: '{"jiraHost":"https://near.io","atlassian_user_token":"near"}',
    OCEAN__INTEGRATION__IDENTIFIER: "own",
  });
  expect(config).toMatchObject({
    integrationIdentifier: "own",
    jiraHost: "https://near.io",
    atlassianUserEmail: "far",
    atlassianUserToken: "near",
  });
});

test("the case of a name does not matter, and the exact name wins", () => {
  expect(readWith({ ocean__integration__identifier: "low" }).config.integrationIdentifier).toBe("low");
  expect(
    readWith({ OCEAN__INTEGRATION__IDENTIFIER: "exact", ocean__integration__identifier: "low" }).config
      .integrationIdentifier,
  ).toBe("exact");
});

test("other names for a setting come after its own", () => {
  expect(readWith({ APPLICATION__PORT: "8000" }).config.port).toBe(8000);
  expect(readWith({ APPLICATION__PORT: "8000", QUAYSIDE_PORT: "3100" }).config.port).toBe(3100);
  expect(readWith({ SSL_CERT_FILE: "/etc/ca.pem" }).config.extraCaFile).toBe("/etc/ca.pem");
});

test("a template takes the value of a variable, which nobody needs if the setting is given elsewhere", () => {
  const file = { "config.yaml": 'integration: {identifier: "{{ from env TEAM }}"}' };
  const env = { QUAYSIDE_CONFIG: "config.yaml" };
  expect(readWith({ ...env, TEAM: "payments" }, file).config.integrationIdentifier).toBe("payments");
  expect(readWith({ ...env, OCEAN__INTEGRATION__IDENTIFIER: "own" }, file).config.integrationIdentifier).toBe("own");
});

test("anchors in a file of settings are followed", () => {
  const text = "integration: {identifier: &name shared}\nquayside: {data: *name}\n";
  expect(readWith({ QUAYSIDE_CONFIG: "config.yaml" }, { "config.yaml": text }).config).toMatchObject({
    integrationIdentifier: "shared",
    dataFolder: "shared",
  });
});

test.each([
  ["plain", "plain"],
  ["'a # b'", "a # b"],
  ['"say \\"a\\""', 'say "a"'],
  ["a#b # comment", "a#b"],
  [" spaced ", "spaced"],
])("%s in a file of variables is %s", (written, value) => {
  const file = { ".env": `export QUAYSIDE_HOST=${written}\r\nOTHER: text\r\n` };
  expect(readWith({ QUAYSIDE_ENV_FILE: ".env" }, file).config.host).toBe(value);
});
