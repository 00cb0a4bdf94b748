import { collect, fromOne, type JqCode, type JqRun } from "../jq-code.ts";
import type { JqValue } from "../jq-engine.ts";
import { compareValues, fail, isArray, name } from "../jq-value.ts";
import { argument, form, native, type BuiltinTable } from "./builtin.ts";
import { toItems } from "./collections.ts";

interface Ranked {
  readonly value: JqValue;
  /** All outputs of the key filter, compared as an array; the value itself when there is no filter. */
  readonly key: JqValue;
}

export const ORDERING: BuiltinTable = {
  "sort/0": native((input, _, run) => rankSelves(input, run).map(toValue)),
  "unique/0": native((input, _, run) => dropRepeated(rankSelves(input, run), run).map(toValue)),
  "min/0": native((input, _, run) => pickExtreme(asRanked(input, run), -1, run)),
  "max/0": native((input, _, run) => pickExtreme(asRanked(input, run), 1, run)),
  "sort_by/1": form((args, run) => byKey(args, run, SORTED, (ranked) => sortRanked(ranked, run).map(toValue))),
  "group_by/1": form((args, run) => byKey(args, run, SORTED, (ranked) => toGroups(sortRanked(ranked, run)))),
  "unique_by/1": form((args, run) =>
    byKey(args, run, SORTED, (ranked) => dropRepeated(sortRanked(ranked, run), run).map(toValue)),
  ),
  "min_by/1": form((args, run) => byKey(args, run, PICKED, (ranked) => pickExtreme(ranked, -1, run))),
  "max_by/1": form((args, run) => byKey(args, run, PICKED, (ranked) => pickExtreme(ranked, 1, run))),
};

const SORTED = "cannot be sorted, as they are not both arrays";
const PICKED = "cannot be iterated over";

function byKey(
  args: readonly JqCode[],
  run: JqRun,
  complaint: string,
  use: (ranked: readonly Ranked[]) => JqValue,
): JqCode {
  const key = argument(args, 0);
  return fromOne((input, scope) => {
    const ranked = toItems(input).map((value): Ranked => {
      chargeRanked(run);
      return { value, key: collect(key, value, scope, run) };
    });
    if (isArray(input)) return use(ranked);
    return fail(`${name(input)} and ${name(ranked.map(({ key }) => key))} ${complaint}`);
  });
}

function rankSelves(input: JqValue, run: JqRun): readonly Ranked[] {
  if (!isArray(input)) return fail(`${name(input)} cannot be sorted, as it is not an array`);
  return sortRanked(rankEach(input, run), run);
}

function asRanked(input: JqValue, run: JqRun): readonly Ranked[] {
  return isArray(input) ? rankEach(input, run) : fail(`${name(input)} and ${name(input)} cannot be iterated over`);
}

function rankEach(values: readonly JqValue[], run: JqRun): readonly Ranked[] {
  return values.map((value) => {
    chargeRanked(run);
    return { value, key: value };
  });
}

function chargeRanked({ budget }: JqRun): void {
  budget.step();
  budget.allocate(48);
}

function toValue({ value }: Ranked): JqValue {
  return value;
}

function sortRanked(ranked: readonly Ranked[], { budget }: JqRun): readonly Ranked[] {
  budget.allocate(32 * ranked.length);
  return ranked.toSorted((left, right) => {
    budget.step();
    const order = compareValues(left.key, right.key);
    // NaN comes before everything, itself included; as equals they keep their places.
    return order < 0 && compareValues(right.key, left.key) < 0 ? 0 : order;
  });
}

function toGroups(sorted: readonly Ranked[]): readonly JqValue[] {
  const groups: JqValue[][] = [];
  let last: Ranked | undefined;
  for (const ranked of sorted) {
    if (last !== undefined && compareValues(last.key, ranked.key) === 0) groups.at(-1)?.push(ranked.value);
    else groups.push([ranked.value]);
    last = ranked;
  }
  return groups;
}

function dropRepeated(sorted: readonly Ranked[], { budget }: JqRun): readonly Ranked[] {
  return sorted.filter(({ key }, index) => {
    budget.step();
    const before = sorted[index - 1];
    return before === undefined || compareValues(before.key, key) !== 0;
  });
}

/** The first of the smallest, or the last of the largest. */
function pickExtreme(ranked: readonly Ranked[], direction: -1 | 1, { budget }: JqRun): JqValue {
  let best: Ranked | undefined;
  for (const other of ranked) {
    best ??= other;
    if (other === best) continue;
    budget.step();
    const order = compareValues(other.key, best?.key ?? null);
    if (direction < 0 ? order < 0 : order >= 0) best = other;
  }
  return best?.value ?? null;
}
