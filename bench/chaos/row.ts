import type { Meddle } from "./quayside.ts";

/** One promise of the sync, under one sort of chaos. */
export interface ChaosRow {
  readonly name: string;
  /** It measures time, so nothing else may run beside it. */
  readonly isTimed?: boolean;
  /** Adds what goes wrong to the findings, and returns how much was tried. */
  run(context: RowContext): Promise<Readonly<Record<string, number>>>;
}

export interface RowContext {
  readonly seed: number;
  readonly isQuick: boolean;
  readonly findings: Findings;
  /** Puts a planted bug into the product; without one it changes nothing. */
  readonly plant: Meddle;
}

/** What a row finds, each problem with the step at which it was found. */
export class Findings {
  readonly problems: string[] = [];
  readonly #stopsAtFirst: boolean;

  /** To see whether a planted bug is noticed, the first problem is enough. */
  constructor(options: { readonly stopsAtFirst: boolean }) {
    this.#stopsAtFirst = options.stopsAtFirst;
  }

  add(step: string, problems: readonly string[]): void {
    this.problems.push(...problems.map((problem) => `${step}: ${problem}`));
    if (this.#stopsAtFirst && problems.length > 0) throw new Error("One problem is enough");
  }

  expect(step: string, holds: boolean, problem: string): void {
    if (!holds) this.add(step, [problem]);
  }
}
