import { assertWrittenKey } from "./constants.ts";
import { Frame, type JqCode } from "./jq-code.ts";
import type { JqCompiler } from "./jq-compiler.ts";
import { JqError, JqUnsupportedError } from "./jq-errors.ts";
import type { JqValue } from "./jq-engine.ts";
import type { JqPattern, JqPatternField } from "./jq-node.ts";
import { readIndex } from "./jq-paths.ts";
import { bind, type StaticScope } from "./jq-scope.ts";
import { fail, name } from "./jq-value.ts";

type Bindings = ReadonlyMap<string, JqValue>;
/** Calls `use` with the names bound so far and those of this pattern; true stops. */
type Matcher = (
  value: JqValue,
  input: JqValue,
  scope: Frame | undefined,
  bindings: Bindings,
  use: (bindings: Bindings) => boolean,
) => boolean;

export interface CompiledPatterns {
  /** The scope of what follows: all names of all alternatives. */
  readonly scope: StaticScope | undefined;
  /** `bindOne` exists when there is exactly one way to bind. */
  readonly bindOne: ((value: JqValue, scope: Frame | undefined) => Frame) | undefined;
  readonly bind: (
    value: JqValue,
    input: JqValue,
    scope: Frame | undefined,
    use: (scope: Frame | undefined) => boolean,
  ) => boolean;
}

/**
 * Destructuring. With alternatives (`?//`) the next one is tried when the one before, or anything that happened with
 * its bindings, failed; names of other alternatives are null.
 */
export function compilePatterns(
  patterns: readonly JqPattern[],
  scope: StaticScope | undefined,
  compiler: JqCompiler,
): CompiledPatterns {
  const [first] = patterns;
  if (patterns.length === 1 && first?.kind === "name") {
    return {
      scope: bind("variable", first.name, scope),
      bindOne: (value, scope) => new Frame(value, scope),
      bind: (value, _, scope, use) => use(new Frame(value, scope)),
    };
  }
  const names = [...new Set(patterns.flatMap(listNames))];
  const matchers = patterns.map((pattern) => compilePattern(pattern, scope, compiler));
  const toFrames = (bindings: Bindings, scope: Frame | undefined): Frame | undefined =>
    names.reduce<Frame | undefined>((frame, name) => new Frame(bindings.get(name) ?? null, frame), scope);
  return {
    scope: names.reduce<StaticScope | undefined>((inner, name) => bind("variable", name, inner), scope),
    bindOne: undefined,
    bind: (value, input, scope, use) => {
      for (const [index, matcher] of matchers.entries()) {
        try {
          const isStopped = matcher(value, input, scope, new Map(), (bindings) => use(toFrames(bindings, scope)));
          // To jq the end of first, limit, a label is a failure too, so that the next pattern would have its turn.
          if (isStopped && index < matchers.length - 1 && !compiler.run.isDone) {
            throw new JqUnsupportedError("a stop behind ?//");
          }
          return isStopped;
        } catch (error) {
          if (!(error instanceof JqError) || index === matchers.length - 1) throw error;
          compiler.run.budget.step();
        }
      }
      return false;
    },
  };
}

export function listNames(pattern: JqPattern): readonly string[] {
  switch (pattern.kind) {
    case "name":
      return [pattern.name];
    case "elements":
      return pattern.elements.flatMap(listNames);
    case "fields":
      return pattern.fields.flatMap(({ name, pattern }) => [
        ...(name === undefined ? [] : [name]),
        ...(pattern === undefined ? [] : listNames(pattern)),
      ]);
  }
}

function compilePattern(pattern: JqPattern, scope: StaticScope | undefined, compiler: JqCompiler): Matcher {
  switch (pattern.kind) {
    case "name":
      return (value, _, __, bindings, use) => use(extend(bindings, pattern.name, value));
    case "elements":
      // The last element comes first, which decides about errors and repeated names.
      return inOrder(
        pattern.elements
          .map((element, index): Matcher => {
            const match = compilePattern(element, scope, compiler);
            return (value, input, scope, bindings, use) => match(readIndex(value, index), input, scope, bindings, use);
          })
          .reverse(),
      );
    case "fields":
      return inOrder(pattern.fields.map((field) => compileField(field, scope, compiler)));
  }
}

function compileField(field: JqPatternField, scope: StaticScope | undefined, compiler: JqCompiler): Matcher {
  assertWrittenKey(field.key);
  const keys: JqCode = compiler.compile(field.key, scope);
  const match = field.pattern === undefined ? undefined : compilePattern(field.pattern, scope, compiler);
  return (value, input, scope, bindings, use) =>
    keys.many(input, scope, (key) => {
      if (typeof key !== "string") return fail(`Cannot index ${typeof value} with ${name(key)}`);
      const child = readIndex(value, key);
      const extended = field.name === undefined ? bindings : extend(bindings, field.name, child);
      return match === undefined ? use(extended) : match(child, input, scope, extended, use);
    });
}

/** Of a name that occurs twice in a pattern, the first value counts. */
function extend(bindings: Bindings, name: string, value: JqValue): Bindings {
  return bindings.has(name) ? bindings : new Map(bindings).set(name, value);
}

function inOrder(matchers: readonly Matcher[]): Matcher {
  return (value, input, scope, bindings, use) => {
    const visit = (index: number, bindings: Bindings): boolean => {
      const matcher = matchers[index];
      if (matcher === undefined) return use(bindings);
      return matcher(value, input, scope, bindings, (bindings) => visit(index + 1, bindings));
    };
    return visit(0, bindings);
  };
}
