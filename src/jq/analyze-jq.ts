import type { JqValue } from "./jq-engine.ts";
import type { JqNode } from "./jq-node.ts";
export type JqPath = readonly (string | number)[];
export interface JqAnalysis {
  readonly paths: readonly JqPath[] | "all";
  readonly mayHaveManyOutputs: boolean;
  readonly constant: JqValue | undefined;
  readonly usesEnvironment: boolean;
}
export function analyzeNode(_node: JqNode): JqAnalysis {
  return { paths: "all", mayHaveManyOutputs: true, constant: undefined, usesEnvironment: false };
}
