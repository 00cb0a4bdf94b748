import type { RawObject, RawPage } from "../model/raw-object.ts";
import type { ReadOptions } from "./kind.ts";
import { toPage } from "./to-page.ts";

const OBJECTS_PER_PAGE = 100;

/** Pages of a size that suits the consumer, for kinds that are only known as a whole. */
export function* toPages(objects: readonly RawObject[], options: ReadOptions): Generator<RawPage> {
  for (let start = 0; start < objects.length; start += OBJECTS_PER_PAGE) {
    yield toPage(objects.slice(start, start + OBJECTS_PER_PAGE), options, objects.length);
  }
}
