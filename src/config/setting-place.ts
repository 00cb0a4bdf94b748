import type { InputProblem, Position } from "../runtime/errors.ts";

/** Where a setting was given. */
export interface SettingPlace {
  /** How a message calls it. */
  readonly label: string;
  readonly path: readonly (string | number)[];
  /** Only in a file. */
  readonly position?: Position;
  /** True for a key in a file of settings; everything else is a variable, or in the JSON of one. */
  readonly isKey?: true;
}

/** A setting that somebody gave. */
export interface GivenSetting {
  readonly name: string;
  /** undefined if a list or a map stands where one value belongs. */
  readonly text: string | undefined;
  readonly place: SettingPlace;
  /** True if it cannot be read and a problem says so: nobody has to judge it again, nor call it missing. */
  readonly isReported?: true;
}

/** `what` completes a sentence that starts with the setting. */
export function toSettingProblem(
  { label, path, position }: SettingPlace,
  code: string,
  what: string,
  suggestion?: string,
): InputProblem {
  return { code, message: `${label} ${what}`, path, ...(position && { position }), ...(suggestion && { suggestion }) };
}
