import { applyArithmetic } from "./jq-arithmetic.ts";
import {
  TrackedPath,
  fromMany,
  fromOne,
  passBreak,
  readFirst,
  type Frame,
  type JqCode,
  type JqRun,
  type Read,
} from "./jq-code.ts";
import type { JqCompiler } from "./jq-compiler.ts";
import type { JqValue } from "./jq-engine.ts";
import type { AssignmentOperator, JqNodeOf } from "./jq-node.ts";
import { isFieldPath, readFields, removeField, removeFields, setFields } from "./edit-fields.ts";
import { PathEditor } from "./jq-paths.ts";
import type { StaticScope } from "./jq-scope.ts";
import { describe, fail, isTruthy } from "./jq-value.ts";

export function compileAssignment(
  node: JqNodeOf<"assignment">,
  scope: StaticScope | undefined,
  { run, compile }: JqCompiler,
): JqCode {
  const targets = compile(node.left, scope);
  const right = compile(node.right, scope);
  if (node.operator === "|=") return update(targets, right, run);
  const combine = toCombine(node.operator, run);
  const { keys: readKeys } = targets;
  const assign = (input: JqValue, scope: Frame | undefined, value: JqValue): JqValue => {
    const keys = readKeys?.(input, scope);
    if (keys !== undefined && isFieldPath(input, keys)) {
      const leaf = combine === undefined ? value : combine(readFields(input, keys), value);
      return setFields(input, keys, leaf, run.budget);
    }
    const editor = new PathEditor(input, run.budget);
    forEachPath(targets, input, scope, run, (keys) =>
      editor.write(keys, combine === undefined ? value : combine(editor.read(keys), value)),
    );
    return editor.root;
  };
  if (right.one === undefined) {
    return fromMany((input, scope, emit) => right.many(input, scope, (value) => emit(assign(input, scope, value))));
  }
  const readRight = right.one;
  return fromOne((input, scope) => assign(input, scope, readRight(input, scope)));
}

function toCombine(
  operator: Exclude<AssignmentOperator, "|=">,
  { budget }: JqRun,
): ((old: JqValue, value: JqValue) => JqValue) | undefined {
  switch (operator) {
    case "=":
      return undefined;
    case "//=":
      return (old, value) => (isTruthy(old) ? old : value);
    case "+=":
      return (old, value) => applyArithmetic["+"](old, value, budget);
    case "-=":
      return (old, value) => applyArithmetic["-"](old, value, budget);
    case "*=":
      return (old, value) => applyArithmetic["*"](old, value, budget);
    case "/=":
      return (old, value) => applyArithmetic["/"](old, value, budget);
    case "%=":
      return (old, value) => applyArithmetic["%"](old, value, budget);
  }
}

/** `paths |= f`: the first output of `f`; where there is none, the path is deleted at the end. */
export function update(targets: JqCode, code: JqCode, run: JqRun): JqCode {
  const { keys: readKeys } = targets;
  return fromOne((input, scope) => {
    const keys = readKeys?.(input, scope);
    if (keys !== undefined && isFieldPath(input, keys)) {
      const value = readFirst(code, readFields(input, keys), scope, run);
      return value === undefined ? removeField(input, keys, run.budget) : setFields(input, keys, value, run.budget);
    }
    const editor = new PathEditor(input, run.budget);
    const emptied: JqValue[] = [];
    forEachPath(targets, input, scope, run, (keys) => {
      const value = readFirst(code, editor.read(keys), scope, run);
      if (value === undefined) emptied.push(keys);
      else editor.write(keys, value);
    });
    editor.delete(emptied);
    return editor.root;
  });
}

export function deletePaths(targets: JqCode, run: JqRun): JqCode {
  const deleteAny: Read<JqValue> = (input, scope) => {
    const paths: JqValue[] = [];
    forEachPath(targets, input, scope, run, (keys) => paths.push(keys));
    const editor = new PathEditor(input, run.budget);
    editor.delete(paths);
    return editor.root;
  };
  const parts = targets.parts ?? [targets];
  const readers = parts.flatMap(({ keys }) => (keys === undefined ? [] : [keys]));
  const [readKeys] = readers;
  if (readKeys === undefined || readers.length < parts.length) return fromOne(deleteAny);
  if (readers.length === 1) {
    return fromOne((input, scope) => {
      const keys = readKeys(input, scope);
      return isFieldPath(input, keys) ? removeField(input, keys, run.budget) : deleteAny(input, scope);
    });
  }
  return fromOne((input, scope) => {
    const paths = readers.map((read) => read(input, scope));
    const areFields = paths.every((keys) => isFieldPath(input, keys));
    return areFields ? removeFields(input, paths, run.budget) : deleteAny(input, scope);
  });
}

export function forEachPath(
  targets: JqCode,
  input: JqValue,
  scope: Frame | undefined,
  run: JqRun,
  use: (keys: readonly JqValue[]) => void,
): void {
  const isStopped = targets.paths(rootPath(input), input, scope, (path, value) => {
    run.budget.step();
    use(toCheckedKeys(path, value));
    return false;
  });
  if (isStopped) passBreak(run);
}

export function rootPath(input: JqValue): TrackedPath {
  return new TrackedPath(undefined, null, input);
}

export function toCheckedKeys(path: TrackedPath, value: JqValue): JqValue[] {
  if (!path.holds(value)) fail(`Invalid path expression with result ${describe(value)}`);
  return path.toKeys();
}
