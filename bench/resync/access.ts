import type { JiraAccess } from "./jira-process.ts";

/** The variables by which the product, too, learns where Jira is. */
const VARIABLES = {
  url: "OCEAN__INTEGRATION__CONFIG__JIRA_HOST",
  email: "OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL",
  token: "OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN",
} as const satisfies Record<keyof JiraAccess, string>;

export function toAccessVariables({ url, email, token }: JiraAccess): Readonly<Record<string, string>> {
  return { [VARIABLES.url]: url, [VARIABLES.email]: email, [VARIABLES.token]: token };
}

export function readAccess(env: Readonly<Record<string, string | undefined>>): JiraAccess {
  const read = (name: string): string => {
    const value = env[name];
    if (value === undefined) throw new Error(`${name} is not set`);
    return value;
  };
  return { url: read(VARIABLES.url), email: read(VARIABLES.email), token: read(VARIABLES.token) };
}
