import {
  BreakSignal,
  Frame,
  Label,
  fromMany,
  fromMaybe,
  fromOne,
  fromPaths,
  passBreak,
  toNowhere,
  type JqCode,
  type JqRun,
  type Read,
} from "./jq-code.ts";
import { compilePatterns } from "./compile-patterns.ts";
import type { JqCompiler } from "./jq-compiler.ts";
import { JqError, JqSyntaxError, JqUnsupportedError } from "./jq-errors.ts";
import type { JqValue } from "./jq-engine.ts";
import type { JqNodeOf } from "./jq-node.ts";
import { bind, depthOf, findBinding, type StaticScope } from "./jq-scope.ts";
import { isTruthy } from "./jq-value.ts";
import { pipe } from "./pipe.ts";

export function compilePipe(node: JqNodeOf<"pipe">, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  const left = compiler.compile(node.left, scope);
  const right = compiler.compile(node.right, scope);
  return pipe(left, right);
}

export function compileComma(node: JqNodeOf<"comma">, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  const left = compiler.compile(node.left, scope);
  const right = compiler.compile(node.right, scope);
  return {
    parts: [...(left.parts ?? [left]), ...(right.parts ?? [right])],
    ...fromMany((input, scope, emit) => left.many(input, scope, emit) || right.many(input, scope, emit)),
    paths: (path, input, scope, emit) => left.paths(path, input, scope, emit) || right.paths(path, input, scope, emit),
  };
}

export function compileIf(node: JqNodeOf<"if">, scope: StaticScope | undefined, { compile }: JqCompiler): JqCode {
  const condition = compile(node.condition, scope);
  const then = compile(node.whenTrue, scope);
  const otherwise = compile(node.whenFalse ?? { kind: "identity", at: node.at }, scope);
  const paths: JqCode["paths"] = (path, input, scope, emit) =>
    condition.many(input, scope, (value) => (isTruthy(value) ? then : otherwise).paths(path, input, scope, emit));
  if (condition.one !== undefined && then.one !== undefined && otherwise.one !== undefined) {
    const [test, readThen, readOtherwise] = [condition.one, then.one, otherwise.one];
    const one: Read<JqValue> = (input, scope) =>
      isTruthy(test(input, scope)) ? readThen(input, scope) : readOtherwise(input, scope);
    return { ...fromOne(one), paths };
  }
  if (condition.maybe !== undefined && then.maybe !== undefined && otherwise.maybe !== undefined) {
    const [test, readThen, readOtherwise] = [condition.maybe, then.maybe, otherwise.maybe];
    const maybe: Read<JqValue | undefined> = (input, scope) => {
      const value = test(input, scope);
      if (value === undefined) return undefined;
      return isTruthy(value) ? readThen(input, scope) : readOtherwise(input, scope);
    };
    return { ...fromMaybe(maybe), paths };
  }
  const many: JqCode["many"] = (input, scope, emit) =>
    condition.many(input, scope, (value) => (isTruthy(value) ? then : otherwise).many(input, scope, emit));
  return { ...fromMany(many), paths };
}

/** What `catch` sees of a `break`: jq treats one that crosses a `try` as an error. */
const BREAK_VALUE: JqValue = { __jq: 0 };

/** Errors of the body are caught; those of whoever receives its outputs are not. */
export function compileTry(
  node: JqNodeOf<"try">,
  scope: StaticScope | undefined,
  { run, compile }: JqCompiler,
): JqCode {
  const body = compile(node.body, scope);
  const handler = node.handler === undefined ? undefined : compile(node.handler, scope);
  const paths: JqCode["paths"] = (path, input, scope, emit) => {
    let isDownstream = false;
    let isStopped = false;
    let caught = BREAK_VALUE;
    try {
      const isBroken = body.paths(path, input, scope, (path, value) => {
        isDownstream = true;
        isStopped = emit(path, value);
        isDownstream = false;
        return isStopped;
      });
      if (!isBroken || isStopped) return isBroken;
      if (run.breaking !== undefined) run.breaking.isBroken = false;
    } catch (error) {
      if (isDownstream) throw error;
      caught = toCaughtValue(error);
    }
    run.budget.step();
    // What was raised lies nowhere in the input.
    return handler?.paths(toNowhere(path), caught, scope, emit) ?? false;
  };
  if (body.maybe === undefined || (handler !== undefined && handler.maybe === undefined)) return fromPaths(paths);
  if (body.one !== undefined && handler?.one !== undefined) {
    return { ...fromOne(tryOnce(body.one, handler.one, run)), paths };
  }
  return { ...fromMaybe(tryOnce(body.maybe, handler?.maybe ?? (() => undefined), run)), paths };
}

