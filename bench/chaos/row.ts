import type { Meddle } from "./quayside.ts";

export interface RowContext {
  readonly seed: number;
  readonly isQuick: boolean;
  /** Puts a planted bug into the product; without one it changes nothing. */
  readonly plant: Meddle;
}

export interface RowOutcome {
  /** What went wrong, in words; none means that the row held. */
  readonly problems: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

/** One promise of the sync, under one sort of chaos. */
export interface ChaosRow {
  readonly name: string;
  run(context: RowContext): Promise<RowOutcome>;
}

/** Gathers what a row finds, each with the step at which it was found. */
export class Findings {
  readonly problems: string[] = [];

  add(step: string, problems: readonly string[]): void {
    this.problems.push(...problems.map((problem) => `${step}: ${problem}`));
  }

  expect(step: string, holds: boolean, problem: string): void {
    if (!holds) this.add(step, [problem]);
  }
}
