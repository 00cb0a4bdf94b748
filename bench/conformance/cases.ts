import { BLUEPRINT_CASES } from "./blueprint-cases.ts";
import type { OperationCases } from "./case.ts";
import { ENTITY_CASES } from "./entity-cases.ts";
import { INTEGRATION_CASES } from "./integration-cases.ts";
import { OTHER_CASES } from "./other-cases.ts";
import { OVER_TIME_CASES } from "./over-time-cases.ts";
import { SEARCH_CASES } from "./search-cases.ts";

/** By operation as Port's document names it. */
export const CASES: Readonly<Record<string, OperationCases>> = {
  ...BLUEPRINT_CASES,
  ...ENTITY_CASES,
  ...SEARCH_CASES,
  ...INTEGRATION_CASES,
  ...OVER_TIME_CASES,
  ...OTHER_CASES,
};
