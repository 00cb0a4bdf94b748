import { spendSteps } from "../jq-budget.ts";
import { JqLimitError, JqUnsupportedError } from "../jq-errors.ts";
import { WORD_SET } from "./regex-classes.ts";
import type { RegexNode } from "./regex-node.ts";

/** What is matched against: code points, because that is what positions count. */
interface Matching {
  readonly points: Int32Array;
  /** Start and end of every group, at twice its index; -1 when it has not taken part. */
  readonly captures: Int32Array;
  stepsLeft: number;
}

type Continue = (at: number) => boolean;
type Matcher = (matching: Matching, at: number, then: Continue) => boolean;
type PointTest = (point: number) => boolean;

export interface PointMatch {
  /** Start and end in code points, of the match and then of every group; -1 when it has not taken part. */
  readonly bounds: Int32Array;
}

export interface BacktrackingRegex {
  /** The first match at or after `from`. */
  readonly find: (points: Int32Array, from: number, isEmptyAllowed: boolean, steps: number) => PointMatch | undefined;
}

/** A backtracking matcher with a step limit: for what JavaScript's would read differently, or not end. */
export function compileBacktracking(body: RegexNode, groupCount: number): BacktrackingRegex {
  const match = compileNode(body);
  return {
    find: (points, from, isEmptyAllowed, steps) => {
      const matching: Matching = { points, captures: new Int32Array(2 * groupCount + 2).fill(-1), stepsLeft: steps };
      let charged = steps;
      for (let start = from; start <= points.length; start++) {
        matching.captures.fill(-1);
        const isFound = match(matching, start, (end) => {
          if (end === start && !isEmptyAllowed) return false;
          matching.captures[0] = start;
          matching.captures[1] = end;
          return true;
        });
        spendSteps(charged - matching.stepsLeft + 1);
        charged = matching.stepsLeft;
        if (isFound) return { bounds: matching.captures };
      }
      return undefined;
    },
  };
}

function spend(matching: Matching): void {
  if (--matching.stepsLeft < 0) {
    throw new JqLimitError("backtracking", "a regular expression tries too many ways to match");
  }
}

function compileNode(node: RegexNode): Matcher {
  switch (node.kind) {
    case "empty":
      return (_, at, then) => then(at);
    case "set": {
      const test = toPointTest(node.source, node.ignoresCase);
      return (matching, at, then) => {
        spend(matching);
        return at < matching.points.length && test(matching.points[at] ?? 0) && then(at + 1);
      };
    }
    case "start":
      return (_, at, then) => at === 0 && then(at);
    case "end":
      return ({ points }, at, then) => at === points.length && then(at);
    case "endOrNewline":
      return ({ points }, at, then) =>
        (at === points.length || (at === points.length - 1 && points[at] === 10)) && then(at);
    case "lineStart":
      return ({ points }, at, then) => (at === 0 || points[at - 1] === 10) && then(at);
    case "lineEnd":
      return ({ points }, at, then) => (at === points.length || points[at] === 10) && then(at);
    case "boundary":
      return compileBoundary(node.negated);
    case "sequence":
      return node.parts.map(compileNode).reduceRight<Matcher>(
        (rest, part) => (matching, at, then) => part(matching, at, (at) => rest(matching, at, then)),
        (_, at, then) => then(at),
      );
    case "alternatives": {
      const parts = node.parts.map(compileNode);
      return (matching, at, then) => {
        spend(matching);
        return parts.some((part) => part(matching, at, then));
      };
    }
    case "group":
      return compileGroup(node.index, compileNode(node.body));
    case "atomic":
      return compileAtomic(compileNode(node.body));
    case "look":
      return compileLook(node.behind, node.negated, node.body);
    case "reference":
      return compileReference(node.groups);
    case "repeat":
      return node.body.kind === "set"
        ? compileSetRepeat(toPointTest(node.body.source, node.body.ignoresCase), node)
        : compileRepeat(compileNode(node.body), node);
  }
}

/** A class of JavaScript, with its answers for ASCII in a table. */
function toPointTest(source: string, ignoresCase: boolean): PointTest {
  const regex = new RegExp(`^${source}$`, ignoresCase ? "iu" : "u");
  const ascii = Array.from({ length: 128 }, (_, point) => regex.test(String.fromCodePoint(point)));
  return (point) => (point < 128 ? ascii[point] === true : regex.test(String.fromCodePoint(point)));
}

