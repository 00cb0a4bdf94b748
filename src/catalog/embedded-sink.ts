import type {
  CatalogSink,
  Disturbed,
  FullSession,
  RemovalReport,
  WriteContext,
  WriteOutcome,
} from "../model/catalog-sink.ts";
import { toEntityKeyText, type EntityInput, type EntityKey } from "../model/entity.ts";
import { AbortError, must } from "../runtime/errors.ts";
import type { EntityRef, WriteOrigin } from "../store/entity-store.ts";
import type { Catalog } from "./catalog.ts";
import { CatalogError } from "./catalog-error.ts";
import { planEntities, toMissingTarget, type EntityOutcome, type WriteMode } from "./plan-entities.ts";
import {
  listCreated,
  removeEntities,
  settle,
  settleWaitingFor,
  writeEntities,
  type CatalogServices,
} from "./write-entities.ts";

/** Entities handled at a time where there may be very many. */
const PAGE_SIZE = 500;

/** The sink that writes to the catalog of this process. */
export class EmbeddedSink implements CatalogSink {
  readonly #services: CatalogServices;
  readonly #actor: string;

  /** `actor` becomes `createdBy` and `updatedBy`. */
  constructor(options: { readonly catalog: Pick<Catalog, "services">; readonly actor: string }) {
    this.#services = options.catalog.services;
    this.#actor = options.actor;
  }

  async beginFull(context: WriteContext): Promise<FullSession> {
    const write = this.#write(context);
    return {
      putPage: (entities) => write.put(entities, "hold"),
      commit: async (removals) => {
        const settled = await write.settleAll(context.flags.createMissingRelatedEntities ? "stub" : "hold");
        return { removals: await write.remove(removals), ...settled };
      },
      abandon: async () => {
        await write.settleAll("hold");
      },
    };
  }

  async applyDelta(upserts: readonly EntityInput[], removals: readonly EntityKey[], context: WriteContext) {
    const write = this.#write(context);
    const missing = context.flags.createMissingRelatedEntities ? "stub" : "hold";
    return { outcomes: await write.putAtOnce(upserts, missing), removals: await write.remove(removals) };
  }

  async findDisturbed(keys: readonly EntityKey[], { dataSource }: WriteContext): Promise<Disturbed> {
    const { registry, entities } = this.#services;
    const [missing, changed]: [EntityKey[], EntityKey[]] = [[], []];
    for (const [blueprint, group] of Map.groupBy(keys, (key) => key.blueprint)) {
      const loaded = registry.find(blueprint);
      const identifiers = group.map(({ identifier }) => identifier);
      const writers = loaded ? await entities.findDataSources(loaded.id, identifiers) : new Map<string, string>();
      for (const key of group) {
        const writer = writers.get(key.identifier);
        if (writer === undefined) missing.push(key);
        else if (withoutVersion(writer) !== withoutVersion(dataSource)) changed.push(key);
      }
    }
    return { missing, changed };
  }

  async preview(inputs: readonly EntityInput[], context: WriteContext): Promise<readonly WriteOutcome[]> {
    const { registry } = this.#services;
    const isPlannable = ({ blueprint }: EntityInput): boolean => registry.find(blueprint) !== undefined;
    const planned = (await this.#write(context).plan(inputs.filter(isPlannable))).values();
    return inputs.map((input) =>
      isPlannable(input)
        ? must<WriteOutcome>(planned.next().value, "every entity has an outcome")
        : // The blueprint is made before anything is written.
          { result: "created", key: { blueprint: input.blueprint, identifier: toIdentifierText(input) } },
    );
  }

  #write(context: WriteContext): SinkWrite {
    return new SinkWrite(context, this.#actor, this.#services);
  }
}

/** The writes of one session, or of one delta. */
class SinkWrite {
  readonly #context: WriteContext;
  readonly #actor: string;
  readonly #services: CatalogServices;

  constructor(context: WriteContext, actor: string, services: CatalogServices) {
    this.#context = context;
    this.#actor = actor;
    this.#services = services;
  }

