import {
  fromMany,
  fromOne,
  fromPaths,
  toNowhere,
  fromMaybe,
  withPaths,
  type Emit,
  type EmitPath,
  type JqCode,
  type TrackedPath,
  type JqRun,
  type Read,
} from "./jq-code.ts";
import { spendSteps, type JqBudget } from "./jq-budget.ts";
import type { JqCompiler } from "./jq-compiler.ts";
import { JqError } from "./jq-errors.ts";
import type { JqValue } from "./jq-engine.ts";
import type { JqNode, JqNodeOf } from "./jq-node.ts";
import type { StaticScope } from "./jq-scope.ts";
import { readIndex } from "./jq-paths.ts";
import { sliceArray, sliceString, toSliceKey } from "./slices.ts";
import { describe, fail, getField, isArray, isObject, name, type JqObject } from "./jq-value.ts";
import { pipe } from "./pipe.ts";

export const IDENTITY: JqCode = { ...fromOne((input) => input), keys: () => [] };

export function compileLiteral({ value }: JqNodeOf<"literal">): JqCode {
  const code = fromOne(() => value);
  // A constant is never a part of the input, but null, true and false cannot be told apart from one.
  const isUnique = typeof value === "string" || typeof value === "number";
  return isUnique ? { ...code, paths: (path, _, __, emit) => emit(toNowhere(path), value) } : code;
}

export function compileIndex(node: JqNodeOf<"index">, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  const target = compiler.compile(node.target, scope);
  const key = compiler.compile(node.key, scope);
  const paths = indexPaths(target, key, node.optional);
  const name = node.key.kind === "literal" && typeof node.key.value === "string" ? node.key.value : undefined;
  if (node.optional) return name === undefined ? fromPaths(paths) : withPaths(readFieldIfAny(target, name), paths);
  const chain = findChain(node);
  if (chain !== undefined) return { ...withPaths(fromOne(fieldsReader(chain)), paths), keys: () => chain };
  const code = name === undefined ? readAnyKey(target, key, paths) : pipe(target, fromOne(fieldsReader([name])));
  const { one: readKey } = key;
  const { keys: readTargetKeys } = target;
  if (readKey === undefined || readTargetKeys === undefined) return withPaths(code, paths);
  const keys: Read<readonly JqValue[]> = (input, scope) => {
    const last = readKey(input, scope);
    return [...readTargetKeys(input, scope), last];
  };
  return { ...withPaths(code, paths), keys };
}

function readAnyKey(target: JqCode, key: JqCode, paths: JqCode["paths"]): JqCode {
  if (target.one === undefined || key.one === undefined) return fromPaths(paths);
  const [readTarget, readKey] = [target.one, key.one];
  return fromOne((input, scope) => {
    const key = readKey(input, scope);
    return readIndex(readTarget(input, scope), key);
  });
}

/** `.name?`: nothing for what has no fields. */
function readFieldIfAny(target: JqCode, name: string): JqCode {
  const readIfAny = (value: JqValue): JqValue | undefined => {
    if (value === null) return null;
    return isObject(value) ? getField(value, name) : undefined;
  };
  return pipe(target, fromMaybe(readIfAny));
}

/** `.a.b.c` as one function: the most frequent expression there is. */
function fieldsReader(names: readonly string[]): (input: JqValue) => JqValue {
  const [first = "", second, third] = names;
  if (names.some(isInherited)) return (input) => names.reduce<JqValue>(readIndex, input);
  if (names.length > 3) {
    const [readFirst, readRest] = [fieldsReader(names.slice(0, 3)), fieldsReader(names.slice(3))];
    return (input) => readRest(readFirst(input));
  }
  if (second === undefined) return (input) => readField(input, first);
  if (third === undefined) return (input) => readField(readField(input, first), second);
  return (input) => readField(readField(readField(input, first), second), third);
}

/** A field whose name is not inherited. It does not look at what it finds, which is rarely in the cache yet. */
function readField(value: JqValue, name: string): JqValue {
  if (typeof value !== "object" || Array.isArray(value)) return readIndex(value, name);
  if (value === null) return null;
  const field = (value as JqObject)[name]; // neither null nor an array
  return field === undefined ? null : field;
}

/** Names that every JavaScript object answers to although no field is there. */
function isInherited(key: string): boolean {
  return key in Object.prototype;
}

/** The names of a chain of fields that begins with the input. */
function findChain(node: JqNode): readonly string[] | undefined {
  if (node.kind === "identity") return [];
  if (node.kind !== "index" || node.optional) return undefined;
  if (node.key.kind !== "literal" || typeof node.key.value !== "string") return undefined;
  const before = findChain(node.target);
  return before && [...before, node.key.value];
}

