import { fromOne } from "../jq-code.ts";
import { form, type Builtin } from "./builtin.ts";
import { COLLECTIONS } from "./collections.ts";
import { DATES } from "./dates.ts";
import { FORMS } from "./forms.ts";
import { LOOPS } from "./loops.ts";
import { MATH } from "./math.ts";
import { ORDERING } from "./ordering.ts";
import { listDefined } from "./prelude.ts";
import { REGEX } from "./regex.ts";
import { STRINGS } from "./strings.ts";

const OTHER_INPUTS = "an expression sees one object only";
const OUTSIDE = "an expression cannot reach outside of itself";

/** Why a builtin of jq is not available. */
const REFUSED: Readonly<Record<string, string>> = {
  "input/0": OTHER_INPUTS,
  "inputs/0": OTHER_INPUTS,
  "input_filename/0": OTHER_INPUTS,
  "input_line_number/0": OTHER_INPUTS,
  "debug/0": OUTSIDE,
  "debug/1": OUTSIDE,
  "stderr/0": OUTSIDE,
  "halt/0": OUTSIDE,
  "halt_error/0": OUTSIDE,
  "halt_error/1": OUTSIDE,
  "modulemeta/0": OUTSIDE,
  "get_search_list/0": OUTSIDE,
  "get_jq_origin/0": OUTSIDE,
  "get_prog_origin/0": OUTSIDE,
};

const AVAILABLE: Readonly<Record<string, Builtin>> = {
  ...listDefined(),
  ...FORMS,
  ...LOOPS,
  ...COLLECTIONS,
  ...ORDERING,
  ...STRINGS,
  ...REGEX,
  ...DATES,
  ...MATH,
  "builtins/0": form(() => fromOne(() => Object.keys(AVAILABLE))),
};

/** All builtins by `name/arity`. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map([
  ...Object.entries(AVAILABLE),
  ...Object.entries(REFUSED).map(([key, reason]): [string, Builtin] => [key, { kind: "refused", reason }]),
]);
