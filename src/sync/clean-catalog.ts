import type { EntityKey } from "../model/entity.ts";
import { toEntityKeyText } from "../model/entity.ts";
import type { ResyncServices } from "./resync.ts";

export interface Cleaned {
  readonly deleted: number;
  /** Entities that were there before this installation wrote to them: they stay as they are. */
  readonly left: number;
}

/**
 * Removes the entities that this installation has created, and forgets all it has read. What was there before it came,
 * or belongs to others, stays. A second try goes on where the first was cut off.
 */
export async function cleanCatalog(services: ResyncServices, signal: AbortSignal): Promise<Cleaned> {
  const { sink, ledger, dataSource, writtenAs, newId } = services;
  // Nobody else's entity may go along, whatever the mapping says of dependents.
  const flags = { enableMergeEntity: true, createMissingRelatedEntities: false, deleteDependentEntities: false };
  const created = await ledger.listCreated(dataSource);
  const isCreated = new Set(created.map(toEntityKeyText));
  const left = new Set<string>();
  for (const bucket of await ledger.listBuckets(dataSource)) {
    for await (const key of listEntities(services, bucket)) {
      if (!isCreated.has(toEntityKeyText(key))) left.add(toEntityKeyText(key));
    }
  }
  const session = await sink.beginFull({ runId: newId(), dataSource: writtenAs, flags, signal });
  const { removals } = await session.commit(created);
  await ledger.forgetAll(dataSource);
  return { deleted: removals.deleted.length, left: left.size };
}

const PAGE_SIZE = 1000;

async function* listEntities({ ledger }: ResyncServices, bucket: string): AsyncGenerator<EntityKey> {
  let page;
  do {
    page = await ledger.listObjects(bucket, page?.at(-1)?.id ?? "", PAGE_SIZE);
    for (const { entities } of page) yield* entities;
  } while (page.length === PAGE_SIZE);
}
