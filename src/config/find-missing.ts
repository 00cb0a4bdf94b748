import type { InputProblem } from "../runtime/errors.ts";
import type { Config } from "./config.ts";
import { OPTIONS, type OptionName } from "./options.ts";

type Missing = (name: OptionName, reason: string) => InputProblem;

/** Settings that are well as they are, but need another one, or exclude each other. */
export function findMissing(config: Config, toName: (name: OptionName) => string): readonly InputProblem[] {
  const missing: Missing = (name, reason) => ({
    code: "missing_value",
    path: [OPTIONS[name].env],
    message: `${toName(name)} is missing: ${reason}`,
  });
  return [
    ...(config.jiraServerHost === undefined ? findMissingCloud(config, missing) : findMissingServer(config, missing)),
    ...findMissingPort(config, missing),
  ];
}

function findMissingPort({ portClientId, portClientSecret }: Config, missing: Missing): readonly InputProblem[] {
  if ((portClientId === undefined) === (portClientSecret === undefined)) return [];
  const name = portClientId === undefined ? "portClientId" : "portClientSecret";
  return [missing(name, "a remote catalog needs both client id and secret")];
}

function findMissingCloud(config: Config, missing: Missing): readonly InputProblem[] {
  const { jiraHost, atlassianUserEmail, atlassianUserToken, oauthAccessTokenFilePath } = config;
  if (config.integrationType === "jira-server") {
    return [missing("jiraServerHost", "the integration jira-server needs it")];
  }
  if (jiraHost === undefined) {
    const credentials = atlassianUserEmail ?? atlassianUserToken ?? oauthAccessTokenFilePath;
    return credentials === undefined
      ? []
      : [missing("jiraHost", "there are Jira credentials, but no Jira to use them with")];
  }
  if (oauthAccessTokenFilePath !== undefined) return [];
  return [
    ...(atlassianUserEmail === undefined ? [missing("atlassianUserEmail", "the Jira site needs it")] : []),
    ...(atlassianUserToken === undefined ? [missing("atlassianUserToken", "the Jira site needs it")] : []),
  ];
}

function findMissingServer(config: Config, missing: Missing): readonly InputProblem[] {
  if (config.integrationType === "jira") {
    return [
      toConflict("integrationType", "jira is the Cloud: with a JIRA_SERVER_HOST it must be jira-server, or unset"),
    ];
  }
  if (config.jiraHost !== undefined) {
    return [toConflict("jiraServerHost", `${OPTIONS.jiraHost.env} is set too: unset one, a process reads one Jira`)];
  }
  if (config.jiraServerToken !== undefined) return [];
  if (config.jiraServerUsername === undefined) {
    return [missing("jiraServerToken", "the Data Center needs it, or user name and password")];
  }
  return config.jiraServerPassword === undefined ? [missing("jiraServerPassword", "the user name needs it")] : [];
}

function toConflict(name: OptionName, reason: string): InputProblem {
  const { env } = OPTIONS[name];
  return { code: "conflicting_values", path: [env], message: `${env}: ${reason}` };
}