function tryOnce<Output>(body: Read<Output>, handler: Read<Output>, { budget }: JqRun): Read<Output> {
  return (input, scope) => {
    try {
      return body(input, scope);
    } catch (error) {
      budget.step();
      return handler(toCaughtValue(error), scope);
    }
  };
}

function toCaughtValue(error: unknown): JqValue {
  if (error instanceof JqError) return error.value;
  if (!(error instanceof BreakSignal)) throw error;
  error.label.isBroken = false;
  return BREAK_VALUE;
}

export function compileLabel(node: JqNodeOf<"label">, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  const body = compiler.compile(node.body, bind("label", node.name, scope));
  return fromPaths((path, input, scope, emit) => {
    const label = new Label();
    try {
      return body.paths(path, input, new Frame(label, scope), emit) && !label.isBroken;
    } catch (error) {
      if (error instanceof BreakSignal && error.label === label) return false;
      throw error;
    }
  });
}

export function compileBreak(node: JqNodeOf<"break">, scope: StaticScope | undefined, { run }: JqCompiler): JqCode {
  const found = findBinding(scope, ({ kind, name }) => kind === "label" && name === node.name);
  if (found === undefined) throw new JqSyntaxError(`there is no label $${node.name} around this`, node.at);
  const hops = depthOf(scope) - found.depth;
  return fromMany((_, scope) => {
    let frame = scope;
    for (let hop = 0; hop < hops; hop++) frame = frame?.next;
    const label = frame?.value as Label; // by the static scope
    label.isBroken = true;
    run.breaking = label;
    return true;
  });
}

/** Starts over for every start value; keeps the last output of the update, or null when there is none. */
export function compileReduce(node: JqNodeOf<"reduce">, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  const { run } = compiler;
  const source = compiler.compile(node.source, scope);
  const start = compiler.compile(node.start, scope);
  const patterns = compilePatterns(node.patterns, scope, compiler);
  const update = compiler.compile(node.update, patterns.scope);
  const readUpdate = update.maybe;
  const fold = (initial: JqValue, input: JqValue, scope: Frame | undefined): JqValue => {
    let state = initial;
    const isStopped = source.many(input, scope, (value) =>
      patterns.bind(value, input, scope, (inner) => {
        run.budget.step();
        if (readUpdate !== undefined) {
          state = readUpdate(state, inner) ?? null;
          return false;
        }
        let last: JqValue = null;
        const isStopped = update.many(state, inner, (value) => {
          last = value;
          return false;
        });
        state = last;
        return isStopped;
      }),
    );
    if (isStopped) passBreak(run);
    return state;
  };
  const paths: JqCode["paths"] = (path, input, scope, emit) => {
    // jq uses up its input with the first start value; the source of later ones sees null.
    let rest = input;
    return start.paths(path, input, scope, (path, initial) => {
      const used = rest;
      rest = null;
      let state = initial;
      const isStopped = source.paths(path, used, scope, (path, value) =>
        patterns.bind(value, input, scope, (inner) => {
          run.budget.step();
          let next: JqValue | undefined;
          const isStopped = update.paths(path.origin ?? path, state, inner, (_, value) => {
            next = value;
            return false;
          });
          if (next === undefined) throw new JqUnsupportedError("a path through a reduce without output");
          state = next;
          return isStopped;
        }),
      );
      return isStopped || emit(path, state);
    });
  };
  if (start.one === undefined) return fromPaths(paths);
  const readStart = start.one;
  return { ...fromOne((input, scope) => fold(readStart(input, scope), input, scope)), paths };
}

export function compileForeach(
  node: JqNodeOf<"foreach">,
  scope: StaticScope | undefined,
  compiler: JqCompiler,
): JqCode {
  const { run } = compiler;
  const source = compiler.compile(node.source, scope);
  const start = compiler.compile(node.start, scope);
  const patterns = compilePatterns(node.patterns, scope, compiler);
  const update = compiler.compile(node.update, patterns.scope);
  const extract = node.extract === undefined ? undefined : compiler.compile(node.extract, patterns.scope);
  return fromPaths((path, input, scope, emit) =>
    start.paths(path, input, scope, (path, initial) => {
      let state = initial;
      return source.paths(path, input, scope, (path, value) =>
        patterns.bind(value, input, scope, (inner) => {
          run.budget.step();
          const before = state;
          state = null;
          return update.paths(path.origin ?? path, before, inner, (path, value) => {
            state = value;
            return extract === undefined ? emit(path, value) : extract.paths(path, value, inner, emit);
          });
        }),
      );
    }),
  );
}