  async put(
    inputs: readonly EntityInput[],
    missingTarget: WriteMode["missingTarget"],
  ): Promise<readonly WriteOutcome[]> {
    return (await this.#put(inputs, missingTarget)).map(toWriteOutcome);
  }

  /** Also completes what waited for these entities; those that wait themselves count as failed. */
  async putAtOnce(inputs: readonly EntityInput[], missingTarget: "hold" | "stub"): Promise<readonly WriteOutcome[]> {
    const outcomes = await this.#put(inputs, missingTarget);
    await settleWaitingFor(listCreated(outcomes), this.#toOrigin(), this.#services);
    return outcomes.map((outcome) => this.#toWaitingFailure(outcome) ?? toWriteOutcome(outcome));
  }

  /** Completes the relations that this data source has waiting, and tells which cannot be. */
  async settleAll(
    missingTarget: "hold" | "stub",
  ): Promise<{ readonly stubsCreated: number; readonly failures: readonly WriteOutcome[] }> {
    let stubsCreated = 0;
    const failures: WriteOutcome[] = [];
    for await (const waiting of this.#listWaiting()) {
      const { stubs, outcomes } = await settle(waiting, missingTarget, this.#toOrigin(), this.#services);
      stubsCreated += stubs;
      failures.push(...outcomes.flatMap((outcome) => this.#toWaitingFailure(outcome) ?? []));
    }
    return { stubsCreated, failures };
  }

  /** Stubs that nothing points at any more go too. */
  async remove(keys: readonly EntityKey[]): Promise<RemovalReport> {
    const { deleteDependentEntities } = this.#context.flags;
    const mode = { dependents: deleteDependentEntities ? "remove" : "ignore", referenced: "stub" } as const;
    const deleted: EntityKey[] = [];
    const kept = new Map<string, EntityKey>();
    const remove = async (some: readonly EntityKey[], onlyStubs: boolean): Promise<number> => {
      const report = await removeEntities(some, { ...mode, onlyStubs }, this.#toOrigin(), this.#services);
      deleted.push(...report.deleted);
      for (const key of report.kept) kept.set(toEntityKeyText(key), key);
      return report.deleted.length;
    };
    for (const page of toPages(keys)) await remove(page, false);
    // A stub that goes can leave another without anyone who points at it.
    let isDone = false;
    while (!isDone) {
      const idle = await this.#listIdleStubs();
      let gone = 0;
      for (const page of toPages(idle)) gone += await remove(page, true);
      isDone = gone === 0;
    }
    for (const key of deleted) kept.delete(toEntityKeyText(key));
    return { deleted, kept: [...kept.values()] };
  }

  /** What a write would do. */
  async plan(inputs: readonly EntityInput[]): Promise<readonly WriteOutcome[]> {
    const { outcomes } = await planEntities(inputs, this.#toMode("hold"), this.#toOrigin(), this.#services);
    return outcomes.map(toWriteOutcome);
  }

  async #put(
    inputs: readonly EntityInput[],
    missingTarget: WriteMode["missingTarget"],
  ): Promise<readonly EntityOutcome[]> {
    if (this.#context.signal?.aborted === true) throw new AbortError();
    return (await writeEntities(inputs, this.#toMode(missingTarget), this.#toOrigin(), this.#services)).outcomes;
  }

  #toMode(missingTarget: WriteMode["missingTarget"]): WriteMode {
    const existing = this.#context.flags.enableMergeEntity ? "merge" : "override";
    return { existing, absent: "create", missingTarget };
  }

  async *#listWaiting(): AsyncGenerator<readonly EntityRef[]> {
    let after = 0;
    let page;
    do {
      page = await this.#services.entities.listWaiting(this.#context.dataSource, after, PAGE_SIZE);
      if (page.length > 0) yield page;
      after = page.at(-1)?.id ?? after;
    } while (page.length === PAGE_SIZE);
  }

  async #listIdleStubs(): Promise<readonly EntityKey[]> {
    return (await this.#services.entities.listIdleStubs()).map(({ blueprintId, identifier }) => ({
      blueprint: this.#services.registry.getById(blueprintId).blueprint.identifier,
      identifier,
    }));
  }

  #toWaitingFailure(outcome: EntityOutcome): WriteOutcome | undefined {
    if (outcome.result === "failed" || outcome.waiting.length === 0) return undefined;
    const missing = outcome.waiting.map((edge) => toMissingTarget(edge, this.#services.registry));
    const { message } = must(missing[0], "an entity that waits does so for something");
    const others = missing.length > 1 ? ` (and ${missing.length - 1} more)` : "";
    return { result: "failed", key: outcome.key, code: "not_found", message: message + others };
  }

  #toOrigin(): WriteOrigin {
    const { dataSource, runId } = this.#context;
    return { actor: this.#actor, dataSource, runId, atMs: this.#services.clock.now() };
  }
}

function toWriteOutcome(outcome: EntityOutcome): WriteOutcome {
  if (outcome.result !== "failed") return { result: outcome.result, key: outcome.key };
  const { key, error } = outcome;
  const code = error instanceof CatalogError ? error.portCode : error.code;
  return { result: "failed", key, code, message: error.message };
}

/** Of `port-ocean/jira/0.1.0/my-jira/exporter` everything but the version: an update makes nobody a stranger. */
function withoutVersion(dataSource: string): string {
  return dataSource
    .split("/")
    .filter((_, index) => index !== 2)
    .join("/");
}

function toIdentifierText({ identifier }: EntityInput): string {
  return typeof identifier === "string" ? identifier : JSON.stringify(identifier);
}

function* toPages<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += PAGE_SIZE) yield items.slice(start, start + PAGE_SIZE);
}
