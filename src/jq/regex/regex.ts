import { JqLimitError, JqUnsupportedError } from "../jq-errors.ts";
import { lookAtClock, spendMemory, spendSteps } from "../jq-budget.ts";
import { countPoints, hasSurrogates } from "../code-points.ts";
import { compileBacktracking, type BacktrackingRegex } from "./match-regex.ts";
import { estimateCost, MAX_COST, toNativeRegex, type NativeRegex } from "./native-regex.ts";
import { parseRegex } from "./parse-regex.ts";
import type { RegexFlags, RegexNode } from "./regex-node.ts";

export interface SearchOptions extends RegexFlags {
  readonly isGlobal: boolean;
  readonly ignoresEmpty: boolean;
}

export interface Search {
  readonly text: string;
  readonly pattern: string;
  readonly options: SearchOptions;
  /** Whether offsets matter; they are dear. */
  readonly needsOffsets: boolean;
  /** How many steps a search of ours may take. */
  readonly steps: number;
}

export interface RegexCapture {
  readonly name: string | undefined;
  /** In code points; -1 when the group has not taken part. */
  readonly offset: number;
  readonly text: string | undefined;
}

export interface RegexMatch {
  /** In code points; -1 unless offsets matter. */
  readonly offset: number;
  /** The same in UTF-16 units. */
  readonly unit: number;
  readonly text: string;
  readonly captures: readonly RegexCapture[];
}

interface NativeSearch {
  readonly plan: NativeRegex;
  readonly regex: RegExp;
  /** The same, but telling where the groups are. */
  withOffsets: RegExp | undefined;
}

interface CompiledRegex {
  readonly body: RegexNode;
  readonly groups: readonly (string | undefined)[];
  readonly native: NativeSearch | undefined;
  /** Whether letters such as sharp s could match two letters of the pattern. */
  readonly mayExpand: boolean;
  backtracking: BacktrackingRegex | undefined;
}

const MAX_CACHED = 500;
/** Nobody writes longer patterns: they are not kept, not given to JavaScript, which may find them too large, and paid for. */
const MAX_CACHED_LENGTH = 10_000;
const STEPS_PER_CHARACTER = 16;
const BYTES_PER_CHARACTER = 1024;
/** By pattern, then by flags. */
const cache = new Map<string, Map<number, CompiledRegex>>();

/** Letters that equal several others when case is ignored, which JavaScript does not know. */
const EXPANDING = /[\u00df\u0130\u0149\u01f0\u0390\u03b0\u0587\u1e96-\u1e9e\u1f50-\u1fff\ufb00-\ufb17]/;

/** What they equal, as far as it is ASCII. */
const EXPANDED = /ss|st|ff|fi|fl/i;

/** After a match that took nothing, jq goes on within a character of several bytes; only it knows what it finds there. */
function assertSingleByte(text: string, unit: number): void {
  if (text.charCodeAt(unit) >= 0x80) throw new JqUnsupportedError("a regular expression that matches nothing");
}

/** What may cost more is watched by the clock. */
const DEAR = 1e5;

function watched(visit: Visit): Visit {
  lookAtClock();
  return (match) => {
    lookAtClock();
    return visit(match);
  };
}

type Visit = (match: RegexMatch) => boolean;

/** Shows `visit` the matches of `pattern` in `text`, or the first of them, until it returns true. */
export function searchText(search: Search, visit: Visit): void {
  const { text, options } = search;
  const regex = getRegex(search.pattern, options);
  if (regex.mayExpand && EXPANDING.test(text)) throw new JqUnsupportedError("ignoring the case of such letters");
  const { native } = regex;
  const isPlain = native?.plan.looksBehind !== true || !hasSurrogates(text);
  const cost = native === undefined ? Infinity : estimateCost(native.plan, text.length);
  if (native !== undefined && isPlain && !options.ignoresEmpty && cost <= MAX_COST) {
    const withOffsets = search.needsOffsets && regex.groups.length > 0;
    if (withOffsets) native.withOffsets ??= new RegExp(native.plan.source, `${native.plan.flags}gd`);
    const found = (withOffsets && native.withOffsets) || native.regex;
    searchNative(search, regex.groups, found, cost > DEAR ? watched(visit) : visit);
  } else searchBacktracking(search, regex, visit);
}

function getRegex(pattern: string, options: RegexFlags): CompiledRegex {
  if (pattern.length > MAX_CACHED_LENGTH) return compileRegex(pattern, options);
  const form = (options.ignoresCase ? 1 : 0) + (options.isExtended ? 2 : 0) + (options.dotMatchesNewline ? 4 : 0);
  let forms = cache.get(pattern);
  if (forms === undefined) {
    if (cache.size >= MAX_CACHED) cache.clear();
    forms = new Map();
    cache.set(pattern, forms);
  }
  const known = forms.get(form);
  if (known !== undefined) return known;
  const compiled = compileRegex(pattern, options);
  forms.set(form, compiled);
  return compiled;
}

