import { ELEMENT_BYTES, type JqRun } from "../jq-code.ts";
import type { JqValue } from "../jq-engine.ts";
import { findPart } from "../find-text.ts";
import { spendMemory, spendSteps } from "../jq-budget.ts";
import { PathEditor, readPath, toKeys } from "../jq-paths.ts";
import {
  compareValues,
  fail,
  getField,
  isArray,
  isEqual,
  isObject,
  isTruthy,
  name,
  typeOf,
  writeField,
  type JqObject,
} from "../jq-value.ts";
import { sortedKeys } from "../sorted-keys.ts";
import { countAllPoints } from "../code-points.ts";
import { add, applyArithmetic } from "../jq-arithmetic.ts";
import { argument, native, type BuiltinTable } from "./builtin.ts";

export const COLLECTIONS: BuiltinTable = {
  "length/0": native(length),
  "not/0": native((input) => !isTruthy(input)),
  "type/0": native(typeOf),
  "keys/0": native((input) => keys(input, sortedKeys)),
  "keys_unsorted/0": native((input) => keys(input, listKeys)),
  "has/1": native((input, args) => has(input, argument(args, 0))),
  "in/1": native((input, args) => has(argument(args, 0), input)),
  "contains/1": native((input, args, run) => contains(input, argument(args, 0), run)),
  "inside/1": native((input, args, run) => contains(argument(args, 0), input, run)),
  "add/0": native((input, _, run) => toItems(input).reduce((sum, item) => add(sum, item, charge(run)), null)),
  "any/0": native((input) => toItems(input).some(isTruthy)),
  "all/0": native((input) => toItems(input).every(isTruthy)),
  "flatten/0": native((input, _, run) => flatten(input, 1e9, run)),
  "flatten/1": native((input, args, run) => flatten(input, argument(args, 0), run)),
  "reverse/0": native((input, _, run) => reverse(input, run)),
  "bsearch/1": native((input, args) => searchSorted(input, argument(args, 0))),
  "transpose/0": native((input, _, run) => transpose(input, run)),
  "to_entries/0": native((input, _, run) => toEntries(input, run)),
  "from_entries/0": native((input, _, run) => fromEntries(toItems(input), run)),
  "setpath/2": native((input, args, { budget }) => {
    const editor = new PathEditor(input, budget);
    editor.write(toKeys(argument(args, 0)), argument(args, 1));
    return editor.root;
  }),
  "delpaths/1": native((input, args, { budget }) => {
    const paths = argument(args, 0);
    if (!isArray(paths)) return fail("Paths must be specified as an array");
    const editor = new PathEditor(input, budget);
    editor.delete(paths);
    return editor.root;
  }),
};

function charge({ budget }: JqRun): JqRun["budget"] {
  budget.step();
  return budget;
}

/** What `.[]` gives. */
export function toItems(input: JqValue): readonly JqValue[] {
  if (isArray(input)) return input;
  if (!isObject(input)) return fail(`Cannot iterate over ${name(input)}`);
  const values = Object.values(input);
  spendSteps(values.length);
  return values;
}

function length(input: JqValue): number {
  if (input === null) return 0;
  if (typeof input === "string") return countAllPoints(input);
  if (typeof input === "number") return Math.abs(input);
  if (isArray(input)) return input.length;
  return isObject(input) ? listKeys(input).length : fail(`${name(input)} has no length`);
}

function keys(input: JqValue, list: (object: JqObject) => readonly string[]): JqValue {
  if (isArray(input)) {
    spendSteps(input.length);
    spendMemory(ELEMENT_BYTES * input.length);
    return Array.from(input.keys());
  }
  return isObject(input) ? list(input) : fail(`${name(input)} has no keys`);
}

function listKeys(object: JqObject): readonly string[] {
  const keys = Object.keys(object);
  spendSteps(keys.length);
  return keys;
}

function has(container: JqValue, key: JqValue): boolean {
  if (container === null) return false;
  if (isObject(container) && typeof key === "string") return Object.hasOwn(container, key);
  if (isArray(container) && typeof key === "number") {
    return Math.trunc(key) >= 0 && Math.trunc(key) < container.length;
  }
  return fail(`Cannot check whether ${typeOf(container)} has a ${typeOf(key)} key`);
}

