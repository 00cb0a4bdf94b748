import type { JqValue } from "../../src/jq/jq-engine.ts";
import { parseJq } from "../../src/jq/parse-jq.ts";
import { printJq } from "../../src/jq/print-jq.ts";
import { classify, type Difference } from "./difference.ts";
import type { Oracle } from "./oracle.ts";
import { describeOutcome, toCollectingProgram, toOutcome, type Case, type Outcome } from "./outcome.ts";
import type { Subject, SubjectProgram } from "./subject.ts";

/** A family of cases; the same seed and index make the same case again. */
export interface Suite {
  readonly name: string;
  readonly makeCase: (seed: number, index: number) => Case;
}

export interface Tally {
  programs: number;
  /** A program on an input, answered by real jq. */
  evaluations: number;
  values: number;
  errors: number;
  /** Programs that real jq and the engine both refuse. */
  refused: number;
  /** Evaluations that real jq broke down on or did not end. */
  unanswered: number;
  /** Evaluations that the engine leaves to the fall-back, and why. */
  notCovered: number;
  readonly notCoveredReasons: Map<string, number>;
  /** Programs with a difference. */
  differing: number;
  readonly differences: Difference[];
}

export interface Run {
  readonly suite: Suite;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly subject: Subject;
  readonly oracle: Pick<Oracle, "answer">;
}

const BATCH_SIZE = 100;

export function emptyTally(): Tally {
  const counts = {
    programs: 0,
    evaluations: 0,
    values: 0,
    errors: 0,
    refused: 0,
    unanswered: 0,
    notCovered: 0,
    differing: 0,
  };
  return { ...counts, notCoveredReasons: new Map(), differences: [] };
}

/** Runs the cases `from` to `to` through both; real jq works on the next batch while the engine does the last. */
export async function runDifferential(run: Run, tally = emptyTally()): Promise<Tally> {
  const makeBatch = (start: number): readonly Case[] =>
    Array.from({ length: Math.min(BATCH_SIZE, run.to - start) }, (_, offset) =>
      run.suite.makeCase(run.seed, start + offset),
    );
  let batch = makeBatch(run.from);
  let answers = run.oracle.answer(batch);
  for (let start = run.from; start < run.to; start += BATCH_SIZE) {
    const [cases, outcomes] = [batch, await answers];
    if (start + BATCH_SIZE < run.to) {
      batch = makeBatch(start + BATCH_SIZE);
      answers = run.oracle.answer(batch);
    }
    cases.forEach((one, offset) => compareCase(run, start + offset, one, outcomes[offset] ?? [], tally));
  }
  return tally;
}

function compareCase(
  run: Run,
  index: number,
  { program, inputs }: Case,
  expected: readonly Outcome[],
  tally: Tally,
): void {
  tally.programs++;
  const doors = openDoors(run.subject, program);
  const differences = inputs.flatMap((input, at): Difference[] => {
    const outcome = expected[at];
    if (outcome === undefined || ("none" in outcome && outcome.none === "broken")) {
      tally.unanswered++;
      return [];
    }
    tally.evaluations++;
    if ("none" in outcome) tally.refused++;
    else if (outcome.failed) tally.errors++;
    else tally.values++;
    for (const { door, evaluate, expect } of doors) {
      const actual = evaluate(input);
      if ("none" in actual && actual.none === "not covered") {
        tally.notCovered++;
        const reason = actual.reason ?? "";
        tally.notCoveredReasons.set(reason, (tally.notCoveredReasons.get(reason) ?? 0) + 1);
        return [];
      }
      const wanted = expect(outcome);
      if (describe(actual) === describe(wanted)) continue;
      const found = { door, seed: run.seed, index, program, input, expected: wanted, actual };
      return [{ class: classify(found), ...found }];
    }
    return [];
  });
  if (differences.length > 0) tally.differing++;
  tally.differences.push(...differences.slice(0, 1));
}

interface Door {
  readonly door: Difference["door"];
  readonly evaluate: (input: JqValue) => Outcome;
  /** What this door should show, given all outputs of real jq. */
  readonly expect: (outcome: Outcome) => Outcome;
}

/** The ways into the engine; each must tell the same story. */
function openDoors(subject: Subject, program: string): readonly Door[] {
  const plain = subject(program);
  const collecting = subject(toCollectingProgram(program));
  const whole = (outcome: Outcome): Outcome => outcome;
  const forgetful = (outcome: Outcome): Outcome =>
    "none" in outcome || !outcome.failed ? outcome : { outputs: [], failed: true };
  const printed = print(program);
  const doors: Door[] = [
    { door: "outputs and error", evaluate: (input) => spread(collecting.first(input)), expect: whole },
    { door: "all outputs", evaluate: (input) => plain.all(input), expect: forgetful },
    {
      door: "first output",
      evaluate: (input) => plain.first(input),
      expect: (outcome) =>
        "none" in outcome || outcome.outputs.length === 0
          ? outcome
          : { outputs: outcome.outputs.slice(0, 1), failed: false },
    },
  ];
  if (printed === undefined) return doors;
  const again: SubjectProgram = subject(printed);
  return [...doors, { door: "printed program", evaluate: (input) => again.all(input), expect: forgetful }];
}

function spread(outcome: Outcome): Outcome {
  return "none" in outcome || outcome.outputs[0] === undefined ? outcome : toOutcome(outcome.outputs[0]);
}

/** The program as printed from its tree; undefined when it is not a program. */
function print(program: string): string | undefined {
  try {
    return printJq(parseJq(program));
  } catch {
    return undefined;
  }
}

/** Why there is no answer is no part of the comparison. */
function describe(outcome: Outcome): string {
  return "none" in outcome ? outcome.none : describeOutcome(outcome);
}
