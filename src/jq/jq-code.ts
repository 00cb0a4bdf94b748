import type { JqBudget } from "./jq-budget.ts";
import type { JqValue } from "./jq-engine.ts";

export type Read<Output> = (input: JqValue, scope: Frame | undefined) => Output;
/** Receives an output; true asks for no more of them. */
export type Emit = (value: JqValue) => boolean;
/** Receives an output together with where it lies in the input. */
export type EmitPath = (path: TrackedPath, value: JqValue) => boolean;

/**
 * A compiled node. Callbacks rather than generators: several times faster, and stopping is a return value. Most nodes of
 * a mapping have one output at most, for which a plain return value is several times faster still.
 *
 * - `one` exists when there is exactly one output (or an error), whatever the input.
 * - `maybe` exists when there is at most one, so always beside `one`; undefined is none.
 * - `many` and `paths` return true when they were asked to stop: by the receiver, or by a `break` on its way to its label.
 */
export interface JqCode {
  /** The keys, when this is exactly one path whose keys can be told without following it; the most frequent kind. */
  readonly keys?: Read<readonly JqValue[]>;
  /** What stands between commas. */
  readonly parts?: readonly JqCode[];
  readonly one: Read<JqValue> | undefined;
  readonly maybe: Read<JqValue | undefined> | undefined;
  readonly many: (input: JqValue, scope: Frame | undefined, emit: Emit) => boolean;
  readonly paths: (path: TrackedPath, input: JqValue, scope: Frame | undefined, emit: EmitPath) => boolean;
}

/** A filter that was passed as an argument, with the variables it sees. */
export interface Closure {
  readonly code: JqCode;
  readonly scope: Frame | undefined;
}

/** The run-time scope: what is bound, innermost first. Never changed, so that many outputs can share it. */
export class Frame {
  readonly value: JqValue | Closure | Label;
  readonly next: Frame | undefined;

  constructor(value: JqValue | Closure | Label, next: Frame | undefined) {
    this.value = value;
    this.next = next;
  }
}

/** One run of a `label`; `break` marks it and unwinds. */
export class Label {
  isBroken = false;
}

/** Carries a `break` through code that must give exactly one output. */
export class BreakSignal extends Error {
  readonly label: Label;

  constructor(label: Label) {
    super("break");
    this.label = label;
  }
}

/** Where a value lies: `at` is what is there in the input, so that a value from elsewhere is noticed. */
export class TrackedPath {
  readonly parent: TrackedPath | undefined;
  readonly key: JqValue;
  readonly at: JqValue | typeof NOWHERE;
  /** Where a value that comes from elsewhere was made. */
  readonly origin: TrackedPath | undefined;

  constructor(parent: TrackedPath | undefined, key: JqValue, at: JqValue | typeof NOWHERE, origin?: TrackedPath) {
    this.parent = parent;
    this.key = key;
    this.at = at;
    this.origin = origin;
  }

  /** Whether the value is what lies here; asked before anything is looked up in it. */
  holds(value: JqValue): boolean {
    return Object.is(this.at, value) || this === UNTRACKED;
  }

  extend(key: JqValue, at: JqValue): TrackedPath {
    return this === UNTRACKED ? this : new TrackedPath(this, key, at);
  }

  toKeys(): JqValue[] {
    if (this.parent === undefined) return [];
    const keys = [this.key];
    for (let path = this.parent; path.parent !== undefined; path = path.parent) keys.push(path.key);
    return keys.reverse();
  }
}

const NOWHERE = Symbol("not in the input");

/** For running `paths` when nobody wants to know where: one implementation then serves both. */
const UNTRACKED: TrackedPath = new TrackedPath(undefined, null, null);

/** The same place, for a value that cannot lie there. */
export function toNowhere(path: TrackedPath): TrackedPath {
  return path === UNTRACKED ? path : new TrackedPath(path.parent, path.key, NOWHERE, path.origin ?? path);
}

/** The state of a program while it runs. */
export interface JqRun {
  readonly budget: JqBudget;
  /** The label that a `break` is on its way to. */
  breaking: Label | undefined;
  /** Whoever evaluates has the output it wanted: not the program stops, but its evaluation. */
  isDone: boolean;
  /** Seconds since 1970. */
  readonly now: () => number;
}

export function fromOne(one: Read<JqValue>): JqCode {
  return {
    one,
    maybe: one,
    many: (input, scope, emit) => emit(one(input, scope)),
    paths: (path, input, scope, emit) => emit(path, one(input, scope)),
  };
}

export function fromMaybe(maybe: Read<JqValue | undefined>): JqCode {
  const many: JqCode["many"] = (input, scope, emit) => {
    const value = maybe(input, scope);
    return value !== undefined && emit(value);
  };
  return { ...fromMany(many), maybe };
}

export function fromMany(many: JqCode["many"]): JqCode {
  return {
    one: undefined,
    maybe: undefined,
    many,
    paths: (path, input, scope, emit) => many(input, scope, (value) => emit(path, value)),
  };
}

/** Adds the paths of a code that has a faster way when nobody wants to know them. */
export function withPaths(code: JqCode, paths: JqCode["paths"]): JqCode {
  return {
    ...code,
    paths: (path, input, scope, emit) =>
      path === UNTRACKED ? code.many(input, scope, (value) => emit(path, value)) : paths(path, input, scope, emit),
  };
}

/** From an implementation that also serves without a path. */
export function fromPaths(paths: JqCode["paths"]): JqCode {
  return {
    one: undefined,
    maybe: undefined,
    many: (input, scope, emit) => paths(UNTRACKED, input, scope, (_, value) => emit(value)),
    paths,
  };
}

/** What to do when `many` came back with true although nobody downstream asked for it: a `break` is under way. */
export function passBreak(run: JqRun): never {
  throw new BreakSignal(run.breaking ?? new Label());
}

/** Bytes of an element in an array that grows. */
export const ELEMENT_BYTES = 16;

export function collect(code: JqCode, input: JqValue, scope: Frame | undefined, run: JqRun): JqValue[] {
  if (code.maybe !== undefined) {
    const value = code.maybe(input, scope);
    return value === undefined ? [] : [value];
  }
  const values: JqValue[] = [];
  const isStopped = code.many(input, scope, (value) => {
    run.budget.step();
    run.budget.allocate(ELEMENT_BYTES);
    values.push(value);
    return false;
  });
  if (isStopped) passBreak(run);
  return values;
}

/** The first output, if any. */
export function readFirst(code: JqCode, input: JqValue, scope: Frame | undefined, run: JqRun): JqValue | undefined {
  if (code.maybe !== undefined) return code.maybe(input, scope);
  let first: JqValue | undefined;
  const isStopped = code.many(input, scope, (value) => {
    first = value;
    return true;
  });
  return isStopped && first === undefined ? passBreak(run) : first;
}

/** Calls `use` for every combination of the outputs of `codes`; the first varies fastest, as with jq's own functions. */
export function forEachCombination(
  codes: readonly JqCode[],
  input: JqValue,
  scope: Frame | undefined,
  use: (values: readonly JqValue[]) => boolean,
): boolean {
  const values = codes.map((): JqValue => null);
  const visit = (index: number): boolean => {
    const code = codes[index];
    if (code === undefined) return use(values);
    return code.many(input, scope, (value) => {
      values[index] = value;
      return visit(index - 1);
    });
  };
  return visit(codes.length - 1);
}
