import type { CatalogSink, FullSession } from "../../src/model/catalog-sink.ts";
import type { Meddle, Seams } from "./quayside.ts";

/** Puts `hook` around every method of an object, also those that it gets later. */
export function around<Target extends object>(
  target: Target,
  hook: (name: string, call: () => unknown) => unknown,
): Target {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name, object);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => hook(String(name), () => Reflect.apply(value, object, args) as unknown);
    },
  });
}

/** An object in which some methods are others. */
export function withMethods<Target extends object>(target: Target, methods: Partial<Target>): Target {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(methods, name) ?? Reflect.get(object, name, object);
      return typeof value === "function" ? (value.bind(object) as unknown) : value;
    },
  });
}

/** A sink whose full sessions are changed. */
export function withSession(sink: CatalogSink, change: (session: FullSession) => FullSession): CatalogSink {
  return withMethods(sink, { beginFull: async (context) => change(await sink.beginFull(context)) });
}

/**
 * Ends the product at one of its writes, before it or after it: from there on every call into the store and the sink
 * fails, as if the process were gone. With `Infinity` it only counts.
 */
export class Guillotine {
  /** The writes so far, by their names. */
  readonly writes: string[] = [];
  readonly #step: number;
  readonly #falls: "before" | "after";
  #isDead = false;

  constructor(step: number, falls: "before" | "after") {
    this.#step = step;
    this.#falls = falls;
  }

  readonly meddle: Meddle = (seams: Seams) => ({
    ...seams,
    ledger: around(seams.ledger, this.#pass),
    runs: around(seams.runs, this.#pass),
    sink: withSession(seams.sink, (session) => around(session, this.#pass)),
  });

  readonly #pass = async (name: string, call: () => unknown): Promise<unknown> => {
    const isRead = /^(find|list|count)/.test(name);
    if (!isRead) this.writes.push(name);
    const isHere = !isRead && this.writes.length === this.#step;
    if (isHere && this.#falls === "before") this.#isDead = true;
    if (this.#isDead) throw new Error("the process is gone");
    const result = await call();
    if (isHere) this.#isDead = true;
    if (this.#isDead) throw new Error("the process is gone");
    return result;
  };
}
