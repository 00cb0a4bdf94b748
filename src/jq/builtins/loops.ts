import { applyArithmetic } from "../jq-arithmetic.ts";
import type { JqBudget } from "../jq-budget.ts";
import {
  fromMany,
  fromMaybe,
  fromOne,
  fromPaths,
  passBreak,
  readFirst,
  withPaths,
  type EmitPath,
  type Frame,
  type JqCode,
  type TrackedPath,
  type JqRun,
  type Read,
} from "../jq-code.ts";
import type { JqValue } from "../jq-engine.ts";
import { compareValues, fail, isEqual, isTruthy } from "../jq-value.ts";
import { argument, form, type BuiltinTable } from "./builtin.ts";

/** Builtins that take the first, the last or some of many outputs, or go on until something is true. */
export const LOOPS: BuiltinTable = {
  "first/1": form((args, run) => compileFirst(argument(args, 0), run)),
  "last/1": form((args) => compileLast(argument(args, 0))),
  "limit/2": form((args, run) => compileLimit(argument(args, 0), argument(args, 1), run)),
  "skip/2": form((args, run) => compileSkip(argument(args, 0), argument(args, 1), run)),
  "until/2": form((args, run) => compileUntil(argument(args, 0), argument(args, 1), run)),
  "while/2": form((args, run) => compileWhile(argument(args, 0), argument(args, 1), run)),
  "repeat/1": form((args, run) => compileRepeat(argument(args, 0), run)),
  "recurse/1": form((args, run) => compileRecurse(argument(args, 0), ALWAYS, run)),
  "recurse/2": form((args, run) => compileRecurse(argument(args, 0), argument(args, 1), run)),
  "range/1": form((args, run) =>
    compileRange(
      fromOne(() => 0),
      argument(args, 0),
      run,
    ),
  ),
  "range/2": form((args, run) => compileRange(argument(args, 0), argument(args, 1), run)),
  "IN/1": form((args, run) =>
    fromOne((input, scope) => {
      let isFound = false;
      const isStopped = argument(args, 0).many(input, scope, (value) => (isFound = isEqual(value, input)));
      return isStopped && !isFound ? passBreak(run) : isFound;
    }),
  ),
};

/** Stops after a number of outputs, and tells this stop from one that comes from elsewhere. */
class Countdown {
  readonly #budget: JqBudget;
  #left: JqValue;
  #isStopped = false;

  constructor(count: JqValue, budget: JqBudget) {
    this.#left = count;
    this.#budget = budget;
  }

  /** To be called before an output is handed on. */
  count(): void {
    this.#left = applyArithmetic["-"](this.#left, 1, this.#budget);
  }

  /** To be called with what the receiver of the output said; true when the source should stop. */
  stop(isStopped: boolean): boolean {
    this.#isStopped = isStopped;
    return isStopped || this.#isDone;
  }

  /** Whether the stop goes on: the source was stopped, but not by this. */
  end(isStopped: boolean): boolean {
    return this.#isStopped || (isStopped && !this.#isDone);
  }

  get #isDone(): boolean {
    return compareValues(this.#left, 0) <= 0;
  }
}

function compileFirst(source: JqCode, run: JqRun): JqCode {
  const one = fromOne(() => 1);
  return {
    ...fromMaybe((input, scope) => readFirst(source, input, scope, run)),
    paths: compileLimit(one, source, run).paths,
  };
}

function compileLimit(counts: JqCode, source: JqCode, { budget }: JqRun): JqCode {
  const isAny = (count: JqValue): boolean => {
    const order = compareValues(count, 0);
    return order < 0 ? fail("limit doesn't support negative count") : order > 0;
  };
  const many: JqCode["many"] = (input, scope, emit) =>
    counts.many(input, scope, (count) => {
      if (!isAny(count)) return false;
      const countdown = new Countdown(count, budget);
      return countdown.end(
        source.many(input, scope, (value) => {
          countdown.count();
          return countdown.stop(emit(value));
        }),
      );
    });
  return withPaths(fromMany(many), (path, input, scope, emit) =>
    counts.many(input, scope, (count) => {
      if (!isAny(count)) return false;
      const countdown = new Countdown(count, budget);
      return countdown.end(
        source.paths(path, input, scope, (path, value) => {
          countdown.count();
          return countdown.stop(emit(path, value));
        }),
      );
    }),
  );
}

