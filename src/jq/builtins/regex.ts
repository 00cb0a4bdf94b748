import { add } from "../jq-arithmetic.ts";
import {
  ELEMENT_BYTES,
  forEachCombination,
  fromMany,
  fromOne,
  type Emit,
  type JqCode,
  type JqRun,
} from "../jq-code.ts";
import type { JqValue } from "../jq-engine.ts";
import { JqUnsupportedError } from "../jq-errors.ts";
import { countAllPoints } from "../code-points.ts";
import { fail, isArray, name, toText, typeOf, writeField, type JqObject } from "../jq-value.ts";
import { searchText, type RegexMatch, type SearchOptions } from "../regex/regex.ts";
import { argument, form, native, type Builtin, type BuiltinTable } from "./builtin.ts";

/** Emits what it finds; true when it was asked to stop. */
type Search = (input: JqValue, pattern: JqValue, flags: JqValue, run: JqRun, emit: Emit) => boolean;

const findMatches: Search = (input, pattern, flags, run, emit) =>
  visitMatches(input, pattern, flags, run, (match) => emit(toMatchObject(match)), true);

const findCaptures: Search = (input, pattern, flags, run, emit) =>
  visitMatches(input, pattern, flags, run, (match) => emit(toCaptureObject(match)));

const scan: Search = (input, pattern, flags, run, emit) =>
  visitMatches(input, pattern, addGlobal(flags, run), run, ({ text, captures }) =>
    emit(captures.length === 0 ? text : captures.map(({ text }) => text ?? null)),
  );

const split: Search = (input, pattern, flags, run, emit) => emit(splitAll(input, pattern, flags, run));
const splits: Search = (input, pattern, flags, run, emit) => splitAll(input, pattern, flags, run).some(emit);

export const REGEX: BuiltinTable = {
  "test/1": native((input, args, run) => {
    const { pattern, flags } = toPatternAndFlags(argument(args, 0));
    return test(input, pattern, flags, run);
  }),
  "test/2": native((input, args, run) => test(input, argument(args, 0), argument(args, 1), run)),
  "match/1": withPattern(findMatches),
  "match/2": withPatternAndFlags(findMatches),
  "capture/1": withPattern(findCaptures),
  "capture/2": withPatternAndFlags(findCaptures),
  "scan/1": inWrittenOrder(scan),
  "scan/2": inWrittenOrder(scan),
  "split/2": inWrittenOrder(split),
  "splits/1": inWrittenOrder(splits),
  "splits/2": inWrittenOrder(splits),
  "sub/2": form((args, run) => substitute(args, (flags) => flags, run)),
  "sub/3": form((args, run) => substitute(args, (flags) => flags, run)),
  "gsub/2": form((args, run) => substitute(args, (flags) => addGlobal(flags, run), run)),
  "gsub/3": form((args, run) => substitute(args, (flags) => addGlobal(flags, run), run)),
};

/** One argument: the pattern, or an array of pattern and flags. */
function withPattern(search: Search): Builtin {
  return form((args, run) =>
    fromMany((input, scope, emit) =>
      argument(args, 0).many(input, scope, (value) => {
        const { pattern, flags } = toPatternAndFlags(value);
        return search(input, pattern, flags, run, emit);
      }),
    ),
  );
}

function withPatternAndFlags(search: Search): Builtin {
  return form((args, run) =>
    fromMany((input, scope, emit) =>
      forEachCombination(args, input, scope, ([pattern = null, flags = null]) =>
        search(input, pattern, flags, run, emit),
      ),
    ),
  );
}

/** The pattern varies slower than the flags, which may be missing. */
function inWrittenOrder(search: Search): Builtin {
  return form((args, run) => {
    const flagsCode = args[1] ?? fromOne(() => null);
    return fromMany((input, scope, emit) =>
      argument(args, 0).many(input, scope, (pattern) =>
        flagsCode.many(input, scope, (flags) => search(input, pattern, flags, run, emit)),
      ),
    );
  });
}

function toPatternAndFlags(value: JqValue): { readonly pattern: JqValue; readonly flags: JqValue } {
  if (typeof value === "string") return { pattern: value, flags: null };
  if (!isArray(value) || value.length === 0) return fail(`${typeOf(value)} not a string or array`);
  return { pattern: value[0] ?? null, flags: value[1] ?? null };
}

function addGlobal(flags: JqValue, { budget }: JqRun): JqValue {
  return add(flags, "g", budget);
}

const optionsByFlags = new Map<string, SearchOptions>();

function toOptions(flags: JqValue): SearchOptions {
  if (flags !== null && typeof flags !== "string") return fail(`${name(flags)} is not a string`);
  const letters = flags ?? "";
  const known = optionsByFlags.get(letters);
  if (known !== undefined) return known;
  const options = readFlags(letters);
  // Each flag once or twice in any order: there are not many of these.
  if (letters.length <= 2) optionsByFlags.set(letters, options);
  return options;
}

