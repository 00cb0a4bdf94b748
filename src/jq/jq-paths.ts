import { spendSteps, type JqBudget } from "./jq-budget.ts";
import type { JqValue } from "./jq-engine.ts";
import {
  compareValues,
  copyObject,
  fail,
  getField,
  isArray,
  isEqual,
  isObject,
  name,
  typeOf,
  writeField,
  type JqObject,
} from "./jq-value.ts";
import { withoutFields } from "./edit-fields.ts";
import { sliceArray, sliceString, toRange } from "./slices.ts";

/** `value[key]`, for every kind of key. */
export function readIndex(value: JqValue, key: JqValue): JqValue {
  if (isObject(value)) {
    if (typeof key === "string") return getField(value, key);
  } else if (isArray(value)) {
    if (typeof key === "number") return readElement(value, key);
    if (isObject(key)) return sliceArray(value, ...toEnds(key));
    if (isArray(key)) return findIndices(value, key);
  } else if (value === null) {
    if (typeof key === "string" || typeof key === "number" || isObject(key)) return null;
  } else if (typeof value === "string" && isObject(key)) return sliceString(value, ...toEnds(key));
  return fail(`Cannot index ${typeOf(value)} with ${name(key)}`);
}

function readElement(array: readonly JqValue[], key: number): JqValue {
  const index = Math.trunc(key);
  return array[index < 0 ? index + array.length : index] ?? null;
}

/** A key that lacks one of its ends is none. */
function toEnds({ start = false, end = false }: JqObject): readonly [JqValue, JqValue] {
  return [start, end];
}

/** Where `part` begins in `array`. */
export function findIndices(array: readonly JqValue[], part: readonly JqValue[]): number[] {
  const found: number[] = [];
  if (part.length === 0) return found;
  for (let index = 0; index + part.length <= array.length; index++) {
    spendSteps(1);
    const isThere = part.every((item, offset) => {
      spendSteps(offset & 1);
      return isEqual(array[index + offset] ?? null, item);
    });
    if (isThere) found.push(index);
  }
  return found;
}

export function readPath(value: JqValue, keys: readonly JqValue[]): JqValue {
  spendSteps(keys.length);
  return keys.reduce(readIndex, value);
}

export function toKeys(path: JqValue): readonly JqValue[] {
  return isArray(path) ? path : fail("Path must be specified as an array");
}

const MAX_INDEX = 536_870_910;

/**
 * Writes and deletes at paths of one value. Nothing that existed before is changed: containers are copied on the way
 * down, once; `#owned` holds the copies, which no one else can see and which may be written to.
 */
export class PathEditor {
  readonly #budget: JqBudget;
  readonly #owned = new Set<object>();
  #root: JqValue;

  constructor(root: JqValue, budget: JqBudget) {
    this.#root = root;
    this.#budget = budget;
  }

  get root(): JqValue {
    return this.#root;
  }

  /** The value there. What is handed out must not change any more. */
  read(keys: readonly JqValue[]): JqValue {
    const value = readPath(this.#root, keys);
    if (typeof value === "object" && value !== null && this.#owned.has(value)) this.#owned.clear();
    return value;
  }

  write(keys: readonly JqValue[], value: JqValue): void {
    this.#root = this.#write(this.#root, keys, 0, value);
  }

  /** All at once: positions are those before anything is gone. */
  delete(paths: readonly JqValue[]): void {
    const sorted = [...paths]
      .sort(compareValues)
      .map((path) => (isArray(path) ? path : fail(`Path must be specified as array, not ${typeOf(path)}`)));
    if (sorted.length > 0) this.#root = sorted[0]?.length === 0 ? null : this.#delete(this.#root, sorted, 0);
  }

  #write(value: JqValue, keys: readonly JqValue[], position: number, leaf: JqValue): JqValue {
    if (position === keys.length) return leaf;
    const key = keys[position] ?? null;
    const child = value === null ? null : readForUpdate(value, key);
    return this.#set(value, key, this.#write(child, keys, position + 1, leaf));
  }

  #set(value: JqValue, key: JqValue, child: JqValue): JqValue {
    if (typeof key === "string" && (value === null || isObject(value))) {
      const copy = this.#ownObject(value ?? {});
      writeField(copy, key, child);
      return copy;
    }
    if (typeof key === "number" && (value === null || isArray(value))) return this.#setElement(value ?? [], key, child);
    if (isObject(key) && (value === null || isArray(value))) return this.#setSlice(value ?? [], key, child);
    if (isObject(key) && isObject(value)) return fail(`Cannot update field at object index of object`);
    if (isArray(key) && isArray(value)) return fail("Cannot update field at array index of array");
    return fail(`Cannot index ${typeOf(value)} with ${name(key)}`);
  }

