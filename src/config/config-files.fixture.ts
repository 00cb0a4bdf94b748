import { ConfigurationError, type InputProblem } from "../runtime/errors.ts";
import { readConfig, type Environment } from "./config.ts";

export type Files = Readonly<Record<string, string>>;

/** `readConfig` with files that are texts. */
export function readWith(env: Environment, files: Files = {}): ReturnType<typeof readConfig> {
  return readConfig(env, {
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error("no such file");
      return text;
    },
  });
}

/** Empty if the settings are accepted. */
export function findProblems(env: Environment, files: Files = {}): readonly InputProblem[] {
  try {
    readWith(env, files);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}
