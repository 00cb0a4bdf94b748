import {
  fromMany,
  fromOne,
  fromPaths,
  toNowhere,
  withPaths,
  type JqCode,
  type TrackedPath,
  type JqRun,
} from "./jq-code.ts";
import type { JqCompiler } from "./jq-compiler.ts";
import { JqError } from "./jq-errors.ts";
import type { JqValue } from "./jq-engine.ts";
import type { JqNode, JqNodeOf } from "./jq-node.ts";
import type { StaticScope } from "./jq-scope.ts";
import { readIndex, toSliceKey } from "./jq-paths.ts";
import { describe, fail, getField, isArray, isObject, name, type JqObject } from "./jq-value.ts";

export const IDENTITY: JqCode = {
  one: (input) => input,
  many: (input, _, emit) => emit(input),
  paths: (path, input, _, emit) => emit(path, input),
};

export function compileLiteral({ value }: JqNodeOf<"literal">): JqCode {
  const code = fromOne(() => value);
  // A constant is never a part of the input, but null, true and false cannot be told apart from one.
  const isUnique = typeof value === "string" || typeof value === "number";
  return isUnique ? { ...code, paths: (path, _, __, emit) => emit(toNowhere(path), value) } : code;
}

export function compileIndex(node: JqNodeOf<"index">, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  const target = compiler.compile(node.target, scope);
  const { key, optional } = node;
  const keys = compiler.compile(key, scope);
  const paths = indexPaths(target, keys, optional);
  const { one: readTarget } = target;
  const { one: readKey } = keys;
  if (key.kind === "literal" && typeof key.value === "string") {
    const name = key.value;
    if (optional) return withPaths(fromMany(readFieldIfAny(target, name)), paths);
    const readField = fieldReader(name);
    if (readTarget === undefined) {
      const many: JqCode["many"] = (input, scope, emit) => target.many(input, scope, (value) => emit(readField(value)));
      return withPaths(fromMany(many), paths);
    }
    const chain = findChain(node);
    const one: NonNullable<JqCode["one"]> =
      chain === undefined ? (input, scope) => readField(readTarget(input, scope)) : chainReader(chain);
    const code = withPaths(fromOne(one), paths);
    return chain?.length === 1 ? { ...code, field: name } : code;
  }
  if (readTarget === undefined || readKey === undefined || optional) return fromPaths(paths);
  const one: NonNullable<JqCode["one"]> = (input, scope) => {
    const key = readKey(input, scope);
    return readIndex(readTarget(input, scope), key);
  };
  return withPaths(fromOne(one), paths);
}

/** `.name?`: nothing for what has no fields. */
function readFieldIfAny(target: JqCode, name: string): JqCode["many"] {
  return (input, scope, emit) =>
    target.many(input, scope, (value) => {
      if (value === null) return emit(null);
      return isObject(value) && emit(getField(value, name));
    });
}

/** Names that every JavaScript object answers to although no field is there. */
function isInherited(key: string): boolean {
  return key in Object.prototype;
}

type ReadField = (value: JqValue) => JqValue;

function fieldReader(name: string): ReadField {
  if (isInherited(name)) return (value) => readIndex(value, name);
  return (value) => {
    if (typeof value !== "object" || Array.isArray(value)) return readIndex(value, name);
    if (value === null) return null;
    const field = (value as JqObject)[name]; // neither null nor an array
    return field === undefined ? null : field;
  };
}

/** `.a.b.c` as one function: the most frequent expression there is. */
function chainReader(names: readonly string[]): ReadField {
  const [first = "", ...others] = names;
  const readers = others.map(fieldReader);
  const readFirst = fieldReader(first);
  const [readSecond, readThird] = readers;
  if (readSecond === undefined) return readFirst;
  if (readThird === undefined) return (value) => readSecond(readFirst(value));
  if (readers.length === 2) return (value) => readThird(readSecond(readFirst(value)));
  return (value) => readers.reduce((value, read) => read(value), readFirst(value));
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
      return readIndex(readTarget(input, scope), toSliceKey(start, end));
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
  const many: JqCode["many"] = (input, scope, emit) =>
    target.many(input, scope, (value) => {
      if (isArray(value)) {
        for (let index = 0; index < value.length; index++) {
          run.budget.step();
          if (emit(value[index] ?? null)) return true;
        }
        return false;
      }
      if (isObject(value)) {
        for (const key of Object.keys(value)) {
          run.budget.step();
          if (emit(getField(value, key))) return true;
        }
        return false;
      }
      return optional ? false : fail(`Cannot iterate over ${name(value)}`);
    });
  const paths: JqCode["paths"] = (path, input, scope, emit) =>
    target.paths(path, input, scope, (path, value) => {
      if (optional && (typeof value !== "object" || value === null || !path.holds(value))) return false;
      assertHolds(path, value, () => `iterate through ${describe(value)}`);
      return iteratePaths(path, value, (path, child) => {
        run.budget.step();
        return emit(path, child);
      });
    });
  return withPaths(fromMany(many), paths);
}

export function iteratePaths(
  path: TrackedPath,
  value: JqValue,
  emit: (path: TrackedPath, value: JqValue) => boolean,
): boolean {
  if (isArray(value)) return value.some((child, index) => emit(path.extend(index, child), child));
  if (!isObject(value)) return fail(`Cannot iterate over ${name(value)}`);
  return Object.keys(value).some((key) => {
    const child = getField(value, key);
    return emit(path.extend(key, child), child);
  });
}

/** `..`: the value itself, then everything below it, parents first. */
export function compileDescend(run: JqRun): JqCode {
  const many = (value: JqValue, emit: (value: JqValue) => boolean): boolean => {
    run.budget.step();
    if (emit(value)) return true;
    if (isArray(value)) return value.some((child) => many(child, emit));
    return isObject(value) && Object.keys(value).some((key) => many(getField(value, key), emit));
  };
  const paths: (path: TrackedPath, value: JqValue, emit: (path: TrackedPath, value: JqValue) => boolean) => boolean = (
    path,
    value,
    emit,
  ) => {
    run.budget.step();
    if (emit(path, value)) return true;
    if (typeof value !== "object" || value === null || !path.holds(value)) return false;
    return iteratePaths(path, value, (path, child) => paths(path, child, emit));
  };
  return {
    one: undefined,
    many: (input, _, emit) => many(input, emit),
    paths: (path, input, _, emit) => paths(path, input, emit),
  };
}