function compileRegex(pattern: string, options: RegexFlags): CompiledRegex {
  const ignoresCase = options.ignoresCase || /\(\?[msx]*i/.test(pattern);
  if (ignoresCase && EXPANDING.test(pattern)) throw new JqUnsupportedError("ignoring the case of such letters");
  if (pattern.length > MAX_CACHED_LENGTH) {
    spendSteps(STEPS_PER_CHARACTER * pattern.length);
    spendMemory(BYTES_PER_CHARACTER * pattern.length);
  }
  const { body, groups } = parseRegex(pattern, options);
  const plan = pattern.length > MAX_CACHED_LENGTH ? undefined : toNativeRegex(body);
  const native = plan && { plan, regex: new RegExp(plan.source, `${plan.flags}g`), withOffsets: undefined };
  const mayExpand = ignoresCase && EXPANDED.test(pattern);
  return { body, groups, native, mayExpand, backtracking: undefined };
}

const NO_CAPTURES: readonly RegexCapture[] = [];

function searchNative(
  { text, needsOffsets, options }: Search,
  groups: CompiledRegex["groups"],
  regex: RegExp,
  visit: Visit,
): void {
  const isWide = needsOffsets && hasSurrogates(text);
  let known = { unit: 0, offset: 0 };
  const toOffset = (unit: number): number => (isWide ? known.offset + countPoints(text, known.unit, unit) : unit);
  const toCaptures = (found: RegExpExecArray): readonly RegexCapture[] =>
    groups.map((name, index) => {
      const start = found.indices?.[index + 1]?.[0];
      return { name, offset: start === undefined ? -1 : toOffset(start), text: found[index + 1] };
    });
  regex.lastIndex = 0;
  for (let found = regex.exec(text); found !== null; found = regex.exec(text)) {
    const next = regex.lastIndex;
    if (isWide) known = { unit: found.index, offset: toOffset(found.index) };
    const captures = groups.length === 0 ? NO_CAPTURES : toCaptures(found);
    const offset = needsOffsets ? toOffset(found.index) : -1;
    const isStopped = visit({ offset, unit: found.index, text: found[0], captures });
    if (isStopped || !options.isGlobal || (next === found.index && next >= text.length)) return;
    if (next === found.index) assertSingleByte(text, next);
    // Whoever has seen the match may have searched with the same expression.
    regex.lastIndex = next > found.index ? next : next + 1;
  }
}

function searchBacktracking({ text, options, steps }: Search, regex: CompiledRegex, visit: Visit): void {
  regex.backtracking ??= compileBacktracking(regex.body, regex.groups.length);
  const { points, units } = toPoints(text);
  const toUnit = (point: number): number => units?.[point] ?? point;
  const cut = (start: number, end: number): string => text.slice(toUnit(start), toUnit(end));
  for (let from = 0; from <= points.length;) {
    const found = findWithinStack(regex.backtracking, points, from, options, steps);
    if (found === undefined) return;
    const [start = 0, end = 0] = found;
    const captures = regex.groups.map((name, index): RegexCapture => {
      const [offset = -1, groupEnd = -1] = found.subarray(2 * index + 2, 2 * index + 4);
      return { name, offset, text: offset < 0 ? undefined : cut(offset, groupEnd) };
    });
    const unit = toUnit(start);
    if (visit({ offset: start, unit, text: cut(start, end), captures }) || !options.isGlobal) return;
    if (start === end) assertSingleByte(text, unit);
    from = end > start ? end : end + 1;
  }
}

interface Points {
  readonly points: Int32Array;
  /** Where each code point begins, and the text ends; undefined when that is the same number. */
  readonly units: Int32Array | undefined;
}

/** Texts up to this length are read into memory that is soon free again. */
const LONG_TEXT = 2 ** 20;

function toPoints(text: string): Points {
  spendSteps(text.length >> 2);
  if (text.length > LONG_TEXT) spendMemory(8 * text.length);
  const points = new Int32Array(text.length);
  if (!hasSurrogates(text)) {
    for (let unit = 0; unit < text.length; unit++) points[unit] = text.charCodeAt(unit);
    return { points, units: undefined };
  }
  const units = new Int32Array(text.length + 1);
  let count = 0;
  for (let unit = 0; unit < text.length; count++) {
    const point = text.codePointAt(unit) ?? 0;
    points[count] = point;
    units[count] = unit;
    unit += point > 0xffff ? 2 : 1;
  }
  units[count] = text.length;
  return { points: points.subarray(0, count), units: units.subarray(0, count + 1) };
}

function findWithinStack(
  regex: BacktrackingRegex,
  points: Int32Array,
  from: number,
  { ignoresEmpty }: SearchOptions,
  steps: number,
): Int32Array | undefined {
  try {
    return regex.find(points, from, !ignoresEmpty, steps)?.bounds;
  } catch (error) {
    if (error instanceof RangeError) {
      throw new JqLimitError("backtracking", "a regular expression nests too deeply on this text");
    }
    throw error;
  }
}
