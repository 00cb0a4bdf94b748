import { compileDescend, iteratePaths } from "../compile-access.ts";
import { deletePaths, forEachPath, rootPath, toCheckedKeys, update } from "../compile-assignment.ts";
import { applyArithmetic } from "../jq-arithmetic.ts";
import {
  collect,
  ELEMENT_BYTES,
  fromMany,
  fromMaybe,
  fromOne,
  fromPaths,
  passBreak,
  withPaths,
  type JqCode,
  type TrackedPath,
  type JqRun,
} from "../jq-code.ts";
import type { JqValue } from "../jq-engine.ts";
import { PathEditor } from "../jq-paths.ts";
import { getField, isArray, isObject, isTruthy, raise } from "../jq-value.ts";
import { pipe } from "../pipe.ts";
import { argument, form, native, type Builtin, type BuiltinTable } from "./builtin.ts";
import { compileWalk } from "./walk.ts";
import { fromEntries, getPath, toEntries, toItems } from "./collections.ts";

/** Builtins that run their arguments as filters. */
export const FORMS: BuiltinTable = {
  "empty/0": form(() => fromMaybe(() => undefined)),
  "error/0": native((input) => raise(input)),
  "error/1": native((_, args) => raise(argument(args, 0))),
  "path/1": form((args, run) => {
    const targets = argument(args, 0);
    return fromMany((input, scope, emit) =>
      targets.paths(rootPath(input), input, scope, (path, value) => {
        run.budget.step();
        return emit(toCheckedKeys(path, value));
      }),
    );
  }),
  "paths/0": form((_, run) =>
    compilePathsOf(
      fromOne(() => true),
      run,
    ),
  ),
  "paths/1": form((args, run) => compilePathsOf(argument(args, 0), run)),
  "getpath/1": form((args) => compileGetPath(argument(args, 0))),
  "del/1": form((args, run) => deletePaths(argument(args, 0), run)),
  "pick/1": form((args, run) =>
    fromOne((input, scope) => {
      const editor = new PathEditor(null, run.budget);
      forEachPath(argument(args, 0), input, scope, run, (keys) => editor.write(keys, getPath(input, keys)));
      return editor.root;
    }),
  ),
  "select/1": form((args) => compileSelect(argument(args, 0))),
  "map/1": form((args, run) => compileMap(argument(args, 0), run)),
  "map_values/1": form((args, run) => update(iterate(run), argument(args, 0), run)),
  "with_entries/1": form((args, run) => {
    const change = compileMap(argument(args, 0), run);
    return fromOne((input, scope) => fromEntries(toItems(change.one?.(toEntries(input, run), scope) ?? null), run));
  }),
  "walk/1": form((args, run) => compileWalk(argument(args, 0), run)),
  "recurse/0": form((_, run) => compileDescend(run)),
  "add/1": form((args, run) => fold(args, run, null, (sum, value) => applyArithmetic["+"](sum, value, run.budget))),
  "any/1": form((args, run) => compileQuantifier(iterate(run), argument(args, 0), run, true)),
  "any/2": form((args, run) => compileQuantifier(argument(args, 0), argument(args, 1), run, true)),
  "all/1": form((args, run) => compileQuantifier(iterate(run), argument(args, 0), run, false)),
  "all/2": form((args, run) => compileQuantifier(argument(args, 0), argument(args, 1), run, false)),
  "isempty/1": form((args, run) =>
    fromOne((input, scope) => {
      let isEmpty = true;
      const isStopped = argument(args, 0).many(input, scope, () => {
        isEmpty = false;
        return true;
      });
      return isStopped && isEmpty ? passBreak(run) : isEmpty;
    }),
  ),
  "env/0": form(() => fromOne(() => ({}))),
  "now/0": form((_, run) => fromOne(() => run.now())),
  "tostream/0": form((_, run) => fromMany((input, _, emit) => streamEvents(input, run, emit))),
  ...selectors({
    nulls: (value) => value === null,
    booleans: (value) => typeof value === "boolean",
    numbers: (value) => typeof value === "number",
    strings: (value) => typeof value === "string",
    arrays: isArray,
    objects: isObject,
    iterables: (value) => typeof value === "object" && value !== null,
    scalars: (value) => typeof value !== "object" || value === null,
    values: (value) => value !== null,
    finites: (value) => typeof value === "number" && Math.abs(value) !== Infinity,
    normals: (value) => typeof value === "number" && Math.abs(value) >= 2 ** -1022 && Number.isFinite(value),
  }),
};

