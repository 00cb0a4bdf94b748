import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { isRemote, type Config, type Environment } from "../config/config.ts";
import type { JiraCredentials, JiraSettings } from "../jira/jira-settings.ts";
import { defaultDataFolder } from "../runtime/data-folder.ts";

/** Which Jira a process works with, and where it keeps what it reads. Demo and real data have folders of their own. */
export type JiraSite =
  | { readonly type: "demo"; readonly folder: string }
  | { readonly type: "jira"; readonly folder: string; readonly settings: JiraSettings };

export function toJiraSite(config: Config, env: Environment): JiraSite {
  const base = resolve(config.dataFolder ?? defaultDataFolder(env, process.platform));
  const catalog = isRemote(config) ? `@${toFolderName(config.portBaseUrl)}` : "";
  const host = config.jiraServerHost ?? config.jiraHost;
  if (host === undefined) return { type: "demo", folder: join(base, `demo${catalog}`) };
  const folder = join(base, "sites", `${toFolderName(host)}${catalog}`);
  return { type: "jira", folder, settings: toJiraSettings(config, host, env) };
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

function toJiraSettings(config: Config, host: string, env: Environment): JiraSettings {
  const read = (name: string): string | undefined => env[name] ?? env[name.toLowerCase()];
  return {
    host,
    deployment: config.jiraServerHost === undefined ? "cloud" : "server",
    credentials: config.jiraServerHost === undefined ? toCloudCredentials(config) : toServerCredentials(config),
    organizationId: config.atlassianOrganizationId,
    ...(config.clientTimeoutSeconds !== undefined && { timeoutMs: config.clientTimeoutSeconds * 1000 }),
    network: {
      httpProxy: read("HTTP_PROXY"),
      httpsProxy: read("HTTPS_PROXY"),
      noProxy: read("NO_PROXY"),
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
