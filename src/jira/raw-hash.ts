import { createXXHash128 } from "hash-wasm";

const hasher = await createXXHash128();

/** xxh128 of some bytes and of a text that belongs to them. For noticing changes, not against forgery. */
export function hashRaw(bytes: Buffer, enrichment = ""): string {
  hasher.init();
  hasher.update(bytes);
  if (enrichment !== "") hasher.update(enrichment);
  return hasher.digest();
}