function compileBoundary(negated: boolean): Matcher {
  const isWord = toPointTest(WORD_SET, false);
  return ({ points }, at, then) => {
    const before = at > 0 && isWord(points[at - 1] ?? 0);
    const after = at < points.length && isWord(points[at] ?? 0);
    return (before !== after) !== negated && then(at);
  };
}

function compileGroup(index: number, body: Matcher): Matcher {
  return (matching, at, then) => {
    const { captures } = matching;
    const [start = -1, end = -1] = captures.subarray(2 * index, 2 * index + 2);
    return (
      body(matching, at, (bodyEnd) => {
        const [innerStart = -1, innerEnd = -1] = captures.subarray(2 * index, 2 * index + 2);
        captures.set([at, bodyEnd], 2 * index);
        if (then(bodyEnd)) return true;
        captures.set([innerStart, innerEnd], 2 * index);
        return false;
      }) || (captures.set([start, end], 2 * index), false)
    );
  };
}

/** The first way to match is the only one. */
function compileAtomic(body: Matcher): Matcher {
  return (matching, at, then) => {
    const before = matching.captures.slice();
    let end = -1;
    if (body(matching, at, (bodyEnd) => ((end = bodyEnd), true)) && then(end)) return true;
    matching.captures.set(before);
    return false;
  };
}

function compileLook(behind: boolean, negated: boolean, bodyNode: RegexNode): Matcher {
  const body = compileNode(bodyNode);
  const width = behind ? widthOf(bodyNode) : 0;
  return (matching, at, then) => {
    spend(matching);
    const before = matching.captures.slice();
    const start = at - width;
    const isThere = start >= 0 && body(matching, start, (end) => !behind || end === at);
    if (isThere !== negated && then(at)) return true;
    matching.captures.set(before);
    return false;
  };
}

/** How many code points a node takes; behind the position only fixed numbers are understood. */
function widthOf(node: RegexNode): number {
  switch (node.kind) {
    case "set":
      return 1;
    case "sequence":
      return node.parts.reduce((sum, part) => sum + widthOf(part), 0);
    case "alternatives": {
      const [width = 0, ...others] = node.parts.map(widthOf);
      if (others.every((other) => other === width)) return width;
      break;
    }
    case "group":
    case "atomic":
      return widthOf(node.body);
    case "repeat":
      if (node.minimum === node.maximum) return node.minimum * widthOf(node.body);
      break;
    case "reference":
      break;
    default:
      return 0;
  }
  throw new JqUnsupportedError("a regular expression that looks behind by a variable width");
}

function compileReference(groups: readonly number[]): Matcher {
  return (matching, at, then) => {
    const { points, captures } = matching;
    const index = groups.findLast((group) => (captures[2 * group] ?? -1) >= 0);
    if (index === undefined) return false;
    const text = points.subarray(captures[2 * index], captures[2 * index + 1]);
    matching.stepsLeft -= text.length;
    spend(matching);
    const isThere = text.every((point, offset) => points[at + offset] === point);
    return isThere && then(at + text.length);
  };
}

interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
  readonly isGreedy: boolean;
}

/** Of a single code point: no recursion, so that a long text is no reason for a deep stack. */
function compileSetRepeat(test: PointTest, { minimum, maximum, isGreedy }: Bounds): Matcher {
  return (matching, at, then) => {
    const { points } = matching;
    const last = Math.min(points.length, at + maximum);
    const run = (from: number, to: number): number => {
      let end = from;
      while (end < to && test(points[end] ?? 0)) {
        spend(matching);
        end++;
      }
      return end;
    };
    if (isGreedy) {
      for (let end = run(at, last); end >= at + minimum; end--) {
        spend(matching);
        if (then(end)) return true;
      }
      return false;
    }
    if (run(at, Math.min(last, at + minimum)) < at + minimum) return false;
    for (let end = at + minimum; ; end++) {
      spend(matching);
      if (then(end)) return true;
      if (end >= last || !test(points[end] ?? 0)) return false;
    }
  };
}

function compileRepeat(body: Matcher, { minimum, maximum, isGreedy }: Bounds): Matcher {
  return (matching, at, then) => {
    const attempt = (count: number, at: number): boolean => {
      spend(matching);
      if (count < minimum) return iterate(count, at);
      if (!isGreedy) return then(at) || (count < maximum && iterate(count, at));
      return (count < maximum && iterate(count, at)) || then(at);
    };
    // An iteration that takes nothing is the last one.
    const iterate = (count: number, at: number): boolean =>
      body(matching, at, (end) => (end === at && count >= minimum ? then(end) : attempt(count + 1, end)));
    return attempt(0, at);
  };
}
