import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a person said about a plan while another process held the data folder. */
export interface PlanDecision {
  readonly plan: string;
  readonly decision: "approve" | "reject";
}

/** Each decision is an empty file, named after the plan and what is to become of it. */
const toFolder = (dataFolder: string): string => join(dataFolder, "decisions");
const toFile = (dataFolder: string, { plan, decision }: PlanDecision): string =>
  join(toFolder(dataFolder), `${plan}.${decision}`);

/** Leaves a decision for the process that holds the data folder. */
export function leaveDecision(dataFolder: string, decision: PlanDecision): void {
  mkdirSync(toFolder(dataFolder), { recursive: true, mode: 0o700 });
  writeFileSync(toFile(dataFolder, decision), "", { mode: 0o600 });
}

/** Decisions that were left. Each stays until it is forgotten: a process that dies in between does it again. */
export function listDecisions(dataFolder: string): readonly PlanDecision[] {
  try {
    return readdirSync(toFolder(dataFolder)).flatMap((name) => {
      const [, plan, decision] = /^([\w-]+)\.(approve|reject)$/.exec(name) ?? [];
      if (plan === undefined) return [];
      return [{ plan, decision: decision === "approve" ? "approve" : "reject" }];
    });
  } catch {
    return []; // nobody has decided anything here
  }
}

export function forgetDecision(dataFolder: string, decision: PlanDecision): void {
  rmSync(toFile(dataFolder, decision), { force: true });
}
