import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { isRemote, type Config, type Environment } from "../config/config.ts";
import type { JiraCredentials, JiraSettings } from "../jira/jira-settings.ts";
import { defaultDataFolder } from "../runtime/data-folder.ts";

/** Which Jira a process works with, and where it keeps what it reads. Demo and real data have folders of their own. */
export type JiraSite = { readonly folder: string; readonly proxy: ProxySettings } & (
  | { readonly type: "demo" }
  | { readonly type: "jira"; readonly settings: JiraSettings }
);

/** How what is elsewhere is reached, under the names that curl knows. */
export interface ProxySettings {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
}

export function toJiraSite(config: Config, env: Environment): JiraSite {
  const base = toBaseFolder(config, env);
  const proxy = readProxy(env);
  const catalog = isRemote(config) ? `@${toFolderName(config.portBaseUrl)}` : "";
  const host = config.jiraServerHost ?? config.jiraHost;
  if (host === undefined) return { type: "demo", folder: join(base, `demo${catalog}`), proxy };
  const folder = join(base, "sites", `${toFolderName(host)}${catalog}`);
  return { type: "jira", folder, proxy, settings: toJiraSettings(config, host, proxy) };
}

/** Where a catalog is kept that is served without reading a Jira: that of the site, if one is named. */
export function toCatalogFolder(config: Config, env: Environment): string {
  const base = toBaseFolder(config, env);
  const host = config.jiraServerHost ?? config.jiraHost;
  return host === undefined ? join(base, "catalog") : join(base, "sites", toFolderName(host));
}

function toBaseFolder(config: Config, env: Environment): string {
  return resolve(config.dataFolder ?? defaultDataFolder(env, process.platform));
}

function readProxy(env: Environment): ProxySettings {
  const read = (name: string): string | undefined => env[name] ?? env[name.toLowerCase()];
  const [httpProxy, httpsProxy, noProxy] = [read("HTTP_PROXY"), read("HTTPS_PROXY"), read("NO_PROXY")];
  return { ...(httpProxy && { httpProxy }), ...(httpsProxy && { httpsProxy }), ...(noProxy && { noProxy }) };
}

/** What is read, in words. */
export function toShownSource(site: JiraSite): string {
  return site.type === "jira"
    ? site.settings.host
    : "the built-in demo (set OCEAN__INTEGRATION__CONFIG__JIRA_HOST to use your own)";
}

/** A path as people write it: `~` for their home. */
export function toShownPath(path: string): string {
  const home = homedir();
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** Host and path of a URL as one folder name. */
function toFolderName(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`.replace(/\/$/, "").replaceAll(/[^\w.-]+/g, "_");
}

function toJiraSettings(config: Config, host: string, proxy: ProxySettings): JiraSettings {
  return {
    host,
    deployment: config.jiraServerHost === undefined ? "cloud" : "server",
    credentials: config.jiraServerHost === undefined ? toCloudCredentials(config) : toServerCredentials(config),
    organizationId: config.atlassianOrganizationId,
    ...(config.clientTimeoutSeconds !== undefined && { timeoutMs: config.clientTimeoutSeconds * 1000 }),
    network: {
      ...proxy,
      extraCaFile: config.extraCaFile,
      acceptAnyCertificate: !config.verifyCertificates,
    },
  };
}

/** What is missing here, `readConfig` has refused. */
function toCloudCredentials({
  oauthAccessTokenFilePath,
  atlassianUserEmail,
  atlassianUserToken,
}: Config): JiraCredentials {
  return oauthAccessTokenFilePath === undefined
    ? { type: "basic", user: atlassianUserEmail ?? "", password: atlassianUserToken ?? "" }
    : { type: "token-file", path: oauthAccessTokenFilePath, fallbackToken: atlassianUserToken };
}

function toServerCredentials({ jiraServerToken, jiraServerUsername, jiraServerPassword }: Config): JiraCredentials {
  return jiraServerToken === undefined
    ? { type: "basic", user: jiraServerUsername ?? "", password: jiraServerPassword ?? "" }
    : { type: "bearer", token: jiraServerToken };
}
