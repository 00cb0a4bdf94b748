import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig, type Environment } from "../config/config.ts";
import { toCatalogFolder, toJiraSite } from "./jira-site.ts";

const DATA = { QUAYSIDE_DATA: "/data" };
const JIRA = {
  OCEAN__INTEGRATION__CONFIG__JIRA_HOST: "https://acme.atlassian.net",
  OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: "ada@acme.com",
  OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: "secret",
};
const REMOTE = { OCEAN__PORT__CLIENT_ID: "id", OCEAN__PORT__CLIENT_SECRET: "secret" };

const siteOf = (env: Environment) => toJiraSite(readConfig(env).config, env);
const catalogOf = (env: Environment): string => toCatalogFolder(readConfig(env).config, env);

test.each([
  ["the demo", {}, "demo"],
  ["a Jira", JIRA, "sites/acme.atlassian.net"],
  ["the demo, for a remote catalog", REMOTE, "demo@api.getport.io"],
  ["a Jira, for a remote catalog", { ...JIRA, ...REMOTE }, "sites/acme.atlassian.net@api.getport.io"],
])("%s has a folder of its own", (_, env, folder) => {
  expect(siteOf({ ...DATA, ...env }).folder).toBe(join("/data", folder));
});

test("a catalog that is served alone is that of the Jira, or has a folder of its own; where a connector writes is nothing to it", () => {
  expect(catalogOf(DATA)).toBe("/data/catalog");
  expect(catalogOf({ ...DATA, ...REMOTE })).toBe("/data/catalog");
  expect(catalogOf({ ...DATA, ...JIRA, ...REMOTE })).toBe(siteOf({ ...DATA, ...JIRA }).folder);
});

test("a proxy holds for Jira and for a remote catalog alike, in whatever case it is named", () => {
  const env = { ...DATA, ...JIRA, HTTPS_PROXY: "http://proxy:3128", no_proxy: "intranet" };
  const site = siteOf(env);
  expect(site.proxy).toEqual({ httpsProxy: "http://proxy:3128", noProxy: "intranet" });
  expect(site.type === "jira" && site.settings.network).toMatchObject(site.proxy);
  expect(siteOf(DATA).proxy).toEqual({});
});
