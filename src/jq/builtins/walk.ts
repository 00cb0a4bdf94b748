import { collect, ELEMENT_BYTES, fromOne, readFirst, type Frame, type JqCode, type JqRun } from "../jq-code.ts";
import type { JqValue } from "../jq-engine.ts";
import { copyObject, isArray, isObject, writeField, type JqObject } from "../jq-value.ts";
import { pipe } from "../pipe.ts";

/** Children first. What stays as it was is not copied: most of what is walked through does. */
export function compileWalk(change: JqCode, run: JqRun): JqCode {
  const { budget } = run;
  const walkChildren = (value: JqValue, scope: Frame | undefined): JqValue => {
    if (isArray(value)) return walkArray(value, scope);
    return isObject(value) ? walkObject(value, scope) : value;
  };
  const visit = pipe(fromOne(walkChildren), change);
  const { maybe: visitOne } = visit;

  const walkArray = (array: readonly JqValue[], scope: Frame | undefined): readonly JqValue[] => {
    budget.steps(array.length);
    if (visitOne === undefined) return array.flatMap((item) => collect(visit, item, scope, run));
    let changed: JqValue[] | undefined;
    for (let index = 0; index < array.length; index++) {
      const before = array[index] ?? null;
      const after = visitOne(before, scope);
      if (changed === undefined) {
        if (after === before) continue;
        budget.allocate(ELEMENT_BYTES * array.length);
        changed = array.slice(0, index);
      }
      if (after !== undefined) changed.push(after);
    }
    return changed ?? array;
  };

  const walkObject = (object: JqObject, scope: Frame | undefined): JqObject => {
    let changed: { [key: string]: JqValue } | undefined;
    for (const key in object) {
      budget.step();
      const before = object[key] ?? null;
      const after = readFirst(visit, before, scope, run);
      if (after === before) continue;
      if (changed === undefined) {
        changed = copyObject(object);
        budget.allocate(32 * Object.keys(changed).length);
      }
      if (after === undefined) delete changed[key];
      else writeField(changed, key, after);
    }
    return changed ?? object;
  };
  return visit;
}