/** Keys vary slower than targets. */
function indexPaths(target: JqCode, keys: JqCode, optional: boolean): JqCode["paths"] {
  return (path, input, scope, emit) =>
    keys.many(input, scope, (key) =>
      target.paths(path, input, scope, (path, value) => {
        let element: JqValue;
        try {
          assertHolds(path, value, () => `access element ${describe(key)} of ${describe(value)}`);
          element = readIndex(value, key);
        } catch (error) {
          if (optional && error instanceof JqError) return false;
          throw error;
        }
        return emit(path.extend(key, element), element);
      }),
    );
}

export function assertHolds(path: TrackedPath, value: JqValue, attempt: () => string): void {
  if (!path.holds(value)) fail(`Invalid path expression near attempt to ${attempt()}`);
}

export function compileSlice(node: JqNodeOf<"slice">, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  const target = compiler.compile(node.target, scope);
  const from = node.from === undefined ? fromOne(() => null) : compiler.compile(node.from, scope);
  const to = node.to === undefined ? fromOne(() => null) : compiler.compile(node.to, scope);
  const key = compileSliceKey(from, to);
  const paths = indexPaths(target, key, node.optional);
  if (target.one === undefined || from.one === undefined || to.one === undefined || node.optional) {
    return fromPaths(paths);
  }
  const [readTarget, readFrom, readTo] = [target.one, from.one, to.one];
  return {
    ...fromOne((input, scope) => {
      const start = readFrom(input, scope);
      const end = readTo(input, scope);
      const value = readTarget(input, scope);
      if (typeof value === "string") return sliceString(value, start, end);
      return isArray(value) ? sliceArray(value, start, end) : readIndex(value, toSliceKey(start, end));
    }),
    paths,
  };
}

function compileSliceKey(from: JqCode, to: JqCode): JqCode {
  return fromMany((input, scope, emit) =>
    from.many(input, scope, (start) => to.many(input, scope, (end) => emit(toSliceKey(start, end)))),
  );
}

export function compileIterate(
  node: JqNodeOf<"iterate">,
  scope: StaticScope | undefined,
  { run, compile }: JqCompiler,
): JqCode {
  const target = compile(node.target, scope);
  const { optional } = node;
  const many: JqCode["many"] = (value, _, emit) => {
    if (isArray(value)) return emitItems(value, emit, run);
    if (isObject(value)) return emitFields(value, emit, run);
    return optional ? false : fail(`Cannot iterate over ${name(value)}`);
  };
  const paths: JqCode["paths"] = (path, input, scope, emit) =>
    target.paths(path, input, scope, (path, value) => {
      if (optional && (typeof value !== "object" || value === null || !path.holds(value))) return false;
      assertHolds(path, value, () => `iterate through ${describe(value)}`);
      return iteratePaths(path, value, (path, child) => {
        run.budget.step();
        return emit(path, child);
      });
    });
  return withPaths(pipe(target, fromMany(many)), paths);
}

function emitItems(array: readonly JqValue[], emit: Emit, { budget }: JqRun): boolean {
  for (let index = 0; index < array.length; index++) {
    budget.step();
    if (emit(array[index] ?? null)) return true;
  }
  return false;
}

function emitFields(object: JqObject, emit: Emit, { budget }: JqRun): boolean {
  for (const key in object) {
    budget.step();
    if (emit(object[key] ?? null)) return stopEarly(budget);
  }
  return false;
}

/** JavaScript has listed all keys, however few were looked at: that may have taken long. */
function stopEarly(budget: JqBudget): true {
  budget.lookAtClock();
  return true;
}

export function iteratePaths(
  path: TrackedPath,
  value: JqValue,
  emit: (path: TrackedPath, value: JqValue) => boolean,
): boolean {
  if (isArray(value)) return value.some((child, index) => emit(path.extend(index, child), child));
  if (!isObject(value)) return fail(`Cannot iterate over ${name(value)}`);
  const keys = Object.keys(value);
  spendSteps(keys.length >> 2);
  return keys.some((key) => {
    const child = getField(value, key);
    return emit(path.extend(key, child), child);
  });
}

/** `..`: the value itself, then everything below it, parents first. */
export function compileDescend({ budget }: JqRun): JqCode {
  const visit = (value: JqValue, emit: Emit): boolean =>
    emit(value) || (typeof value === "object" && value !== null && visitBelow(value, emit));
  const visitBelow = (container: readonly JqValue[] | JqObject, emit: Emit): boolean => {
    if (!isArray(container)) {
      for (const key in container) {
        budget.step();
        if (visit(container[key] ?? null, emit)) return stopEarly(budget);
      }
      return false;
    }
    budget.steps(container.length);
    for (let index = 0; index < container.length; index++) if (visit(container[index] ?? null, emit)) return true;
    return false;
  };
  const visitPaths = (path: TrackedPath, value: JqValue, emit: EmitPath): boolean => {
    budget.step();
    if (emit(path, value)) return true;
    if (typeof value !== "object" || value === null || !path.holds(value)) return false;
    return iteratePaths(path, value, (path, child) => visitPaths(path, child, emit));
  };
  return withPaths(
    fromMany((input, _, emit) => visit(input, emit)),
    (path, input, _, emit) => visitPaths(path, input, emit),
  );
}
