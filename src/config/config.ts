import { ConfigurationError, type InputProblem } from "../runtime/errors.ts";
import { closest } from "../runtime/closest.ts";
import { listOptions, OPTIONS, type Option, type OptionName } from "./options.ts";

type Row<Name extends OptionName> = (typeof OPTIONS)[Name];
type ValueOf<R> = R extends { type: "integer" }
  ? number
  : R extends { type: "boolean" }
    ? boolean
    : R extends { type: "json" }
      ? unknown
      : R extends { type: "choice"; choices: readonly (infer Choice)[] }
        ? Choice
        : string;

type RawConfig = {
  readonly [Name in OptionName]: Row<Name> extends { default: string }
    ? ValueOf<Row<Name>>
    : ValueOf<Row<Name>> | undefined;
};

export type EventListenerType = "POLLING" | "ONCE";

/** All settings after validation. A value of undefined means: not set, and that has a meaning of its own. */
export type Config = Omit<RawConfig, "eventListener" | "integrationType" | "integrationIdentifier"> & {
  readonly eventListener: { readonly type: EventListenerType };
  readonly integrationType: "jira" | "jira-server";
  readonly integrationIdentifier: string;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads all settings from the environment. Throws one ConfigurationError with every problem, each naming its variable.
 * An empty value counts as not set, as CI templates leave variables empty. Unknown `QUAYSIDE_` variables are problems;
 * unknown `OCEAN__` ones are returned as warnings, because the reference has many that mean nothing here.
 */
export function readConfig(env: Environment): { readonly config: Config; readonly warnings: readonly string[] } {
  const problems: InputProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, option] of listOptions()) {
    const text = env[option.env]?.trim() || option.default;
    if (text === undefined) continue;
    try {
      values[name] = parseValue(text, option);
    } catch (error) {
      problems.push({
        code: "invalid_value",
        path: [option.env],
        message: `${option.env} ${(error as Error).message}`,
      });
    }
  }
  const eventListener = parseEventListener(values["eventListener"], problems);
  const integrationType =
    values["integrationType"] ?? (values["jiraServerHost"] === undefined ? "jira" : "jira-server");
  const integrationIdentifier = values["integrationIdentifier"] ?? `my-${String(integrationType)}-integration`;
  // The cast holds: every row was parsed by its own type above.
  const config = { ...values, eventListener, integrationType, integrationIdentifier } as Config;
  problems.push(...findMissing(config), ...findUnknown(env));
  if (problems.length > 0) {
    throw new ConfigurationError(
      ["The configuration is not usable:", ...problems.map((problem) => `- ${problem.message}`)].join("\n"),
      problems,
    );
  }
  return { config, warnings: findIgnored(env) };
}

/** True if the connector writes to a remote API: if and only if both credentials are set. */
export function isRemote(config: Config): config is Config & { portClientId: string; portClientSecret: string } {
  return config.portClientId !== undefined && config.portClientSecret !== undefined;
}

function parseValue(text: string, option: Option): unknown {
  switch (option.type) {
    case "string":
      return text;
    case "url":
      return parseUrl(text);
    case "integer":
      return parseInteger(text, option);
    case "boolean":
      return parseBoolean(text);
    case "json":
      return parseJson(text);
    case "choice":
      return parseChoice(text, option.choices ?? []);
  }
}

function parseUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new Error(`must be a URL that starts with https:// (or http://), not "${text}"`);
  }
  return text.replace(/\/+$/, "");
}

function parseInteger(text: string, { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER }: Option): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new Error(`must be a whole number ${range}, not "${text}"`);
  }
  return value;
}

function parseBoolean(text: string): boolean {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  if (/^(false|0|no|off)$/i.test(text)) return false;
  throw new Error(`must be true or false, not "${text}"`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`must be JSON, such as {"type":"ONCE"}, not "${text}"`);
  }
}

function parseChoice(text: string, choices: readonly string[]): string {
  const choice = choices.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (choice === undefined) throw new Error(`must be one of ${choices.join(", ")}, not "${text}"`);
  return choice;
}

