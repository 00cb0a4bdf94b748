import type { GateLimits } from "./gate.ts";

/** How to reach a Jira and as whom. The composition root builds this from the configuration. */
export interface JiraSettings {
  /** `https://acme.atlassian.net`, `https://api.atlassian.com/ex/jira/<cloudId>`, or the base URL of a Data Center. */
  readonly host: string;
  readonly deployment: "cloud" | "server";
  readonly credentials: JiraCredentials;
  /** Where Atlassian teams are read from; without it the kind `team` is empty. */
  readonly organizationId?: string | undefined;
  readonly limits?: GateLimits;
  /** Silence after which a request counts as lost. */
  readonly timeoutMs?: number;
  readonly network?: NetworkSettings;
}

export type JiraCredentials =
  | { readonly type: "basic"; readonly user: string; readonly password: string }
  | { readonly type: "bearer"; readonly token: string }
  | { readonly type: "token-file"; readonly path: string; readonly fallbackToken?: string | undefined };

export interface NetworkSettings {
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  /** Comma-separated hosts that are reached directly. */
  readonly noProxy?: string | undefined;
  /** A file with certificates (PEM) that are trusted besides those of the system and NODE_EXTRA_CA_CERTS. */
  readonly extraCaFile?: string | undefined;
  /** True accepts any certificate: whoever stands between can read the token. */
  readonly acceptAnyCertificate?: boolean;
}

/** The names of the settings a person has to look at, for messages. */
export function describeCredentials({ credentials, deployment }: JiraSettings): string {
  const prefix = "OCEAN__INTEGRATION__CONFIG__";
  switch (credentials.type) {
    case "token-file":
      return `the token in the file of OCEAN__OAUTH_ACCESS_TOKEN_FILE_PATH ("${credentials.path}")`;
    case "bearer":
      return deployment === "server" ? `${prefix}TOKEN` : `${prefix}ATLASSIAN_USER_TOKEN`;
    case "basic":
      return deployment === "server"
        ? `${prefix}USERNAME and ${prefix}PASSWORD`
        : `${prefix}ATLASSIAN_USER_EMAIL and ${prefix}ATLASSIAN_USER_TOKEN`;
  }
}

export function hostSetting({ deployment }: JiraSettings): string {
  return `OCEAN__INTEGRATION__CONFIG__${deployment === "server" ? "JIRA_SERVER_HOST" : "JIRA_HOST"}`;
}
