/** What went to one endpoint of Jira, and what came back. */
export interface EndpointCounts {
  requests: number;
  /** Received, after decompression. */
  bytes: number;
  retries: number;
  /** For the pace, for pauses that Jira asked for, and between tries. */
  waitedMs: number;
}

export class EndpointCounters {
  readonly #counts = new Map<string, EndpointCounts>();

  of(bucket: string): EndpointCounts {
    let counts = this.#counts.get(bucket);
    if (counts === undefined) this.#counts.set(bucket, (counts = { requests: 0, bytes: 0, retries: 0, waitedMs: 0 }));
    return counts;
  }

  all(): Readonly<Record<string, EndpointCounts>> {
    return Object.fromEntries([...this.#counts].map(([bucket, counts]) => [bucket, { ...counts }]));
  }
}
