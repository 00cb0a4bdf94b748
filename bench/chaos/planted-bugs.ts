import type { EntityInput, EntityKey } from "../../src/model/entity.ts";
import type { WriteOutcome } from "../../src/model/catalog-sink.ts";
import type { RawPage } from "../../src/model/raw-object.ts";
import type { Kind } from "../../src/jira/kind.ts";
import type { LedgerEntry, LedgerPage, LedgerStore } from "../../src/store/ledger-store.ts";
import { withMethods, withSession } from "./meddling.ts";
import type { Meddle, Seams } from "./quayside.ts";
import { crash } from "./rows/crash.ts";
import { cycles } from "./rows/cycles.ts";
import { believedDeletions, heldDeletions } from "./rows/deletions.ts";
import { drift } from "./rows/drift.ts";
import { keyMoves } from "./rows/key-moves.ts";
import { emptyAnswer, forbiddenKind } from "./rows/lost-sight.ts";
import { passingState } from "./rows/index-lag.ts";
import { refusingCatalog } from "./rows/refusing-catalog.ts";
import { sharedEntities } from "./rows/shared-entities.ts";
import { undisturbed } from "./rows/undisturbed.ts";
import type { ChaosRow } from "./row.ts";

/** A mistake that a sync could have. The row that guards against it has to turn red. */
export interface PlantedBug {
  readonly name: string;
  readonly row: ChaosRow;
  readonly plant: Meddle;
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  { name: "skip the anti-join", row: believedDeletions, plant: changeLedger(() => ({ listUnseen: async () => [] })) },
  { name: "commit on error", row: forbiddenKind, plant: changeReads(untilFirstError) },
  { name: "drop a claim", row: believedDeletions, plant: changeLedger(dropClaims) },
  { name: "remember before writing", row: crash, plant: rememberBeforeWriting },
  { name: "ignore a failed page", row: refusingCatalog, plant: ignoreFailedPages },
  { name: "lose a page on the way", row: undisturbed, plant: changeReads(withoutSecondPage) },
  { name: "forget what was read before a crash", row: crash, plant: changeLedger(forgetSkipped) },
  { name: "take everything known for unchanged", row: drift, plant: changeReads(withoutHashes) },
  { name: "never let go of a claim", row: keyMoves, plant: changeLedger(keepClaims) },
  { name: "skip the second phase of relations", row: cycles, plant: skipSecondPhase },
  { name: "ignore the claims of other resources", row: sharedEntities, plant: changeLedger(ignoreOtherClaims) },
  { name: "believe an empty answer", row: emptyAnswer, plant: changeLedger(believeEverything) },
  { name: "remove however many there are", row: heldDeletions, plant: changeLedger(holdNothing) },
  { name: "believe the index about what is gone", row: passingState, plant: changeKinds(withoutSecondLook) },
];

/** A ledger in which some methods are others. */
function changeLedger(change: (ledger: LedgerStore) => Partial<LedgerStore>): Meddle {
  return (seams) => ({ ...seams, ledger: withMethods(seams.ledger, change(seams.ledger)) });
}

/** Kinds whose full reads are others. */
function changeReads(change: (pages: AsyncIterable<RawPage>) => AsyncIterable<RawPage>): Meddle {
  return changeKinds((kind) => ({
    ...kind,
    read: (session, selector, options) => change(kind.read(session, selector, options)),
  }));
}

function changeKinds(change: (kind: Kind<unknown>) => Kind<unknown>): Meddle {
  return (seams) => ({
    ...seams,
    kinds: Object.fromEntries(Object.entries(seams.kinds).map(([name, kind]) => [name, change(kind)])),
  });
}

function withoutSecondLook(kind: Kind<unknown>): Kind<unknown> {
  return { ...kind, findUnlisted: () => Promise.resolve(new Set()) };
}

async function* untilFirstError(pages: AsyncIterable<RawPage>): AsyncGenerator<RawPage> {
  try {
    yield* pages;
  } catch {
    // That is the bug: the read ends as if all of it had been read.
  }
}

async function* withoutSecondPage(pages: AsyncIterable<RawPage>): AsyncGenerator<RawPage> {
  let count = 0;
  for await (const page of pages) {
    if (++count !== 2) yield page;
  }
}

