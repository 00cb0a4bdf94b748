import type { Site } from "./site.ts";

/** What administrators do with custom fields. There is no webhook for it, and no issue's `updated` moves. */
export class FieldEdits {
  /** Names given since the start, by the field's id. */
  readonly names = new Map<string, string>();
  readonly removed = new Set<string>();
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  rename(id: string, name: string): void {
    this.names.set(id, name);
    this.#site.namesRevision++;
  }

  /** From every issue; for good. */
  remove(id: string): void {
    this.removed.add(id);
    this.#site.namesRevision++;
  }
}