function parseEventListener(value: unknown, problems: InputProblem[]): { readonly type: EventListenerType } {
  const { env } = OPTIONS.eventListener;
  const given = typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
  const type = typeof given === "string" ? given.toUpperCase() : undefined;
  if (type === "POLLING" || type === "ONCE") return { type };
  if (value !== undefined) {
    problems.push({
      code: "invalid_value",
      path: [env, "type"],
      message: `${env} must be {"type":"POLLING"} or {"type":"ONCE"}, not ${JSON.stringify(value)}`,
    });
  }
  return { type: "POLLING" };
}

function findMissing(config: Config): InputProblem[] {
  const missing = (name: OptionName, reason: string): InputProblem => ({
    code: "missing_value",
    path: [OPTIONS[name].env],
    message: `${OPTIONS[name].env} is missing: ${reason}`,
  });
  const problems: InputProblem[] = [];
  problems.push(
    ...(config.jiraServerHost === undefined ? findMissingCloud(config, missing) : findMissingServer(config, missing)),
  );
  if ((config.portClientId === undefined) !== (config.portClientSecret === undefined)) {
    const name = config.portClientId === undefined ? "portClientId" : "portClientSecret";
    problems.push(missing(name, "a remote catalog needs both client id and secret"));
  }
  return problems;
}

type Missing = (name: OptionName, reason: string) => InputProblem;

function findMissingCloud(config: Config, missing: Missing): InputProblem[] {
  const { jiraHost, atlassianUserEmail, atlassianUserToken, oauthAccessTokenFilePath } = config;
  if (config.integrationType === "jira-server")
    return [missing("jiraServerHost", "the integration jira-server needs it")];
  if (jiraHost === undefined) {
    const hasCredentials = (atlassianUserEmail ?? atlassianUserToken) !== undefined;
    return hasCredentials ? [missing("jiraHost", "there are Jira credentials, but no Jira to use them with")] : [];
  }
  if (oauthAccessTokenFilePath !== undefined) return [];
  return [
    ...(atlassianUserEmail === undefined ? [missing("atlassianUserEmail", "the Jira site needs it")] : []),
    ...(atlassianUserToken === undefined ? [missing("atlassianUserToken", "the Jira site needs it")] : []),
  ];
}

function findMissingServer(config: Config, missing: Missing): InputProblem[] {
  if (config.jiraHost !== undefined) {
    const [cloud, server] = [OPTIONS.jiraHost.env, OPTIONS.jiraServerHost.env];
    return [
      {
        code: "conflicting_values",
        path: [server],
        message: `${cloud} and ${server} are both set: unset one, a process reads one Jira`,
      },
    ];
  }
  if (config.jiraServerToken !== undefined) return [];
  if (config.jiraServerUsername === undefined)
    return [missing("jiraServerToken", "the Data Center needs it, or user name and password")];
  return config.jiraServerPassword === undefined ? [missing("jiraServerPassword", "the user name needs it")] : [];
}

function findUnknown(env: Environment): InputProblem[] {
  const known = listOptions().map(([, option]) => option.env);
  return Object.keys(env)
    .filter((name) => name.startsWith("QUAYSIDE_") && !known.includes(name) && !TEST_ONLY.has(name))
    .map((name) => {
      const suggestion = closest(name, known);
      return {
        code: "unknown_option",
        path: [name],
        message: `${name} is not a setting of Quayside${suggestion ? `; did you mean ${suggestion}?` : ""}`,
        ...(suggestion && { suggestion }),
      };
    });
}

/** Read by the test suite alone. */
const TEST_ONLY = new Set(["QUAYSIDE_CORPUS", "QUAYSIDE_SPEC"]);

function findIgnored(env: Environment): string[] {
  const known = new Set(listOptions().map(([, option]) => option.env));
  return Object.keys(env)
    .filter((name) => name.startsWith("OCEAN__") && !known.has(name))
    .map((name) => `${name} has no effect in Quayside yet and is ignored`);
}
