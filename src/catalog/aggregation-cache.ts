/** How old a value may be: of aggregations along a path, and of those over whatever is related. */
const MAX_AGE_MS = { prompt: 1000, late: 60_000 } as const;
const MAX_VALUES = 100_000;

interface Entry {
  readonly value: number | null;
  readonly atMs: number;
}

/** Aggregated values that were computed a moment ago. */
export class AggregationCache {
  readonly #entries = new Map<string, Entry>();

  find(
    key: string,
    identifiers: readonly string[],
    kind: keyof typeof MAX_AGE_MS,
    nowMs: number,
  ): { readonly values: Map<string, number | null>; readonly missing: readonly string[] } {
    const values = new Map<string, number | null>();
    const missing = identifiers.filter((identifier) => {
      const entry = this.#entries.get(`${key}/${identifier}`);
      const isFresh = entry !== undefined && nowMs - entry.atMs < MAX_AGE_MS[kind];
      if (isFresh) values.set(identifier, entry.value);
      return !isFresh;
    });
    return { values, missing };
  }

  put(key: string, identifier: string, value: number | null, atMs: number): void {
    const text = `${key}/${identifier}`;
    this.#entries.delete(text);
    this.#entries.set(text, { value, atMs });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_VALUES && oldest !== undefined) this.#entries.delete(oldest);
  }
}
