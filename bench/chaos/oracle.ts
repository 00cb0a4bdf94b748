import { createHash } from "node:crypto";
import { loadJq, type Jq } from "jq-wasm";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { toContent, type Content, type Contents } from "./content.ts";
import { TARGETS, type ChaosResource, type Raw } from "./mapping.ts";
import { readTruth } from "./truth.ts";

interface Mapped {
  readonly identifier: string;
  readonly title: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly relations: Readonly<Record<string, unknown>>;
}

/**
 * Says what a catalog has to hold, without a line of the product: truth from the site, selection by predicates, mapping
 * by real jq. What was mapped once is remembered, because a row asks again after each change.
 */
export class Oracle {
  readonly #jq: Jq;
  readonly #mapped = new Map<string, Mapped>();

  private constructor(jq: Jq) {
    this.#jq = jq;
  }

  static async load(): Promise<Oracle> {
    return new Oracle(await loadJq());
  }

  /** The entities that a mapping makes of a site as it is now. */
  async expect(jira: Simulator, resources: readonly ChaosResource[]): Promise<Contents> {
    const entities = new Map<string, Content>();
    for (const resource of resources) {
      for (const { identifier, title, properties, relations } of await this.#mapAll(jira, resource)) {
        const key = `${resource.blueprint}/${identifier}`;
        const before = entities.get(key);
        const merged = {
          title: title ?? before?.title ?? identifier,
          properties: { ...before?.properties, ...properties },
          relations: { ...before?.relations, ...relations },
        };
        entities.set(key, toContent(merged));
      }
    }
    return withStubs(entities);
  }

  /** How many objects of the site a resource selects. */
  async count(jira: Simulator, resource: ChaosResource): Promise<number> {
    return (await selectObjects(jira, resource)).length;
  }

  async #mapAll(jira: Simulator, resource: ChaosResource): Promise<readonly Mapped[]> {
    const program = toProgram(resource);
    const objects = (await selectObjects(jira, resource)).map((raw) => {
      const text = JSON.stringify(raw);
      return { text, hash: createHash("md5").update(program).update(text).digest("base64") };
    });
    const unknown = objects.filter(({ hash }) => !this.#mapped.has(hash));
    if (unknown.length > 0) {
      const { stdout } = this.#jq.raw(unknown.map(({ text }) => text).join("\n"), program, ["-c"]);
      const lines = stdout.split("\n").filter((line) => line !== "");
      if (lines.length !== unknown.length) throw new Error(`jq mapped ${lines.length} of ${unknown.length} objects`);
      for (const [index, { hash }] of unknown.entries()) {
        this.#mapped.set(hash, JSON.parse(lines[index] ?? "") as Mapped); // the shape of toProgram
      }
    }
    return objects.flatMap(({ hash }) => this.#mapped.get(hash) ?? []);
  }
}

async function selectObjects(jira: Simulator, { kind, keeps }: ChaosResource): Promise<readonly Raw[]> {
  const nowMs = jira.site.now();
  return (await readTruth(jira, kind)).filter((raw) => keeps(raw, nowMs));
}

function toProgram({ identifier, title = "null", properties, relations }: ChaosResource): string {
  const toObject = (programs: Readonly<Record<string, string>>): string =>
    `{${Object.entries(programs)
      .map(([name, program]) => `${name}: (${program})`)
      .join(", ")}}`;
  return `{identifier: (${identifier}), title: (${title}), properties: ${toObject(properties)}, relations: ${toObject(relations)}}`;
}

/** Whatever is pointed at and is nothing itself is there by its name. */
function withStubs(entities: ReadonlyMap<string, Content>): Contents {
  const all = new Map(entities);
  for (const { relations } of entities.values()) {
    for (const [relation, targets] of Object.entries(relations)) {
      for (const target of [targets].flat()) {
        const key = `${TARGETS[relation]}/${String(target)}`;
        if (!all.has(key)) all.set(key, { title: String(target), properties: {}, relations: {} });
      }
    }
  }
  return all;
}
