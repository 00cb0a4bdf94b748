/**
 * Applies `work` to what `source` gives, `concurrency` at a time, and yields the results in the order of the source.
 * The source is asked for no more than is being worked on. A failure, or a consumer that stops, aborts what is under
 * way through the signal that `work` gets.
 */
export async function* mapInOrder<Item, Result>(
  source: Iterable<Item> | AsyncIterable<Item>,
  options: { readonly concurrency: number; readonly signal: AbortSignal },
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const running: Promise<Result>[] = [];
  try {
    for await (const item of source) {
      const task = work(item, signal);
      task.catch(() => undefined); // its turn comes; until then it must not count as unhandled
      running.push(task);
      const first = running.length >= options.concurrency ? running.shift() : undefined;
      if (first !== undefined) yield await first;
    }
    for (let next = running.shift(); next !== undefined; next = running.shift()) yield await next;
  } finally {
    stop.abort();
    await Promise.allSettled(running);
  }
}