function compileSelect(condition: JqCode): JqCode {
  const { maybe: test } = condition;
  const values =
    test === undefined
      ? fromMany((input, scope, emit) => condition.many(input, scope, (value) => isTruthy(value) && emit(input)))
      : fromMaybe((input, scope) => (isTruthy(test(input, scope) ?? false) ? input : undefined));
  return withPaths(values, (path, input, scope, emit) =>
    condition.many(input, scope, (value) => isTruthy(value) && emit(path, input)),
  );
}

/** Where in the input, the root aside, something lies for which the condition holds. */
function compilePathsOf(condition: JqCode, run: JqRun): JqCode {
  const everything = compileDescend(run);
  return fromMany((input, scope, emit) =>
    everything.paths(rootPath(input), input, scope, (path, value) =>
      condition.many(value, scope, (holds) => path.parent !== undefined && isTruthy(holds) && emit(path.toKeys())),
    ),
  );
}

/** `.[]`, for builtins that begin with it. */
function iterate({ budget }: JqRun): JqCode {
  return {
    ...fromPaths((path, input, _, emit) =>
      iteratePaths(path, input, (path, child) => {
        budget.step();
        return emit(path, child);
      }),
    ),
    many: (input, _, emit) =>
      toItems(input).some((child) => {
        budget.step();
        return emit(child);
      }),
  };
}

function compileGetPath(keys: JqCode): JqCode {
  const { one: readKeys } = keys;
  const values =
    readKeys === undefined
      ? fromMany((input, scope, emit) => keys.many(input, scope, (path) => emit(getPath(input, path))))
      : fromOne((input, scope) => getPath(input, readKeys(input, scope)));
  return {
    ...values,
    paths: (path, input, scope, emit) =>
      keys.many(input, scope, (keys) => {
        const value = getPath(input, keys);
        const extended = toItems(keys).reduce<TrackedPath>((path, key) => path.extend(key, value), path);
        return emit(extended, value);
      }),
  };
}

function compileMap(change: JqCode, run: JqRun): JqCode {
  const { maybe: read } = change;
  if (read === undefined) {
    const all = pipe(iterate(run), change);
    return fromOne((input, scope) => collect(all, input, scope, run));
  }
  return fromOne((input, scope) => {
    const items = toItems(input);
    run.budget.allocate(ELEMENT_BYTES * items.length);
    const values: JqValue[] = [];
    for (let index = 0; index < items.length; index++) {
      run.budget.step();
      const value = read(items[index] ?? null, scope);
      if (value !== undefined) values.push(value);
    }
    return values;
  });
}

function fold(
  args: readonly JqCode[],
  run: JqRun,
  start: JqValue,
  combine: (state: JqValue, value: JqValue) => JqValue,
): JqCode {
  const source = argument(args, 0);
  return fromOne((input, scope) => {
    let state = start;
    const isStopped = source.many(input, scope, (value) => {
      run.budget.step();
      state = combine(state, value);
      return false;
    });
    return isStopped ? passBreak(run) : state;
  });
}

/** Whether some output of `condition` over `source` is truthy (`any`), or none is not (`all`); stops when it is clear. */
function compileQuantifier(source: JqCode, condition: JqCode, run: JqRun, isAny: boolean): JqCode {
  return fromOne((input, scope) => {
    let isDecided = false;
    const isStopped = source.many(input, scope, (value) => {
      run.budget.step();
      return condition.many(value, scope, (output) => (isDecided ||= isTruthy(output) === isAny));
    });
    return isStopped && !isDecided ? passBreak(run) : isDecided === isAny;
  });
}

function selectors(tests: Readonly<Record<string, (value: JqValue) => boolean>>): Record<string, Builtin> {
  return Object.fromEntries(
    Object.entries(tests).map(([name, test]) => [
      `${name}/0`,
      form(() => fromMaybe((input) => (test(input) ? input : undefined))),
    ]),
  );
}

/** `[path, leaf]` for every leaf, and `[path]` when a container ends. */
function streamEvents(input: JqValue, { budget }: JqRun, emit: (value: JqValue) => boolean): boolean {
  const visit = (value: JqValue, path: readonly JqValue[]): boolean => {
    budget.step();
    budget.allocate(32 + 8 * path.length);
    const children: readonly (readonly [JqValue, JqValue])[] = isArray(value)
      ? value.map((child, index) => [index, child] as const)
      : isObject(value)
        ? Object.keys(value).map((key) => [key, getField(value, key)] as const)
        : [];
    budget.steps(children.length);
    budget.allocate(48 * children.length);
    const last = children.at(-1);
    if (last === undefined) return emit([path, value]);
    const isStopped = children.some(([key, child]) => visit(child, [...path, key]));
    return isStopped || emit([[...path, last[0]]]);
  };
  return visit(input, []);
}
