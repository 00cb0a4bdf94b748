import { assertWrittenKey } from "./constants.ts";
import { applyArithmetic, negate } from "./jq-arithmetic.ts";
import {
  collect,
  ELEMENT_BYTES,
  forEachCombination,
  fromMany,
  fromMaybe,
  fromOne,
  toNowhere,
  type JqCode,
  type JqRun,
  type Read,
} from "./jq-code.ts";
import type { JqCompiler } from "./jq-compiler.ts";
import type { JqValue } from "./jq-engine.ts";
import type { ComparisonOperator, JqNodeOf } from "./jq-node.ts";
import type { StaticScope } from "./jq-scope.ts";
import { compareValues, fail, isEqual, isTruthy, name, toText, writeField } from "./jq-value.ts";
import { formatText } from "./builtins/formats.ts";

const COMPARISONS: Readonly<Record<ComparisonOperator, (left: JqValue, right: JqValue) => boolean>> = {
  "==": isEqual,
  "!=": (left, right) => !isEqual(left, right),
  "<": (left, right) => compareValues(left, right) < 0,
  "<=": (left, right) => compareValues(left, right) <= 0,
  ">": (left, right) => compareValues(left, right) > 0,
  ">=": (left, right) => compareValues(left, right) >= 0,
};

export function compileArithmetic(
  node: JqNodeOf<"arithmetic">,
  scope: StaticScope | undefined,
  compiler: JqCompiler,
): JqCode {
  const apply = applyArithmetic[node.operator];
  const { budget } = compiler.run;
  return combine(compiler.compile(node.left, scope), compiler.compile(node.right, scope), (left, right) =>
    apply(left, right, budget),
  );
}

export function compileComparison(
  node: JqNodeOf<"comparison">,
  scope: StaticScope | undefined,
  compiler: JqCompiler,
): JqCode {
  const left = compiler.compile(node.left, scope);
  const isEquality = node.operator === "==" || node.operator === "!=";
  if (isEquality && left.one !== undefined && node.right.kind === "literal") {
    const { one: read } = left;
    const { value } = node.right;
    const wanted = node.operator === "==";
    // What is written out is never a container, so being equal is being the same.
    return fromOne((input, scope) => (read(input, scope) === value) === wanted);
  }
  return combine(left, compiler.compile(node.right, scope), COMPARISONS[node.operator]);
}

/** The right operand is evaluated first, and varies slower. */
function combine(left: JqCode, right: JqCode, apply: (left: JqValue, right: JqValue) => JqValue): JqCode {
  if (left.one !== undefined && right.one !== undefined) {
    const [readLeft, readRight] = [left.one, right.one];
    return fromOne((input, scope) => {
      const rightValue = readRight(input, scope);
      return apply(readLeft(input, scope), rightValue);
    });
  }
  if (left.maybe !== undefined && right.maybe !== undefined) {
    const [readLeft, readRight] = [left.maybe, right.maybe];
    return fromMaybe((input, scope) => {
      const rightValue = readRight(input, scope);
      const leftValue = rightValue === undefined ? undefined : readLeft(input, scope);
      return leftValue === undefined || rightValue === undefined ? undefined : apply(leftValue, rightValue);
    });
  }
  return fromMany((input, scope, emit) =>
    right.many(input, scope, (rightValue) =>
      left.many(input, scope, (leftValue) => emit(apply(leftValue, rightValue))),
    ),
  );
}

export function compileNegation(
  node: JqNodeOf<"negate">,
  scope: StaticScope | undefined,
  compiler: JqCompiler,
): JqCode {
  const body = compiler.compile(node.body, scope);
  if (body.one !== undefined) {
    const read = body.one;
    return fromOne((input, scope) => negate(read(input, scope)));
  }
  return fromMany((input, scope, emit) => body.many(input, scope, (value) => emit(negate(value))));
}

/** `and`, `or`: `decisive` is the truth of the left side that makes the right side irrelevant. */
export function compileLogic(
  node: JqNodeOf<"and" | "or">,
  scope: StaticScope | undefined,
  compiler: JqCompiler,
): JqCode {
  const decisive = node.kind === "or";
  const left = compiler.compile(node.left, scope);
  const right = compiler.compile(node.right, scope);
  if (left.one !== undefined && right.one !== undefined) {
    const [readLeft, readRight] = [left.one, right.one];
    return fromOne((input, scope) =>
      isTruthy(readLeft(input, scope)) === decisive ? decisive : isTruthy(readRight(input, scope)),
    );
  }
  return fromMany((input, scope, emit) =>
    left.many(input, scope, (leftValue) =>
      isTruthy(leftValue) === decisive
        ? emit(decisive)
        : right.many(input, scope, (rightValue) => emit(isTruthy(rightValue))),
    ),
  );
}

/** A string with expressions in it; the first of them varies fastest. */
export function compileTemplate(
  node: JqNodeOf<"template">,
  scope: StaticScope | undefined,
  compiler: JqCompiler,
): JqCode {
  const { format } = node;
  const { budget } = compiler.run;
  const codes = node.parts.flatMap((part) => (typeof part === "string" ? [] : [compiler.compile(part, scope)]));
  const toPart = (value: JqValue): string => (format === undefined ? toText(value) : formatText(format, value));
  const join = (values: readonly JqValue[]): string => {
    let next = 0;
    let text = "";
    for (const part of node.parts) {
      text += typeof part === "string" ? part : toPart(values[next++] ?? null);
      budget.allocateString(text.length);
    }
    return text;
  };
  const readers = codes.flatMap(({ one }) => (one === undefined ? [] : [one]));
  if (readers.length < codes.length) {
    return fromMany((input, scope, emit) => forEachCombination(codes, input, scope, (values) => emit(join(values))));
  }
  return fromOne((input, scope) => {
    const values = readers.map((): JqValue => null);
    for (let index = readers.length - 1; index >= 0; index--) values[index] = readers[index]?.(input, scope) ?? null;
    return join(values);
  });
}

