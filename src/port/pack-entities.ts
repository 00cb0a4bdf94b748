import type { EntityInput } from "../model/entity.ts";

/** Port's limits for a bulk write. */
const MAX_ENTITIES = 20;
const MAX_BYTES = 1024 * 1024;
const FRAME_BYTES = Buffer.byteLength('{"entities":[]}');

/** Cuts entities into batches that fit, in order. One that is too large for any has a batch of its own. */
export function packEntities(entities: readonly EntityInput[]): readonly (readonly EntityInput[])[] {
  const batches: EntityInput[][] = [];
  let bytes = Infinity;
  for (const entity of entities) {
    const size = Buffer.byteLength(JSON.stringify(entity)) + 1;
    const last = batches.at(-1);
    if (last === undefined || last.length >= MAX_ENTITIES || bytes + size > MAX_BYTES) {
      batches.push([entity]);
      bytes = FRAME_BYTES + size;
    } else {
      last.push(entity);
      bytes += size;
    }
  }
  return batches;
}
