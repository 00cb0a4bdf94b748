import { applyArithmetic } from "../jq-arithmetic.ts";
import {
  fromMany,
  fromOne,
  fromPaths,
  passBreak,
  type EmitPath,
  type Frame,
  type JqCode,
  type TrackedPath,
  type JqRun,
} from "../jq-code.ts";
import type { JqValue } from "../jq-engine.ts";
import { compareValues, fail, isEqual, isTruthy } from "../jq-value.ts";
import { argument, form, type BuiltinTable } from "./builtin.ts";

/** Builtins that take the first, the last or some of many outputs, or go on until something is true. */
export const LOOPS: BuiltinTable = {
  "first/1": form((args) => compileFirst(argument(args, 0))),
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

/** Stops `source` after the outputs for which `take` says so; tells its own stop from one that comes from elsewhere. */
function takeUntil(source: JqCode, start: () => (emit: () => boolean) => { stop: boolean; done: boolean }): JqCode {
  return fromPaths((path, input, scope, emit) => {
    const take = start();
    let isDone = false;
    let isStopped = false;
    const isUnwinding = source.paths(path, input, scope, (path, value) => {
      const { stop, done } = take(() => emit(path, value));
      isStopped = stop;
      isDone = done;
      return stop || done;
    });
    return isStopped || (isUnwinding && !isDone);
  });
}

function compileFirst(source: JqCode): JqCode {
  return takeUntil(source, () => (emit) => ({ stop: emit(), done: true }));
}

function compileLimit(counts: JqCode, source: JqCode, { budget }: JqRun): JqCode {
  return fromPaths((path, input, scope, emit) =>
    counts.many(input, scope, (count) => {
      const order = compareValues(count, 0);
      if (order < 0) return fail("limit doesn't support negative count");
      if (order === 0) return false;
      let left = count;
      const limited = takeUntil(source, () => (emit) => {
        left = applyArithmetic["-"](left, 1, budget);
        return { stop: emit(), done: compareValues(left, 0) <= 0 };
      });
      return limited.paths(path, input, scope, emit);
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
  const one: NonNullable<JqCode["one"]> = (input, scope) => {
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
  return {
    one: undefined,
    // A loop: a thousand repetitions are no reason for a deep stack.
    many: (input, scope, emit) => {
      for (let value = input; isTruthy(readCondition(value, scope)); value = readStep(value, scope)) {
        budget.step();
        if (emit(value)) return true;
      }
      return false;
    },
    paths: visit,
  };
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
