import type { CatalogSink, Disturbed, FullSession, WriteContext, WriteOutcome } from "../model/catalog-sink.ts";
import { toEntityKeyText, type EntityInput, type EntityKey } from "../model/entity.ts";
import type { PortClient } from "./port-client.ts";
import { RemoteCatalog } from "./remote-catalog.ts";
import { RemoteInspection } from "./remote-inspection.ts";
import { RemoteSession } from "./remote-session.ts";
import { RemoteState, type RemoteNotes } from "./remote-state.ts";

export interface RemoteSinkOptions {
  readonly client: PortClient;
  readonly notes: RemoteNotes;
  /** Of the notes: another installation, or another remote catalog, has another name. */
  readonly name: string;
}

/** The sink that writes to a Port-compatible API. One per name and process: it keeps notes. */
export class RemoteSink implements CatalogSink {
  readonly #options: RemoteSinkOptions;
  readonly #catalog: RemoteCatalog;
  #state: Promise<RemoteState> | undefined;
  /** Of a run whose entities are looked at page by page. */
  readonly #inspections = new WeakMap<WriteContext, Promise<RemoteInspection>>();
  /** Of a run that is only tried: what it would have created counts as there. */
  readonly #trials = new WeakMap<WriteContext, Promise<RemoteSession>>();

  constructor(options: RemoteSinkOptions) {
    this.#options = options;
    this.#catalog = new RemoteCatalog(options.client);
  }

  async beginFull(context: WriteContext): Promise<FullSession> {
    const session = await this.#open(context);
    return {
      putPage: (entities) => session.put(entities),
      commit: async (removals) => {
        const settled = await session.settle("stub");
        return { removals: await session.remove(removals), ...settled };
      },
      abandon: async () => {
        await session.settle("hold");
      },
    };
  }

  async applyDelta(upserts: readonly EntityInput[], removals: readonly EntityKey[], context: WriteContext) {
    const session = await this.#open(context);
    const outcomes = await session.put(upserts);
    const { failures } = await session.settle(
      "stub",
      outcomes.map(({ key }) => key),
    );
    const failed = new Map(failures.map((failure) => [toEntityKeyText(failure.key), failure]));
    return {
      outcomes: outcomes.map((outcome) =>
        outcome.result === "failed" ? outcome : (failed.get(toEntityKeyText(outcome.key)) ?? outcome),
      ),
      // Looking for stubs that nothing points at costs requests: without removals it is left to the next full read.
      removals: removals.length === 0 ? { deleted: [], kept: [] } : await session.remove(removals),
    };
  }

  async findDisturbed(keys: readonly EntityKey[], context: WriteContext): Promise<Disturbed> {
    if (keys.length === 0) return { missing: [], changed: [] }; // a first run need not list what is there
    const inspection = await once(this.#inspections, context, () => RemoteInspection.open(this.#catalog, context));
    return inspection.findDisturbed(keys);
  }

  async preview(entities: readonly EntityInput[], context: WriteContext): Promise<readonly WriteOutcome[]> {
    const session = await once(this.#trials, context, () => this.#open(context));
    return session.preview(entities);
  }

  async #open(context: WriteContext): Promise<RemoteSession> {
    const { notes, name } = this.#options;
    this.#state ??= RemoteState.open(notes, name).catch((error: unknown) => {
      this.#state = undefined; // the next session reads the notes again
      throw error;
    });
    return RemoteSession.open(this.#catalog, await this.#state, context);
  }
}

/** What was made for a context before, or makes it. */
function once<Made>(made: WeakMap<WriteContext, Made>, context: WriteContext, make: () => Made): Made {
  const before = made.get(context);
  if (before !== undefined) return before;
  const now = make();
  made.set(context, now);
  return now;
}
