import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { ConflictError, NotFoundError } from "../runtime/errors.ts";

/** What a person said about a plan while another process held the data folder. */
export interface PlanDecision {
  readonly plan: string;
  readonly decision: "approve" | "reject";
  /** Who said so. */
  readonly by: string;
}

/** The person at this terminal, by the name of their account on the machine. */
export function whoDecides(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`; // a container may run under a number without a name
  }
}

/** Each decision is a file, named after the plan and what is to become of it; in it stands who decided. */
const toFolder = (dataFolder: string): string => join(dataFolder, "decisions");
const toFile = (dataFolder: string, { plan, decision }: Pick<PlanDecision, "plan" | "decision">): string =>
  join(toFolder(dataFolder), `${plan}.${decision}`);

/** Leaves a decision for the process that holds the data folder. */
export function leaveDecision(dataFolder: string, decision: PlanDecision): void {
  mkdirSync(toFolder(dataFolder), { recursive: true, mode: 0o700 });
  writeFileSync(toFile(dataFolder, decision), decision.by, { mode: 0o600 });
}

/** Decisions that were left. Each stays until it is forgotten: a process that dies in between does it again. */
export function listDecisions(dataFolder: string): readonly PlanDecision[] {
  try {
    return readdirSync(toFolder(dataFolder)).flatMap((name) => {
      const [, plan, word] = /^([\w-]+)\.(approve|reject)$/.exec(name) ?? [];
      if (plan === undefined) return [];
      const decision = word === "approve" ? "approve" : "reject";
      return [{ plan, decision, by: readFileSync(toFile(dataFolder, { plan, decision }), "utf8") }];
    });
  } catch {
    return []; // nobody has decided anything here
  }
}

export function forgetDecision(dataFolder: string, decision: PlanDecision): void {
  rmSync(toFile(dataFolder, decision), { force: true });
}

/** Whether an error says that there is nothing left to decide; after any other, the decision still waits. */
export function isOver(error: unknown): boolean {
  return error instanceof NotFoundError || error instanceof ConflictError;
}
