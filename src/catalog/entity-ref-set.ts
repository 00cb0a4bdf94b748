/** A set of entities by blueprint and identifier. */
export class EntityRefSet {
  readonly #byBlueprint = new Map<number, Set<string>>();

  has(blueprintId: number, identifier: string): boolean {
    return this.#byBlueprint.get(blueprintId)?.has(identifier) === true;
  }

  add(blueprintId: number, identifier: string): void {
    const identifiers = this.#byBlueprint.get(blueprintId);
    if (identifiers === undefined) this.#byBlueprint.set(blueprintId, new Set([identifier]));
    else identifiers.add(identifier);
  }

  remove(blueprintId: number, identifier: string): void {
    this.#byBlueprint.get(blueprintId)?.delete(identifier);
  }

  groups(): Iterable<readonly [number, ReadonlySet<string>]> {
    return this.#byBlueprint;
  }
}
