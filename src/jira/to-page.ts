import type { RawObject, RawPage } from "../model/raw-object.ts";
import type { ReadOptions } from "./kind.ts";

const OBJECTS_PER_PAGE = 100;

/** A page of what a listing sent with its bodies: what the caller holds already goes to `skipped`. */
export function toPage(objects: readonly RawObject[], options: ReadOptions, expectedTotal?: number): RawPage {
  const skipped = objects.filter((object) => options.skip(object));
  const isSkipped = new Set(skipped);
  return {
    objects: objects.filter((object) => !isSkipped.has(object)),
    skipped: skipped.map(({ id, key, updated }) => ({
      id,
      ...(key !== undefined && { key }),
      ...(updated !== undefined && { updated }),
    })),
    ...(expectedTotal !== undefined && { expectedTotal }),
  };
}

/** Pages of a size that suits the consumer, for kinds that are only known as a whole. */
export function* toPages(objects: readonly RawObject[], options: ReadOptions): Generator<RawPage> {
  for (let start = 0; start < objects.length; start += OBJECTS_PER_PAGE) {
    yield toPage(objects.slice(start, start + OBJECTS_PER_PAGE), options, objects.length);
  }
}
