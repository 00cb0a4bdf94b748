import type { RawObject, RawPage } from "../model/raw-object.ts";
import type { ReadOptions } from "./kind.ts";

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
