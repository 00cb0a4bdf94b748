import type { CatalogSink, FullSession, WriteContext } from "../model/catalog-sink.ts";
import { toEntityKeyText, type EntityInput, type EntityKey } from "../model/entity.ts";
import type { PortClient } from "./port-client.ts";
import { RemoteCatalog } from "./remote-catalog.ts";
import { RemoteSession } from "./remote-session.ts";
import { RemoteState, type RemoteNotes } from "./remote-state.ts";

/** The sink that writes to a Port-compatible API. One per data source and process: it keeps notes. */
export class RemoteSink implements CatalogSink {
  readonly #catalog: RemoteCatalog;
  readonly #notes: RemoteNotes;
  readonly #states = new Map<string, Promise<RemoteState>>();

  constructor(options: { readonly client: PortClient; readonly notes: RemoteNotes }) {
    this.#catalog = new RemoteCatalog(options.client);
    this.#notes = options.notes;
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
      removals: await session.remove(removals),
    };
  }

  async #open(context: WriteContext): Promise<RemoteSession> {
    let state = this.#states.get(context.dataSource);
    if (state === undefined) {
      state = RemoteState.open(this.#notes, context.dataSource);
      this.#states.set(context.dataSource, state);
      state.catch(() => this.#states.delete(context.dataSource)); // the caller is told; the next one tries again
    }
    return RemoteSession.open(this.#catalog, await state, context);
  }
}
