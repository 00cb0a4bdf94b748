import { takeTurn } from "../runtime/take-turn.ts";
import type { LedgerStore } from "../store/ledger-store.ts";
import type { RawObjectRef } from "../model/raw-object.ts";

const PAGE_SIZE = 2000;

/**
 * Which objects were mapped as they are, by what a listing tells of them: id and `updated`. Kept as sorted hashes of 53
 * bits, 8 bytes an object: that one of a million takes a changed object for known is less likely than 1 in 10^9, and the
 * next verifying read would notice.
 */
export class KnownUpdates {
  readonly #hashes: Float64Array;

  private constructor(hashes: Float64Array) {
    this.#hashes = hashes.toSorted();
  }

  /** Those of a bucket that were mapped under this fingerprint. */
  static async load(ledger: LedgerStore, bucket: string, fingerprint: string): Promise<KnownUpdates> {
    const hashes: number[] = [];
    let page;
    do {
      await takeTurn();
      page = await ledger.listUpdates(bucket, `${fingerprint}:`, page?.at(-1)?.id ?? "", PAGE_SIZE);
      for (const { id, updated } of page) hashes.push(hash(`${id} ${updated}`));
    } while (page.length === PAGE_SIZE);
    return new KnownUpdates(Float64Array.from(hashes));
  }

  has({ id, updated }: RawObjectRef): boolean {
    if (updated === undefined) return false;
    const wanted = hash(`${id} ${updated}`);
    let [low, high] = [0, this.#hashes.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#hashes[middle] ?? 0;
      if (found === wanted) return true;
      if (found < wanted) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  }
}

/** Two multiplicative hashes of 32 bits, joined to 53. */
function hash(text: string): number {
  let [low, high] = [0x9dc5811c, 0x1b873593];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x85ebca6b);
    high = Math.imul(high ^ code, 0xc2b2ae35);
    low ^= low >>> 15;
    high ^= high >>> 13;
  }
  return ((high ^ (low >>> 7)) >>> 11) * 0x1_0000_0000 + (low >>> 0);
}
