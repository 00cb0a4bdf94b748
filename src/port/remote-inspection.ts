import type { Disturbed, WriteContext } from "../model/catalog-sink.ts";
import { toEntityKeyText, type EntityKey } from "../model/entity.ts";
import { groupByBlueprint } from "./group-keys.ts";
import type { RemoteBlueprints, RemoteCatalog } from "./remote-catalog.ts";

/**
 * How a run finds the entities of its installation: the API lists which of them were last written under its user agent,
 * and by whom. What is not listed, or was written by somebody else, people have removed or changed.
 */
export class RemoteInspection {
  readonly #catalog: RemoteCatalog;
  readonly #context: WriteContext;
  readonly #own: ReadonlySet<string>;
  readonly #blueprints: RemoteBlueprints;

  private constructor(
    catalog: RemoteCatalog,
    context: WriteContext,
    found: { readonly own: ReadonlySet<string>; readonly blueprints: RemoteBlueprints },
  ) {
    this.#catalog = catalog;
    this.#context = context;
    this.#own = found.own;
    this.#blueprints = found.blueprints;
  }

  static async open(catalog: RemoteCatalog, context: WriteContext): Promise<RemoteInspection> {
    const { dataSource, signal } = context;
    const [own, blueprints] = await Promise.all([
      catalog.listOwn(toUserAgent(dataSource), signal),
      catalog.listBlueprints(signal),
    ]);
    return new RemoteInspection(catalog, context, { own, blueprints });
  }

  async findDisturbed(keys: readonly EntityKey[]): Promise<Disturbed> {
    const strange = keys.filter((key) => !this.#own.has(toEntityKeyText(key)));
    const { signal } = this.#context;
    const found = await Promise.all(
      [...groupByBlueprint(strange.filter(({ blueprint }) => this.#blueprints.has(blueprint)))].map(
        ([blueprint, identifiers]) => this.#catalog.findEntities(blueprint, identifiers, { isBare: true, signal }),
      ),
    );
    const there = new Set(found.flat().map(toEntityKeyText));
    const isThere = (key: EntityKey): boolean => there.has(toEntityKeyText(key));
    return { missing: strange.filter((key) => !isThere(key)), changed: strange.filter(isThere) };
  }
}

/** Of `port-ocean/jira/0.1.0/my-jira/exporter` everything but the version: an update makes nobody a stranger. */
function toUserAgent(dataSource: string): { readonly prefix: string; readonly suffix: string } {
  const [product, type, , ...rest] = dataSource.split("/");
  return { prefix: `${product}/${type}/`, suffix: `/${rest.join("/")}` };
}
