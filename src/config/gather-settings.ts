import { readFileSync } from "node:fs";
import { toMessage, type InputProblem } from "../runtime/errors.ts";
import { OPTIONS } from "./options.ts";
import { readConfigFile, readJsonVariable } from "./read-settings-map.ts";
import { readVariablesFile } from "./read-variables-file.ts";
import { isMapName, toSettingName } from "./setting-names.ts";
import { toSettingProblem, type GivenSetting } from "./setting-place.ts";

export type Environment = Readonly<Record<string, string | undefined>>;
export type ReadTextFile = (path: string) => string;
export type GivenSettings = ReadonlyMap<string, GivenSetting>;

export const readTextFile: ReadTextFile = (path) => readFileSync(path, "utf8");

/**
 * What was given, by the name of the setting. The environment wins over the file of variables, and that over the file
 * of settings. An empty value counts as not given.
 */
export function gatherSettings(
  env: Environment,
  readFile: ReadTextFile,
  problems: InputProblem[],
): { readonly given: GivenSettings; readonly configFile: string | undefined } {
  const { config, envFile } = OPTIONS;
  const variables = toSettings(fromEnvironment(env), problems);
  const inEnvFile = readNamed(variables.get(envFile.env), readFile, problems, readVariablesFile);
  const allVariables = merge(
    toSettings(refuse(inEnvFile, [envFile.env], problems), problems).values(),
    variables.values(),
  );
  const named = allVariables.get(config.env);
  const inConfig = readNamed(named, readFile, problems, readConfigFile);
  const settings = refuse(inConfig, [config.env, envFile.env], problems).map((setting) =>
    allVariables.has(setting.name) ? setting : resolveTemplate(setting, env, problems),
  );
  return { given: merge(settings, allVariables.values()), configFile: named?.text };
}

/** What is in the file that a setting names. */
function readNamed(
  named: GivenSetting | undefined,
  readFile: ReadTextFile,
  problems: InputProblem[],
  parse: (text: string, file: string, problems: InputProblem[]) => readonly GivenSetting[],
): readonly GivenSetting[] {
  if (named?.text === undefined) return [];
  const file = named.text.trim();
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    problems.push(toSettingProblem(named.place, "unreadable_file", `cannot be read (${toMessage(error)})`));
    return [];
  }
  return parse(text, file, problems);
}

/** A file cannot name another one, nor itself. */
function refuse(
  settings: readonly GivenSetting[],
  names: readonly string[],
  problems: InputProblem[],
): readonly GivenSetting[] {
  const what = "names a file that is read before this one; set it in the environment";
  for (const { name, place } of settings) {
    if (names.includes(name)) problems.push(toSettingProblem(place, "misplaced_setting", what));
  }
  return settings.filter(({ name }) => !names.includes(name));
}

function fromEnvironment(env: Environment): readonly GivenSetting[] {
  // A name that is written exactly comes last, and wins over the same name in lower case.
  const isExact = (variable: string): number => (variable === variable.toUpperCase() ? 1 : 0);
  const variables = Object.keys(env).toSorted((one, other) => isExact(one) - isExact(other));
  return variables.flatMap((variable) => {
    const name = toSettingName(variable);
    return name === undefined ? [] : [{ name, text: env[variable], place: { label: variable, path: [variable] } }];
  });
}

/** Variables that hold maps as JSON fall apart into the settings in them; a variable of its own wins over those. */
function toSettings(variables: readonly GivenSetting[], problems: InputProblem[]): GivenSettings {
  const steps = ({ name }: GivenSetting): number => name.split("__").length;
  const maps = variables
    .filter(({ name, text = "" }) => isMapName(name) && text.trim() !== "")
    .toSorted((one, other) => steps(one) - steps(other));
  return merge(
    maps.flatMap(({ name, text = "", place }) => readJsonVariable(name, text, place, problems)),
    variables.filter(({ name }) => !isMapName(name)),
  );
}

/** The later wins. */
function merge(...groups: readonly Iterable<GivenSetting>[]): GivenSettings {
  const settings = groups.flatMap((group) => [...group]);
  return new Map(settings.filter(({ text }) => text?.trim() !== "").map((setting) => [setting.name, setting]));
}

/** `{{ from env NAME }}` is the value of that variable. */
function resolveTemplate(setting: GivenSetting, env: Environment, problems: InputProblem[]): GivenSetting {
  const text = setting.text?.trim() ?? "";
  if (!/^\{\{.*\}\}$/.test(text)) return setting;
  const [, name] = /^\{\{\s*from\s+env\s+(\w+)\s*\}\}$/.exec(text) ?? [];
  if (name === undefined) {
    problems.push(toSettingProblem(setting.place, "invalid_template", "must be a value or {{ from env NAME }}"));
    return { ...setting, isReported: true };
  }
  const value = env[name]?.trim() ?? "";
  if (value !== "") return { ...setting, text: value };
  problems.push(toSettingProblem(setting.place, "missing_variable", `needs the variable ${name}, which is not set`));
  return { ...setting, isReported: true };
}
