import { Random } from "../jq/random.ts";
import type { ServedCatalog } from "../served-catalog/served-catalog.ts";

export const BLUEPRINT = "thing";
const IDENTIFIERS_EACH = 120;
const BATCH = 20;

/** What a writer knows of an entity of its own. */
interface Known {
  /** The last revision that was acknowledged; undefined when it is gone, or never was. */
  revision: number | undefined;
  /** Asked for and not answered: each may have happened or not. Undefined is a deletion. */
  pending: (number | undefined)[];
  /** Writes that were acknowledged since the feed was last looked at. */
  acknowledged: number;
}

/**
 * One of several who write at the same time, each its own entities, by bulk, one by one, and by deletion. What it was
 * told is on disk it remembers; what it was not told may be there or not.
 */
export class WritingClient {
  readonly #name: string;
  readonly #random: Random;
  readonly #known = new Map<string, Known>();
  #revision = 0;

  constructor(name: string, seed: number) {
    this.#name = name;
    this.#random = new Random(seed);
  }

  /** Until the server is gone. */
  async run(served: ServedCatalog): Promise<void> {
    for (;;) {
      const isAnswered = await this.#writeOnce(served);
      if (!isAnswered) return;
    }
  }

  get acknowledged(): number {
    return [...this.#known.values()].reduce((total, known) => total + known.acknowledged, 0);
  }

  /**
   * What is wrong with what is there after a restart: an entity that was acknowledged and is not, or is older, or is one
   * that nobody wrote. Takes what is there for the truth from then on.
   */
  settle(found: ReadonlyMap<string, Document>, countChanges: (identifier: string) => number): readonly string[] {
    const problems: string[] = [];
    for (const [identifier, known] of this.#known) {
      const entity = found.get(identifier);
      const revision = entity && toRevision(entity);
      const isExpected = revision === known.revision || known.pending.includes(revision);
      if (!isExpected) {
        const pending = known.pending.length === 0 ? "nothing" : known.pending.map(String).join(", ");
        problems.push(
          `${identifier} is at ${String(revision)}: acknowledged was ${String(known.revision)}, under way ${pending}`,
        );
      }
      const changes = countChanges(identifier);
      if (changes < known.acknowledged) {
        problems.push(`${identifier} has ${changes} changes in the feed for ${known.acknowledged} acknowledged writes`);
      }
      if (entity !== undefined && !isWhole(entity))
        problems.push(`${identifier} is not whole: ${JSON.stringify(entity)}`);
      known.revision = revision;
      known.pending = [];
      known.acknowledged = 0;
    }
    return problems;
  }

  async #writeOnce(served: ServedCatalog): Promise<boolean> {
    const random = this.#random;
    const path = `/v1/blueprints/${BLUEPRINT}`;
    const dice = random.next();
    if (dice < 0.7) {
      const identifiers = random.some(this.#identifiers(), BATCH, BATCH);
      const entities = identifiers.map((identifier) => this.#toEntity(identifier, identifiers));
      return this.#send(served, "POST", `${path}/entities/bulk?upsert=true`, { entities }, entities.map(toWrite));
    }
    const identifier = random.pick(this.#identifiers());
    if (dice < 0.85) {
      const entity = this.#toEntity(identifier, [identifier]);
      return this.#send(served, "POST", `${path}/entities?upsert=true`, entity, [toWrite(entity)]);
    }
    const gone = random.some(this.#identifiers(), 5, 5);
    const writes = gone.map((each) => ({ identifier: each, revision: undefined }));
    return this.#send(served, "POST", `${path}/bulk/entities/delete`, { entities: gone }, writes);
  }

  #identifiers(): readonly string[] {
    return Array.from({ length: IDENTIFIERS_EACH }, (_, index) => `${this.#name}-${index}`);
  }

  /** The same number in several places, so that half an entity shows. */
  #toEntity(identifier: string, targets: readonly string[]): Document {
    const revision = ++this.#revision;
    const properties = { revision, again: revision, text: toText(revision), list: [revision, revision] };
    const others = this.#random.some(targets, 0, 3);
    const parent = this.#random.pick(targets);
    return { identifier, title: `${identifier} ${revision}`, properties, relations: { parent, others } };
  }

  async #send(
    served: ServedCatalog,
    method: string,
    path: string,
    body: unknown,
    writes: readonly { readonly identifier: string; readonly revision: number | undefined }[],
  ): Promise<boolean> {
    for (const { identifier, revision } of writes) this.#find(identifier).pending.push(revision);
    const status = await sendOnce(served, method, path, body);
    if (status === undefined) return false;
    if (status >= 300) throw new Error(`${method} ${path} was answered ${status}`);
    for (const { identifier, revision } of writes) {
      const known = this.#find(identifier);
      // A deletion of what is not there is none.
      if (revision !== undefined || known.revision !== undefined) known.acknowledged++;
      known.revision = revision;
      known.pending = [];
    }
    return true;
  }

  #find(identifier: string): Known {
    let known = this.#known.get(identifier);
    if (known === undefined) {
      known = { revision: undefined, pending: [], acknowledged: 0 };
      this.#known.set(identifier, known);
    }
    return known;
  }
}

export type Document = Readonly<Record<string, unknown>>;

export const THING = {
  identifier: BLUEPRINT,
  title: "Thing",
  schema: {
    properties: {
      revision: { type: "number" },
      again: { type: "number" },
      text: { type: "string" },
      list: { type: "array" },
    },
  },
  relations: { parent: { target: BLUEPRINT }, others: { target: BLUEPRINT, many: true } },
};

/** Undefined when no answer came. */
export async function sendOnce(
  served: ServedCatalog,
  method: string,
  path: string,
  body: unknown,
): Promise<number | undefined> {
  try {
    const headers = { authorization: `Bearer ${served.token}`, "content-type": "application/json" };
    const response = await fetch(served.url + path, { method, headers, body: JSON.stringify(body) });
    await response.text();
    return response.status;
  } catch {
    return undefined;
  }
}

function toText(revision: number): string {
  return `revision ${revision}, `.repeat(revision % 40);
}

function toWrite(entity: Document): { readonly identifier: string; readonly revision: number | undefined } {
  return { identifier: String(entity["identifier"]), revision: toRevision(entity) };
}

function toRevision({ properties }: Document): number | undefined {
  const { revision } = properties as { revision?: number }; // as #toEntity makes it
  return revision;
}

function isWhole({ identifier, title, properties }: Document): boolean {
  const { revision, again, text, list } = properties as Record<string, unknown>; // of an entity
  const isText = text === toText(Number(revision));
  return (
    again === revision &&
    isText &&
    JSON.stringify(list) === JSON.stringify([revision, revision]) &&
    title === `${String(identifier)} ${String(revision)}`
  );
}
