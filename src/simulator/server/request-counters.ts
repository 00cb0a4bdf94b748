/** How often each endpoint was asked, by its method and path template, e.g. `GET /rest/api/3/issue/{issueIdOrKey}`. */
export class RequestCounters {
  readonly #counts = new Map<string, number>();

  add(endpoint: string): void {
    this.#counts.set(endpoint, this.count(endpoint) + 1);
  }

  count(endpoint: string): number {
    return this.#counts.get(endpoint) ?? 0;
  }

  get total(): number {
    let total = 0;
    for (const count of this.#counts.values()) total += count;
    return total;
  }

  entries(): readonly (readonly [endpoint: string, count: number])[] {
    return [...this.#counts].toSorted(([left], [right]) => left.localeCompare(right));
  }

  clear(): void {
    this.#counts.clear();
  }
}
