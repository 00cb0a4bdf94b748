import type { InputProblem } from "../runtime/errors.ts";
import type { GivenSettings } from "./gather-settings.ts";
import { findOtherSetting } from "./other-settings.ts";
import { findLikelyName, isOptionName, toFilePath } from "./setting-names.ts";
import { toSettingProblem, type GivenSetting } from "./setting-place.ts";

interface Judgement {
  readonly problems: readonly InputProblem[];
  readonly warnings: readonly string[];
}

/** What was given and is no option of Quayside: settings of the reference without effect, refused ones, unknown names. */
export function judgeOthers(given: GivenSettings): Judgement {
  const judgements = [...given.values()]
    .filter(({ name, isReported }) => !isReported && !isOptionName(name))
    .map(judge);
  return {
    problems: judgements.flatMap(({ problem }) => problem ?? []),
    warnings: judgements.flatMap(({ warning }) => warning ?? []),
  };
}

/** Variables of the test suite. */
const TEST_ONLY = new Set(["QUAYSIDE_CORPUS", "QUAYSIDE_SPEC", "QUAYSIDE_LAW_RUNS", "QUAYSIDE_FUZZ_RUNS"]);

function judge(setting: GivenSetting): { readonly problem?: InputProblem; readonly warning?: string } {
  const { name, text = "", place } = setting;
  const other = findOtherSetting(name);
  if (other === undefined) return TEST_ONLY.has(name) ? {} : judgeUnknown(setting);
  const isHarmless = other.harmless?.some((value) => value.toLowerCase() === text.trim().toLowerCase()) ?? false;
  if (isHarmless) return {};
  return other.standing === "refused"
    ? { problem: toSettingProblem(place, "refused_setting", `cannot be set: ${other.reason}`) }
    : { warning: `${place.label} has no effect: ${other.reason}` };
}

/** The reference ignores what it does not know, so a variable of that kind may come from an older or newer one. */
function judgeUnknown({ name, place }: GivenSetting): { readonly problem?: InputProblem; readonly warning?: string } {
  const likely = findLikelyName(name);
  const suggestion = likely === undefined ? undefined : place.isKey ? toFilePath(likely) : likely;
  const hint = suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
  if (place.isKey) {
    return { problem: toSettingProblem(place, "unknown_key", `is not a setting${hint}`, suggestion) };
  }
  if (name.startsWith("QUAYSIDE_")) {
    return { problem: toSettingProblem(place, "unknown_option", `is not a setting of Quayside${hint}`, suggestion) };
  }
  return { warning: `${place.label} is unknown and ignored${hint || "; see the list of settings"}` };
}
