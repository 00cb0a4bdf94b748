import type { CatalogSink, WriteContext } from "../model/catalog-sink.ts";
import { takeTurn } from "../runtime/take-turn.ts";
import type { LedgerStore } from "../store/ledger-store.ts";
import type { SyncResource } from "./read-resource.ts";

const PAGE_SIZE = 1000;

/**
 * Looks in the sink for what these resources have written. Objects whose entities are gone, or were last written by
 * somebody else, count as changed from now on. Returns how many entities are gone.
 */
export async function findDisturbed(
  resources: readonly SyncResource[],
  services: {
    readonly sink: Pick<CatalogSink, "findDisturbed">;
    readonly ledger: LedgerStore;
    readonly context: WriteContext;
  },
): Promise<{ readonly missing: number }> {
  const { sink, ledger, context } = services;
  let missing = 0;
  for (const { bucket } of resources) {
    let page;
    do {
      await takeTurn();
      page = await ledger.listObjects(bucket, page?.at(-1)?.id ?? "", PAGE_SIZE);
      // What failed was perhaps never there, and is tried again in any case.
      const keys = page.filter(({ state }) => state !== null).flatMap(({ entities }) => entities);
      const found = await sink.findDisturbed(keys, context);
      await ledger.forgetStates([...found.missing, ...found.changed]);
      missing += found.missing.length;
    } while (page.length === PAGE_SIZE);
  }
  return { missing };
}
