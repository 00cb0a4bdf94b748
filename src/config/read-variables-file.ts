import type { InputProblem } from "../runtime/errors.ts";
import { toSettingName } from "./setting-names.ts";
import { toSettingProblem, type GivenSetting } from "./setting-place.ts";

/**
 * The settings in a file of variables (`.env`): `NAME=value` on a line of its own, with or without `export`, quotes and
 * a comment after ` #`. Lines about anything else are left alone.
 */
export function readVariablesFile(text: string, file: string, problems: InputProblem[]): readonly GivenSetting[] {
  return text.split(/\r?\n/).flatMap((content, index) => {
    const [, start = "", variable = "", rest = ""] = /^(\s*(?:export\s+)?)([A-Za-z]\w*)(.*)$/.exec(content) ?? [];
    const name = toSettingName(variable);
    if (name === undefined) return [];
    const position = { line: index + 1, column: start.length + 1 };
    const place = { label: `${variable} (${file}, line ${position.line})`, path: [variable], position };
    const value = readValue(rest);
    if (value === undefined) {
      problems.push(toSettingProblem(place, "invalid_line", `must be written ${variable}=value, on one line`));
      return [{ name, text: rest, place, isReported: true }];
    }
    return [{ name, text: value, place }];
  });
}

function readValue(rest: string): string | undefined {
  const [, quoted, doubled, bare] =
    /^\s*=\s*(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|(?!['"])(.*?))\s*(?:(?<=\s)#.*)?$/.exec(rest) ?? [];
  return quoted ?? doubled?.replaceAll(/\\(["\\$])/g, "$1") ?? bare;
}
