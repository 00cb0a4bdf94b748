import { isJsonObject, type Json } from "../model/json.ts";
import { toMessage } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import type { JiraClient } from "./jira-client.ts";
import type { JiraSettings } from "./jira-settings.ts";

/** Atlassian's API gateway: requests go through it for scoped and OAuth tokens, but no browser can open it. */
export const GATEWAY = /^https?:\/\/[^/]+\/ex\/jira\/(?<cloudId>[^/]+)$/;
const ACCESSIBLE_RESOURCES = "/oauth/token/accessible-resources";

/**
 * Where people open the Jira that a client talks to. Behind the gateway Jira itself is asked, then Atlassian's list of
 * sites; when neither tells, links will lead to the gateway, which is said in the log.
 */
export async function resolveSiteUrl(client: JiraClient, settings: JiraSettings, logger: Logger): Promise<string> {
  const cloudId = GATEWAY.exec(client.baseUrl)?.groups?.["cloudId"];
  if (cloudId === undefined) return client.baseUrl;
  try {
    const info = await client.getJson("/rest/api/3/serverInfo");
    const baseUrl = isJsonObject(info) ? info["baseUrl"] : undefined;
    if (typeof baseUrl === "string") return baseUrl.replace(/\/+$/, "");
    const sites = await client.getJson(ACCESSIBLE_RESOURCES, { baseUrl: new URL(client.baseUrl).origin });
    const url = findSite(sites, cloudId);
    if (url !== undefined) return url;
    logger.warn({ host: settings.host }, "Jira does not tell its site's address: links will lead to the API gateway");
  } catch (error) {
    logger.warn(
      { host: settings.host, err: toMessage(error) },
      "the site's address could not be read: links will lead to the API gateway",
    );
  }
  return client.baseUrl;
}

function findSite(sites: Json, cloudId: string): string | undefined {
  const site = Array.isArray(sites) ? sites.find((each: Json) => isJsonObject(each) && each["id"] === cloudId) : null;
  return isJsonObject(site) && typeof site["url"] === "string" ? site["url"].replace(/\/+$/, "") : undefined;
}