export function compileObject(node: JqNodeOf<"object">, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  for (const { key } of node.entries) assertWrittenKey(key);
  const entries = node.entries.map(({ key, value }) => ({
    key: compiler.compile(key, scope),
    value: compiler.compile(value, scope),
  }));
  const readers = entries.flatMap(({ key, value }) =>
    key.one === undefined || value.maybe === undefined ? [] : [{ readKey: key.one, readValue: value.maybe }],
  );
  if (readers.length === entries.length) {
    const read: Read<JqValue | undefined> = (input, scope) => {
      const object: { [key: string]: JqValue } = {};
      for (const { readKey, readValue } of readers) {
        const key = readKey(input, scope);
        const value = readValue(input, scope);
        if (value === undefined) return undefined;
        writeField(object, assertKey(key), value);
      }
      return object;
    };
    const isOne = entries.every(({ value }) => value.one !== undefined);
    // Undefined comes from a value without output alone.
    return isOne ? fromOne(read as Read<JqValue>) : fromMaybe(read);
  }
  return fromMany((input, scope, emit) => {
    const visit = (index: number, object: { readonly [key: string]: JqValue }): boolean => {
      const entry = entries[index];
      if (entry === undefined) return emit(object);
      return entry.key.many(input, scope, (key) =>
        entry.value.many(input, scope, (value) => {
          compiler.run.budget.step();
          const extended = { ...object };
          writeField(extended, assertKey(key), value);
          return visit(index + 1, extended);
        }),
      );
    };
    return visit(0, {});
  });
}

function assertKey(key: JqValue): string {
  return typeof key === "string" ? key : fail(`Cannot use ${name(key)} as object key`);
}

/** `a // b`: the outputs of `a` that are neither null nor false, or else those of `b`. Errors of `a` stay errors. */
export function compileAlternative(
  node: JqNodeOf<"alternative">,
  scope: StaticScope | undefined,
  compiler: JqCompiler,
): JqCode {
  const left = compiler.compile(node.left, scope);
  const right = compiler.compile(node.right, scope);
  const paths: JqCode["paths"] = (path, input, scope, emit) => {
    let isFound = false;
    const isStopped = left.paths(path, input, scope, (path, value) => {
      if (!isTruthy(value)) return false;
      isFound = true;
      return emit(path, value);
    });
    return isStopped || (!isFound && right.paths(path, input, scope, emit));
  };
  const { maybe: readLeft } = left;
  if (readLeft !== undefined && right.one !== undefined) {
    return { ...fromOne(readAlternative(readLeft, right.one)), paths };
  }
  if (readLeft !== undefined && right.maybe !== undefined) {
    return { ...fromMaybe(readAlternative(readLeft, right.maybe)), paths };
  }
  const many: JqCode["many"] = (input, scope, emit) => {
    let isFound = false;
    const isStopped = left.many(input, scope, (value) => {
      if (!isTruthy(value)) return false;
      isFound = true;
      return emit(value);
    });
    return isStopped || (!isFound && right.many(input, scope, emit));
  };
  return { ...fromMany(many), paths };
}

function readAlternative<Output>(left: Read<JqValue | undefined>, right: Read<Output>): Read<JqValue | Output> {
  return (input, scope) => {
    const value = left(input, scope);
    return value !== undefined && isTruthy(value) ? value : right(input, scope);
  };
}

/** `[a, b, c]`, undefined when some part may have several outputs. */
function collectParts(parts: readonly JqCode[], { budget }: JqRun): Read<JqValue> | undefined {
  const readers = parts.flatMap(({ maybe }) => (maybe === undefined ? [] : [maybe]));
  if (readers.length < parts.length) return undefined;
  return (input, scope) => {
    budget.steps(readers.length);
    budget.allocate(ELEMENT_BYTES * readers.length);
    const values: JqValue[] = [];
    for (const read of readers) {
      const value = read(input, scope);
      if (value !== undefined) values.push(value);
    }
    return values;
  };
}

/** An array takes part in paths only so far as errors in it are those of paths, as in jq. */
export function compileArray(
  node: JqNodeOf<"array">,
  scope: StaticScope | undefined,
  { run, compile }: JqCompiler,
): JqCode {
  if (node.body === undefined) return { ...fromOne(() => []), paths: (path, _, __, emit) => emit(toNowhere(path), []) };
  const body = compile(node.body, scope);
  return {
    ...fromOne(collectParts(body.parts ?? [body], run) ?? ((input, scope) => collect(body, input, scope, run))),
    paths: (path, input, scope, emit) => {
      const values: JqValue[] = [];
      const isStopped = body.paths(path, input, scope, (_, value) => {
        run.budget.step();
        run.budget.allocate(ELEMENT_BYTES);
        values.push(value);
        return false;
      });
      return isStopped || emit(path, values);
    },
  };
}
