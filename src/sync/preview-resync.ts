import type { CatalogSink, FullSession, WriteContext, WriteOutcome } from "../model/catalog-sink.ts";
import type { EntityInput, EntityKey } from "../model/entity.ts";
import type { NewRemovalPlan } from "../store/plan-store.ts";
import type { Run } from "../store/run-store.ts";
import { PreviewLedger } from "./preview-ledger.ts";
import { Resync, type ResyncOptions, type ResyncPlan, type ResyncServices, type ResyncSink } from "./resync.ts";

/** What a resync would do to the entities of one blueprint. */
export interface PreviewedChanges {
  created: number;
  updated: number;
  deleted: number;
  /** A few identifiers of each. */
  readonly samples: { readonly created: string[]; readonly updated: string[]; readonly deleted: string[] };
}

export interface SyncPreview {
  /** The run as it would be recorded. */
  readonly run: Run;
  /** By blueprint. */
  readonly changes: ReadonlyMap<string, PreviewedChanges>;
  /** What would be held, with the number of entities. */
  readonly held: readonly (NewRemovalPlan & { readonly entities: number })[];
}

const MAX_SAMPLES = 5;

/** A resync in earnest, but over a ledger whose changes are kept in memory, and a sink that only says what it would do. */
export async function previewResync(
  plan: ResyncPlan,
  options: ResyncOptions,
  services: ResyncServices & { readonly sink: CatalogSink },
): Promise<SyncPreview> {
  const { runs } = services;
  const ledger = new PreviewLedger(services.ledger);
  const sink = new PreviewSink(services.sink);
  const resync = new Resync({
    ...services,
    sink,
    ledger,
    runs: {
      save: () => Promise.resolve(),
      find: (id) => runs.find(id),
      list: (dataSource, limit) => runs.list(dataSource, limit),
    },
  });
  const run = await resync.run(plan, options);
  return { run, changes: sink.changes, held: ledger.held };
}

class PreviewSink implements ResyncSink {
  readonly changes = new Map<string, PreviewedChanges>();
  readonly #sink: CatalogSink;

  constructor(sink: CatalogSink) {
    this.#sink = sink;
  }

  async beginFull(context: WriteContext): Promise<FullSession> {
    return {
      putPage: (entities) => this.#put(entities, context),
      commit: async (removals) => {
        this.#note("deleted", removals);
        return { removals: { deleted: removals, kept: [] }, stubsCreated: 0, failures: [] };
      },
      abandon: () => Promise.resolve(),
    };
  }

  findDisturbed(keys: readonly EntityKey[], context: WriteContext) {
    return this.#sink.findDisturbed(keys, context);
  }

  async #put(entities: readonly EntityInput[], context: WriteContext): Promise<readonly WriteOutcome[]> {
    const outcomes = await this.#sink.preview(entities, context);
    for (const result of ["created", "updated"] as const) {
      this.#note(
        result,
        outcomes.filter((outcome) => outcome.result === result).map(({ key }) => key),
      );
    }
    return outcomes;
  }

  #note(change: "created" | "updated" | "deleted", keys: readonly EntityKey[]): void {
    for (const { blueprint, identifier } of keys) {
      let changes = this.changes.get(blueprint);
      if (changes === undefined) {
        changes = { created: 0, updated: 0, deleted: 0, samples: { created: [], updated: [], deleted: [] } };
        this.changes.set(blueprint, changes);
      }
      changes[change]++;
      if (changes.samples[change].length < MAX_SAMPLES) changes.samples[change].push(identifier);
    }
  }
}
