/** The answers that a clause may rightly get: one of them, or both when nothing that is documented decides. */
export type Truth = ReadonlySet<boolean>;

export const YES: Truth = new Set([true]);
export const NO: Truth = new Set([false]);
export const EITHER: Truth = new Set([true, false]);

export function truly(claim: boolean): Truth {
  return claim ? YES : NO;
}

/** The answers that any of several readings gives. */
export function oneOf(readings: Iterable<Truth>): Truth {
  return new Set([...readings].flatMap((truth) => [...truth]));
}

export function opposite(truth: Truth): Truth {
  return new Set([...truth].map((claim) => !claim));
}

/** Every way in which both sides may turn out. */
export function combine(left: Truth, right: Truth, join: (a: boolean, b: boolean) => boolean): Truth {
  return new Set([...left].flatMap((a) => [...right].map((b) => join(a, b))));
}
