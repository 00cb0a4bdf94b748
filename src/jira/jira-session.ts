import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { NotAllowedError, UpstreamError } from "../runtime/errors.ts";
import {
  BasicAuthenticator,
  BearerAuthenticator,
  TokenFileAuthenticator,
  type Authenticator,
} from "./authenticator.ts";
import { GATEWAY, resolveSiteUrl } from "./browse-url.ts";
import { JiraClient, type JiraClientServices, type RetriedFailure } from "./jira-client.ts";
import { describeCredentials, hostSetting, type JiraSettings } from "./jira-settings.ts";
import { SharedReads } from "./shared-reads.ts";
import type { SelfRewrite } from "./to-raw-object.ts";

/** An unfit host is better told soon than tried for minutes, and one that nobody listens at sooner still. */
const CONNECT_ATTEMPTS = 5;
const CONNECT_ATTEMPTS_UNREACHABLE = 3;

export interface Myself {
  /** On a Data Center the user key. */
  readonly accountId: string;
  readonly displayName: string;
  /** The zone in which Jira reads dates in this account's JQL. */
  readonly timeZone: string;
}

/** A Jira that let us in. A run opens its own: listings that kinds share are read once in its life. */
export interface JiraSession {
  readonly client: JiraClient;
  readonly deployment: JiraSettings["deployment"];
  readonly services: JiraClientServices;
  readonly myself: Myself;
  /** Where people open this Jira, without a trailing slash; not the API gateway. */
  readonly siteUrl: string;
  readonly organizationId: string | undefined;
  readonly shared: SharedReads;
  /** Set if `self` of what Jira sends has to be turned into an address of the site. */
  readonly selfRewrite: SelfRewrite | undefined;
  close(): Promise<void>;
}

/**
 * Checks the credentials with one request, `myself`, and learns who we are there. `say` is told what is being waited
 * for; the log by default.
 */
export async function connectJira(
  settings: JiraSettings,
  services: JiraClientServices,
  say: (text: string) => void = (text) => services.logger.warn({}, text),
): Promise<JiraSession> {
  const client = new JiraClient(settings, createAuthenticator(settings, services), services);
  try {
    const myself = await readMyself(client, settings, say);
    const siteUrl = await resolveSiteUrl(client, settings, services.logger);
    return {
      client,
      deployment: settings.deployment,
      services,
      myself,
      siteUrl,
      organizationId: settings.organizationId,
      shared: new SharedReads(services.clock),
      selfRewrite: GATEWAY.test(client.baseUrl) ? { from: client.baseUrl, to: siteUrl } : undefined,
      close: () => client.close(),
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/**
 * To be called when Jira listed nothing at all: throws if the reason is that the account may not look at anything.
 * Jira does not refuse such an account, it answers with empty lists.
 */
export async function assertSeesProjects(session: JiraSession, signal: AbortSignal): Promise<void> {
  const path = session.deployment === "cloud" ? "/rest/api/3/mypermissions" : "/rest/api/2/mypermissions";
  const answer = await session.client.getJson(path, { query: { permissions: "BROWSE_PROJECTS" }, signal });
  const permissions = isJsonObject(answer) ? answer["permissions"] : undefined;
  const browse = isJsonObject(permissions) ? permissions["BROWSE_PROJECTS"] : undefined;
  if (!isJsonObject(browse) || browse["havePermission"] !== false) return;
  throw new NotAllowedError(
    `Jira lets "${session.myself.displayName}" in, but shows this account no project at all: ` +
      "give it access to Jira and the permission Browse Projects, or use the token of an account that has them",
  );
}

function createAuthenticator(settings: JiraSettings, services: JiraClientServices): Authenticator {
  const { credentials } = settings;
  switch (credentials.type) {
    case "basic":
      return new BasicAuthenticator(credentials.user, credentials.password);
    case "bearer":
      return new BearerAuthenticator(credentials.token);
    case "token-file":
      return new TokenFileAuthenticator(credentials.path, credentials.fallbackToken, services.logger);
  }
}

async function readMyself(client: JiraClient, settings: JiraSettings, say: (text: string) => void): Promise<Myself> {
  const path = settings.deployment === "cloud" ? "/rest/api/3/myself" : "/rest/api/2/myself";
  const answer = await client.getJson(path, {
    maxAttempts: CONNECT_ATTEMPTS,
    maxAttemptsUnreachable: CONNECT_ATTEMPTS_UNREACHABLE,
    onRetry: (failed) => say(describeRetry(failed)),
  });
  const account = isJsonObject(answer) ? toMyself(answer) : undefined;
  if (account !== undefined) return account;
  throw new UpstreamError(
    `${client.baseUrl}${path} names no account: Jira took the request for anonymous, or ${hostSetting(settings)} is not the address of a Jira; check it and ${describeCredentials(settings)}`,
    { method: "GET", url: client.baseUrl + path, status: 200 },
    { details: { code: "no_account", path: ["accountId"] } },
  );
}

function describeRetry({ error, nextAttempt, maxAttempts }: RetriedFailure): string {
  return `${error.message}. Trying again, ${nextAttempt} of ${maxAttempts}`;
}

function toMyself(answer: JsonObject): Myself | undefined {
  const text = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined);
  const accountId = text(answer["accountId"]) ?? text(answer["key"]);
  if (accountId === undefined) return undefined;
  return {
    accountId,
    displayName: text(answer["displayName"]) ?? accountId,
    timeZone: text(answer["timeZone"]) ?? "UTC",
  };
}
