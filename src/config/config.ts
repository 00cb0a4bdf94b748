import { ConfigurationError, type InputProblem } from "../runtime/errors.ts";
import { chooseEventListener, type EventListener } from "./event-listener.ts";
import { findMissing } from "./find-missing.ts";
import {
  gatherSettings,
  readTextFile,
  type Environment,
  type GivenSettings,
  type ReadTextFile,
} from "./gather-settings.ts";
import { judgeOthers } from "./judge-others.ts";
import { listOptions, OPTIONS, type Option, type OptionName } from "./options.ts";
import { parseValue } from "./parse-value.ts";
import { toFilePath } from "./setting-names.ts";
import { toSettingProblem, type GivenSetting } from "./setting-place.ts";

export type { Environment } from "./gather-settings.ts";

type Row<Name extends OptionName> = (typeof OPTIONS)[Name];
type ValueOf<R> = R extends { type: "integer" }
  ? number
  : R extends { type: "boolean" }
    ? boolean
    : R extends { type: "choice"; choices: readonly (infer Choice)[] }
      ? Choice
      : string;

type Values = {
  readonly [Name in OptionName]: Row<Name> extends { default: string }
    ? ValueOf<Row<Name>>
    : ValueOf<Row<Name>> | undefined;
};

/** Settings that say where settings are, or are parts of `eventListener`. */
type Consumed = "config" | "envFile" | "eventListenerType" | "pollingIntervalSeconds" | "resyncOnStart";

/** All settings after validation. A value of undefined means: not set, and that has a meaning of its own. */
export type Config = Omit<Values, Consumed | "integrationType" | "integrationIdentifier"> & {
  readonly eventListener: EventListener;
  readonly integrationType: "jira" | "jira-server";
  readonly integrationIdentifier: string;
};

/**
 * Reads all settings from the environment and from the files that it names. Throws one ConfigurationError with every
 * problem, each naming its variable or its place in a file. A setting of the reference that means nothing here comes
 * back as a warning, and so does an unknown name that starts like one; an unknown name of our own, or in a file, is a
 * problem.
 */
export function readConfig(
  env: Environment,
  { readFile = readTextFile }: { readonly readFile?: ReadTextFile } = {},
): { readonly config: Config; readonly warnings: readonly string[] } {
  const problems: InputProblem[] = [];
  const { given, configFile } = gatherSettings(env, readFile, problems);
  const values = parseValues(given, problems);
  const others = judgeOthers(given);
  const { listener, warnings } = readEventListener(values, given, problems);
  const integrationType = values.integrationType ?? (values.jiraServerHost === undefined ? "jira" : "jira-server");
  const config: Config = {
    ...values,
    eventListener: listener,
    integrationType,
    integrationIdentifier: values.integrationIdentifier ?? `my-${integrationType}-integration`,
  };
  const toName = (name: OptionName): string =>
    configFile === undefined
      ? OPTIONS[name].env
      : `${OPTIONS[name].env} (or ${toFilePath(OPTIONS[name].env)} in ${configFile})`;
  // What was given and cannot be read is a problem already, and not missing.
  const missing = findMissing(config, toName).filter(
    ({ code, path }) => code !== "missing_value" || !given.has(String(path?.[0])),
  );
  problems.push(...missing, ...others.problems);
  if (problems.length > 0) {
    throw new ConfigurationError(
      ["The configuration is not usable:", ...problems.map(({ message }) => `- ${message}`)].join("\n"),
      problems,
    );
  }
  return { config, warnings: [...warnings, ...others.warnings] };
}

/** True if the connector writes to a remote API: if and only if both credentials are set. */
export function isRemote(config: Config): config is Config & { portClientId: string; portClientSecret: string } {
  return config.portClientId !== undefined && config.portClientSecret !== undefined;
}

function parseValues(given: GivenSettings, problems: InputProblem[]): Values {
  const values = listOptions().map(([name, option]) => [name, parseOption(option, given, problems)]);
  // The cast holds: every row was parsed by its own type, and a row with a default has a value whatever was given.
  return Object.fromEntries(values) as Values;
}

/** A value that cannot be used is reported, and the default goes on in its place so that all else is judged too. */
function parseOption(option: Option, given: GivenSettings, problems: InputProblem[]): unknown {
  const setting = findGiven(option, given);
  if (setting !== undefined && !setting.isReported) {
    const parsed =
      setting.text === undefined
        ? {
            mistake:
              'must be one value, not a list or a map; a text with braces stands in quotes: "{{ from env NAME }}"',
          }
        : parseValue(setting.text.trim(), option);
    if ("value" in parsed) return parsed.value;
    problems.push(toSettingProblem(setting.place, "invalid_value", parsed.mistake));
  }
  if (option.default === undefined) return undefined;
  const preset = parseValue(option.default, option);
  return "value" in preset ? preset.value : undefined;
}

function findGiven({ env, alias }: Option, given: GivenSettings): GivenSetting | undefined {
  return given.get(env) ?? (alias && given.get(alias.env));
}

function readEventListener(
  { eventListenerType, pollingIntervalSeconds, resyncOnStart }: Values,
  given: GivenSettings,
  problems: InputProblem[],
): { readonly listener: EventListener; readonly warnings: readonly string[] } {
  const polling = { intervalSeconds: pollingIntervalSeconds, resyncOnStart };
  const chosen = chooseEventListener(eventListenerType, polling);
  const { env } = OPTIONS.eventListenerType;
  const place = given.get(env)?.place ?? { label: env, path: [env] };
  if ("mistake" in chosen) {
    problems.push(toSettingProblem(place, "unsupported_listener", chosen.mistake));
    return { listener: { type: "POLLING", ...polling }, warnings: [] };
  }
  const { listener, warning } = chosen;
  return { listener, warnings: warning === undefined ? [] : [`${place.label}: ${warning}`] };
}
