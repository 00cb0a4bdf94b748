import { fromMany, fromOne, fromPaths, toNowhere, type JqCode, type JqPath, type JqRun } from "./jq-code.ts";
import type { JqCompiler } from "./jq-compiler.ts";
import { JqError } from "./jq-errors.ts";
import type { JqValue } from "./jq-engine.ts";
import type { JqNodeOf } from "./jq-node.ts";
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
  if (key.kind === "literal" && typeof key.value === "string" && !optional && target.one !== undefined) {
    const one = node.target.kind === "identity" ? readKey(key.value) : readKeyOf(target.one, key.value);
    return { ...fromOne(one), paths };
  }
  if (target.one !== undefined && keys.one !== undefined && !optional) {
    const readTarget = target.one;
    const readKey = keys.one;
    return {
      ...fromOne((input, scope) => {
        const key = readKey(input, scope);
        return readIndex(readTarget(input, scope), key);
      }),
      paths,
    };
  }
  return { ...fromPaths(paths), paths };
}

/** Names that every JavaScript object answers to although no field is there. */
function isInherited(key: string): boolean {
  return key in Object.prototype;
}

function readKey(key: string): (value: JqValue) => JqValue {
  if (isInherited(key)) return (value) => readIndex(value, key);
  return (value) => {
    if (typeof value !== "object" || Array.isArray(value)) return readIndex(value, key);
    if (value === null) return null;
    const field = (value as JqObject)[key]; // neither null nor an array
    return field === undefined ? null : field;
  };
}

function readKeyOf(readTarget: NonNullable<JqCode["one"]>, key: string): NonNullable<JqCode["one"]> {
  if (isInherited(key)) return (input, scope) => readIndex(readTarget(input, scope), key);
  return (input, scope) => {
    const value = readTarget(input, scope);
    if (typeof value !== "object" || Array.isArray(value)) return readIndex(value, key);
    if (value === null) return null;
    const field = (value as JqObject)[key]; // neither null nor an array
    return field === undefined ? null : field;
  };
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

export function assertHolds(path: JqPath, value: JqValue, attempt: () => string): void {
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
  return {
    one: undefined,
    many: (input, scope, emit) =>
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
      }),
    paths: (path, input, scope, emit) =>
      target.paths(path, input, scope, (path, value) => {
        if (optional && (typeof value !== "object" || value === null || !path.holds(value))) return false;
        assertHolds(path, value, () => `iterate through ${describe(value)}`);
        return iteratePaths(path, value, (path, child) => {
          run.budget.step();
          return emit(path, child);
        });
      }),
  };
}

export function iteratePaths(path: JqPath, value: JqValue, emit: (path: JqPath, value: JqValue) => boolean): boolean {
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
  const paths: (path: JqPath, value: JqValue, emit: (path: JqPath, value: JqValue) => boolean) => boolean = (
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