function contains(whole: JqValue, part: JqValue, run: JqRun): boolean {
  const isComparable = typeOf(whole) === typeOf(part) && (typeof whole !== "boolean" || whole === part);
  if (isComparable) return holds(whole, part, run);
  return fail(`${name(whole)} and ${name(part)} cannot have their containment checked`);
}

function holds(whole: JqValue, part: JqValue, run: JqRun): boolean {
  run.budget.step();
  if (isObject(whole) && isObject(part)) {
    return Object.keys(part).every(
      (key) => Object.hasOwn(whole, key) && holds(getField(whole, key), getField(part, key), run),
    );
  }
  if (isArray(whole) && isArray(part)) return part.every((item) => whole.some((other) => holds(other, item, run)));
  if (typeof whole === "string" && typeof part === "string") return findPart(whole, part) >= 0;
  return isEqual(whole, part);
}

function flatten(input: JqValue, depth: JqValue, run: JqRun): JqValue {
  if (compareValues(depth, 0) < 0) return fail("flatten depth must not be negative");
  const flat: JqValue[] = [];
  const visit = (items: readonly JqValue[], depth: JqValue): void => {
    for (const item of items) {
      run.budget.step();
      if (isArray(item) && depth !== 0) visit(item, applyArithmetic["-"](depth, 1, run.budget));
      else {
        run.budget.allocate(ELEMENT_BYTES);
        flat.push(item);
      }
    }
  };
  visit(toItems(input), depth);
  return flat;
}

function reverse(input: JqValue, { budget }: JqRun): JqValue {
  if (isArray(input)) {
    budget.allocate(8 * input.length);
    return input.toReversed();
  }
  const size = length(input);
  return size === 0 ? [] : fail(`Cannot index ${typeOf(input)} with number (${size - 1})`);
}

/** The position of `wanted`, or -1 - where it would have to be inserted. */
function searchSorted(input: JqValue, wanted: JqValue): JqValue {
  if (!isArray(input)) return fail(`${name(input)} cannot be searched from`);
  let low = 0;
  let high = input.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareValues(wanted, input[middle] ?? null);
    if (order === 0) return middle;
    if (order > 0) low = middle + 1;
    else high = middle;
  }
  return -1 - low;
}

function transpose(input: JqValue, { budget }: JqRun): JqValue {
  const rows = toItems(input);
  const width = rows.reduce<number>((width, row) => Math.max(width, length(row)), 0);
  const odd = rows.find((row) => row !== null && !isArray(row));
  if (odd !== undefined && width > 0) return fail(`Cannot index ${typeOf(odd)} with number (0)`);
  budget.allocate(ELEMENT_BYTES * width * Math.max(1, rows.length));
  return Array.from({ length: width }, (_, column) => {
    budget.steps(rows.length);
    return rows.map((row) => (isArray(row) ? (row[column] ?? null) : null));
  });
}

export function toEntries(input: JqValue, { budget }: JqRun): readonly JqObject[] {
  const toEntry = <Key extends string | number>(key: Key, value: JqValue): { key: Key; value: JqValue } => {
    budget.step();
    budget.allocate(64);
    return { key, value };
  };
  if (isArray(input)) return input.map((value, key) => toEntry(key, value));
  if (isObject(input)) {
    const entries: JqObject[] = [];
    for (const key in input) entries.push(toEntry(key, input[key] ?? null));
    return entries;
  }
  return fail(`${name(input)} has no keys`);
}

const KEY_NAMES = ["key", "Key", "name", "Name"];

export function fromEntries(entries: readonly JqValue[], { budget }: JqRun): JqObject {
  const object: { [key: string]: JqValue } = {};
  for (const entry of entries) {
    budget.step();
    budget.allocate(48);
    if (entry !== null && !isObject(entry)) return fail(`Cannot index ${typeOf(entry)} with string ("key")`);
    const key = entry === null ? null : readKey(entry);
    if (entry === null || typeof key !== "string") return fail(`Cannot use ${name(key)} as object key`);
    const { value = getField(entry, "Value") } = entry;
    writeField(object, key, value);
  }
  return object;
}

/** The first of the names whose value is neither null nor false. */
function readKey(entry: JqObject): JqValue {
  if (typeof entry["key"] === "string") return entry["key"];
  const found = KEY_NAMES.find((name) => isTruthy(getField(entry, name)));
  return found === undefined ? null : getField(entry, found);
}

export function getPath(input: JqValue, path: JqValue): JqValue {
  return readPath(input, toKeys(path));
}