async function* withoutHashes(pages: AsyncIterable<RawPage>): AsyncGenerator<RawPage> {
  for await (const page of pages) {
    yield { ...page, objects: page.objects.map((object) => ({ ...object, hash: "the same" })) };
  }
}

function changePages(ledger: LedgerStore, change: (page: LedgerPage) => LedgerPage | Promise<LedgerPage>) {
  return { recordPage: async (page: LedgerPage) => ledger.recordPage(await change(page)) };
}

function dropClaims(ledger: LedgerStore): Partial<LedgerStore> {
  const forget = (entry: LedgerEntry): LedgerEntry => ({ ...entry, entities: [] });
  return changePages(ledger, (page) => ({ ...page, entries: page.entries.map(forget) }));
}

/** What is unchanged or was read before counts as not seen. */
function forgetSkipped(ledger: LedgerStore): Partial<LedgerStore> {
  return changePages(ledger, (page) => (page.attempt > 1 ? { ...page, seen: [] } : page));
}

function keepClaims(ledger: LedgerStore): Partial<LedgerStore> {
  return changePages(ledger, async (page) => {
    const ids = page.entries.map(({ ref }) => ref.id);
    const known = await ledger.findObjects(page.bucket, ids);
    const keep = (entry: LedgerEntry): LedgerEntry => ({
      ...entry,
      entities: [...entry.entities, ...(known.get(entry.ref.id)?.entities ?? [])],
    });
    return { ...page, entries: page.entries.map(keep) };
  });
}

/** Whatever a vanished object let go of counts as unclaimed, whoever else claims it. */
function ignoreOtherClaims(ledger: LedgerStore): Partial<LedgerStore> {
  const released: EntityKey[] = [];
  return {
    dropObjects: async (bucket, ids, plan) => {
      const objects = await ledger.findObjects(bucket, ids);
      released.push(...[...objects.values()].flatMap(({ entities }) => entities));
      await ledger.dropObjects(bucket, ids, plan);
    },
    listUnclaimed: async (dataSource) => [...(await ledger.listUnclaimed(dataSource)), ...released.splice(0)],
  };
}

/** However much goes at once, nobody is asked. */
function holdNothing(): Partial<LedgerStore> {
  return { countUnclaimed: async () => new Map() };
}

function believeEverything(): Partial<LedgerStore> {
  return { ...holdNothing(), countObjects: async () => 0 };
}

/** What the sink would have said. The rows know no search identifiers. */
function toOutcomes(entities: readonly EntityInput[]): readonly WriteOutcome[] {
  return entities.flatMap(({ blueprint, identifier }): WriteOutcome[] =>
    typeof identifier === "string" ? [{ result: "updated", key: { blueprint, identifier } }] : [],
  );
}

/** The ledger has a page before the sink. */
function rememberBeforeWriting(seams: Seams): Seams {
  const waiting: (() => Promise<unknown>)[] = [];
  const write = async (): Promise<void> => {
    for (const put of waiting.splice(0)) await put();
  };
  const { ledger } = changeLedger((inner) => ({
    recordPage: async (page) => {
      await inner.recordPage(page);
      await write();
    },
  }))(seams);
  const sink = withSession(seams.sink, (session) => ({
    ...session,
    putPage: async (entities) => {
      waiting.push(() => session.putPage(entities));
      return toOutcomes(entities);
    },
  }));
  return { ...seams, ledger, sink };
}

function ignoreFailedPages(seams: Seams): Seams {
  const sink = withSession(seams.sink, (session) => ({
    ...session,
    putPage: (entities) => session.putPage(entities).catch(() => toOutcomes(entities)),
  }));
  return { ...seams, sink };
}

/** Relations that waited for their targets go on waiting. */
function skipSecondPhase(seams: Seams): Seams {
  return {
    ...seams,
    sink: withMethods(seams.sink, {
      beginFull: async (context) => ({
        ...(await seams.sink.beginFull(context)),
        commit: async (removals) => {
          const report = await seams.sink.applyDelta([], removals, context);
          return { removals: report.removals, stubsCreated: 0, failures: [] };
        },
      }),
    }),
  };
}