function readFlags(letters: string): SearchOptions {
  if (!/^[gimnpslx]*$/.test(letters) || letters.includes("m")) fail(`${letters} is not a valid modifier string`);
  if (letters.includes("l")) throw new JqUnsupportedError("the longest match");
  return {
    isGlobal: letters.includes("g"),
    ignoresCase: letters.includes("i"),
    isExtended: letters.includes("x"),
    ignoresEmpty: letters.includes("n"),
    dotMatchesNewline: letters.includes("p"),
  };
}

function visitMatches(
  input: JqValue,
  pattern: JqValue,
  flags: JqValue,
  { budget }: JqRun,
  visit: (match: RegexMatch, text: string) => boolean,
  needsOffsets = false,
): boolean {
  if (typeof input !== "string") return fail(`${name(input)} cannot be matched, as it is not a string`);
  if (typeof pattern !== "string") return fail(`${name(pattern)} is not a string`);
  let isStopped = false;
  budget.steps(input.length >> 3);
  const watch = (match: RegexMatch): boolean => {
    budget.step();
    budget.allocate(ELEMENT_BYTES);
    return (isStopped = visit(match, input));
  };
  searchText(
    { text: input, pattern, options: toOptions(flags), needsOffsets, steps: budget.limits.backtracking },
    watch,
  );
  return isStopped;
}

function test(input: JqValue, pattern: JqValue, flags: JqValue, run: JqRun): boolean {
  return visitMatches(input, pattern, flags, run, () => true);
}

function toMatchObject({ offset, text, captures }: RegexMatch): JqObject {
  return {
    offset,
    length: countAllPoints(text),
    string: text,
    captures: captures.map((capture) => {
      const captureName = capture.name ?? null;
      if (capture.text === undefined) return { offset: -1, string: null, length: 0, name: captureName };
      // jq does not say what a group took when the match as a whole took nothing.
      if (capture.text === "" || text === "")
        return { offset: capture.offset, string: "", length: 0, name: captureName };
      return {
        offset: capture.offset,
        length: countAllPoints(capture.text),
        string: capture.text,
        name: captureName,
      };
    }),
  };
}

/** The named groups; of those with the same name the last one counts. */
function toCaptureObject({ text, captures }: RegexMatch): JqObject {
  const object: { [key: string]: JqValue } = {};
  for (const capture of captures) {
    if (capture.name === undefined) continue;
    const isEmpty = text === "" && capture.text !== undefined;
    writeField(object, capture.name, isEmpty ? "" : (capture.text ?? null));
  }
  return object;
}

function splitAll(input: JqValue, pattern: JqValue, flags: JqValue, run: JqRun): readonly string[] {
  const parts: string[] = [];
  let end = 0;
  visitMatches(input, pattern, addGlobal(flags, run), run, ({ unit, text }, whole) => {
    parts.push(whole.slice(end, unit));
    end = unit + text.length;
    return false;
  });
  return [...parts, toText(input).slice(end)];
}

/**
 * `sub` and `gsub`: every match is replaced by what the second argument makes of its named groups. When that has several
 * outputs there are several results: the first from all first outputs, the second from all second ones, and so on.
 */
function substitute(args: readonly JqCode[], toFlags: (flags: JqValue) => JqValue, run: JqRun): JqCode {
  const [patterns, replacement] = [argument(args, 0), argument(args, 1)];
  const flagsCode = args[2] ?? fromOne(() => "");
  if (patterns.one !== undefined && flagsCode.one !== undefined && replacement.one !== undefined) {
    const [readPattern, readFlags, readInsert] = [patterns.one, flagsCode.one, replacement.one];
    return fromOne((input, scope) => {
      let result: JqValue = null;
      let end = 0;
      const pattern = readPattern(input, scope);
      visitMatches(input, pattern, toFlags(readFlags(input, scope)), run, (match, whole) => {
        const gap = whole.slice(end, match.unit);
        end = match.unit + match.text.length;
        result = add(result, add(gap, readInsert(toCaptureObject(match), scope), run.budget), run.budget);
        return false;
      });
      return result === null ? input : add(result, toText(input).slice(end), run.budget);
    });
  }
  return fromMany((input, scope, emit) =>
    patterns.many(input, scope, (pattern) =>
      flagsCode.many(input, scope, (flags) => {
        const results: JqValue[] = [];
        let end = 0;
        let isUnwinding = false;
        visitMatches(input, pattern, toFlags(flags), run, (match, whole) => {
          const gap = whole.slice(end, match.unit);
          end = match.unit + match.text.length;
          let index = 0;
          isUnwinding = replacement.many(toCaptureObject(match), scope, (insert) => {
            results[index] = add(results[index] ?? null, add(gap, insert, run.budget), run.budget);
            index++;
            return false;
          });
          return isUnwinding;
        });
        if (isUnwinding) return true;
        const rest = toText(input).slice(end);
        return results.length === 0 ? emit(input) : results.some((result) => emit(add(result, rest, run.budget)));
      }),
    ),
  );
}