function compileSkip(counts: JqCode, source: JqCode, { budget }: JqRun): JqCode {
  return fromPaths((path, input, scope, emit) =>
    counts.many(input, scope, (count) => {
      const order = compareValues(count, 0);
      if (order < 0) return fail("skip doesn't support negative count");
      if (order === 0) return source.paths(path, input, scope, emit);
      let left = count;
      return source.paths(path, input, scope, (path, value) => {
        budget.step();
        if (compareValues(left, 0) >= 0) left = applyArithmetic["-"](left, 1, budget);
        return compareValues(left, 0) < 0 && emit(path, value);
      });
    }),
  );
}

function compileLast(source: JqCode): JqCode {
  return fromPaths((path, input, scope, emit) => {
    let last: JqValue | undefined;
    const isStopped = source.paths(path, input, scope, (_, value) => {
      last = value;
      return false;
    });
    return isStopped || (last !== undefined && emit(path, last));
  });
}

function compileUntil(condition: JqCode, step: JqCode, { budget }: JqRun): JqCode {
  const visit = (path: TrackedPath, value: JqValue, scope: Frame | undefined, emit: EmitPath): boolean => {
    budget.step();
    return condition.many(value, scope, (isDone) =>
      isTruthy(isDone)
        ? emit(path, value)
        : step.paths(path, value, scope, (path, next) => visit(path, next, scope, emit)),
    );
  };
  if (condition.one === undefined || step.one === undefined) return fromPaths(visit);
  const [readCondition, readStep] = [condition.one, step.one];
  const one: Read<JqValue> = (input, scope) => {
    let value = input;
    while (!isTruthy(readCondition(value, scope))) {
      budget.step();
      value = readStep(value, scope);
    }
    return value;
  };
  return { ...fromOne(one), paths: visit };
}

const ALWAYS = fromOne(() => true);

/** Emits the value, then does the same with what `step` makes of it, while `condition` holds. */
function compileWhile(condition: JqCode, step: JqCode, { budget }: JqRun): JqCode {
  const visit = (path: TrackedPath, value: JqValue, scope: Frame | undefined, emit: EmitPath): boolean => {
    budget.step();
    return condition.many(value, scope, (goesOn) => {
      if (!isTruthy(goesOn)) return false;
      return emit(path, value) || step.paths(path, value, scope, (path, next) => visit(path, next, scope, emit));
    });
  };
  if (condition.one === undefined || step.one === undefined) return fromPaths(visit);
  const [readCondition, readStep] = [condition.one, step.one];
  // A loop: a thousand repetitions are no reason for a deep stack.
  const many: JqCode["many"] = (input, scope, emit) => {
    for (let value = input; isTruthy(readCondition(value, scope)); value = readStep(value, scope)) {
      budget.step();
      if (emit(value)) return true;
    }
    return false;
  };
  return { ...fromMany(many), paths: visit };
}

/** The outputs of `source`, over and over. */
function compileRepeat(source: JqCode, { budget }: JqRun): JqCode {
  return fromPaths((path, input, scope, emit) => {
    while (!source.paths(path, input, scope, emit)) budget.step();
    return true;
  });
}

/** The value, then whatever `step` makes of it, as long as `condition` holds for that. */
function compileRecurse(step: JqCode, condition: JqCode, { budget }: JqRun): JqCode {
  const visit = (path: TrackedPath, value: JqValue, scope: Frame | undefined, emit: EmitPath): boolean => {
    budget.step();
    return (
      emit(path, value) ||
      step.paths(path, value, scope, (path, next) =>
        condition.many(next, scope, (goesOn) => isTruthy(goesOn) && visit(path, next, scope, emit)),
      )
    );
  };
  return fromPaths(visit);
}

/** `start` varies slower than `end`. */
function compileRange(starts: JqCode, ends: JqCode, { budget }: JqRun): JqCode {
  return fromMany((input, scope, emit) =>
    starts.many(input, scope, (start) =>
      ends.many(input, scope, (end) => {
        if (typeof start !== "number" || typeof end !== "number") return fail("Range bounds must be numeric");
        // NaN is never reached.
        for (let value = start; !(value >= end); value++) {
          budget.step();
          if (emit(value)) return true;
        }
        return false;
      }),
    ),
  );
}