  #setElement(array: readonly JqValue[], key: number, child: JqValue): JqValue {
    if (Number.isNaN(key)) return fail("Cannot set array element at NaN index");
    const whole = Math.trunc(key);
    const index = whole < 0 ? whole + array.length : whole;
    if (index < 0) return fail("Out of bounds negative array index");
    if (index > MAX_INDEX) return fail("Array index too large");
    const added = Math.max(0, index - array.length);
    this.#budget.allocate(16 * added);
    this.#budget.steps(added);
    const copy = this.#ownArray(array);
    while (copy.length < index) copy.push(null);
    copy[index] = child;
    return copy;
  }

  #setSlice(array: readonly JqValue[], key: JqObject, child: JqValue): JqValue {
    const { start, end } = toRange(...toEnds(key), array.length);
    if (!isArray(child)) return fail("A slice of an array can only be assigned another array");
    this.#chargeCopy(array.length + child.length);
    return this.#own([...array.slice(0, start), ...child, ...array.slice(end)]);
  }

  /** The paths, in ascending order, agree up to `position`. */
  #delete(value: JqValue, paths: readonly (readonly JqValue[])[], position: number): JqValue {
    if (value === null) return null;
    let changed: JqValue = value;
    const removed: JqValue[] = [];
    for (let start = 0, end = 0; start < paths.length; start = end) {
      const key = paths[start]?.[position] ?? null;
      for (end = start + 1; end < paths.length; end++) if (!isEqual(paths[end]?.[position] ?? null, key)) break;
      if (paths[start]?.length === position + 1) removed.push(key);
      else {
        const child = readForUpdate(changed, key);
        const rest = this.#delete(child, paths.slice(start, end), position + 1);
        if (rest !== child) changed = this.#set(changed, key, rest);
      }
    }
    return this.#remove(changed, removed);
  }

  #remove(value: JqValue, keys: readonly JqValue[]): JqValue {
    if (keys.length === 0) return value;
    if (isObject(value)) {
      const names = keys.map((key) =>
        typeof key === "string" ? key : fail(`Cannot delete ${typeOf(key)} field of object`),
      );
      const rest = withoutFields(value, names, this.#budget);
      return rest === value ? value : this.#own(rest);
    }
    if (!isArray(value)) return fail(`Cannot delete fields from ${typeOf(value)}`);
    this.#chargeCopy(value.length);
    const kept: (JqValue | undefined)[] = [...value];
    for (const key of keys) {
      const { start, end } = toRemovedRange(key, value.length);
      this.#budget.steps(1 + ((end - start) >> 2));
      kept.fill(undefined, start, end);
    }
    return this.#own(kept.filter((item) => item !== undefined));
  }

  #ownObject(object: JqObject): { [key: string]: JqValue } {
    if (this.#owned.has(object)) return object; // made by this class
    this.#chargeCopy(Object.keys(object).length);
    return this.#own(copyObject(object));
  }

  #ownArray(array: readonly JqValue[]): JqValue[] {
    if (this.#owned.has(array)) return array as JqValue[]; // made by this class
    this.#chargeCopy(array.length);
    return this.#own([...array]);
  }

  #own<Container extends object>(container: Container): Container {
    this.#owned.add(container);
    return container;
  }

  #chargeCopy(length: number): void {
    this.#budget.steps(length >> 2);
    this.#budget.allocate(8 * length + 32);
  }
}

/** What a write below `key` starts from. */
function readForUpdate(value: JqValue, key: JqValue): JqValue {
  if (typeof value === "string" && isObject(key)) return fail("Cannot update string slices");
  return readIndex(value, key);
}

function toRemovedRange(key: JqValue, length: number): { readonly start: number; readonly end: number } {
  if (isObject(key)) return toRange(...toEnds(key), length);
  if (typeof key !== "number") return fail(`Cannot delete ${typeOf(key)} element of array`);
  const position = key < 0 ? key + length : Math.floor(key);
  const isThere = Number.isInteger(position) && position >= 0 && position < length;
  return isThere ? { start: position, end: position + 1 } : { start: 0, end: 0 };
}
