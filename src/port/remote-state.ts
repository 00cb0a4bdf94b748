import { toEntityKeyText, type EntityKey } from "../model/entity.ts";
import type { Json } from "../model/json.ts";

/** Where a sink keeps what it must not forget; documents by name. */
export interface RemoteNotes {
  find(name: string): Promise<Json | undefined>;
  save(name: string, value: Json): Promise<void>;
}

/** A relation that could not be written yet: what it shall be, and which of its targets were missing. */
export interface HeldRelation {
  readonly value: string | readonly string[];
  readonly targetBlueprint: string;
  readonly missing: readonly string[];
}

export interface HeldEntity extends EntityKey {
  readonly relations: Readonly<Record<string, HeldRelation>>;
}

/**
 * What Port cannot tell: relations that wait for their targets, and which entities are there only because others point
 * at them. It outlives the process, since whoever feeds the sink does not send an unchanged entity twice.
 */
export class RemoteState {
  readonly #notes: RemoteNotes;
  readonly #name: string;
  readonly #held = new Map<string, HeldEntity>();
  readonly #stubs = new Map<string, EntityKey>();
  #isDirty = false;
  #saved: Promise<void> = Promise.resolve();

  private constructor(notes: RemoteNotes, name: string) {
    this.#notes = notes;
    this.#name = name;
  }

  static async open(notes: RemoteNotes, name: string): Promise<RemoteState> {
    const state = new RemoteState(notes, `remote-sink/${name}`);
    const document = await notes.find(state.#name);
    // Written by #write alone.
    const { held, stubs } = (document ?? { held: [], stubs: [] }) as unknown as {
      readonly held: readonly HeldEntity[];
      readonly stubs: readonly EntityKey[];
    };
    for (const entity of held) state.#held.set(toEntityKeyText(entity), entity);
    for (const key of stubs) state.#stubs.set(toEntityKeyText(key), key);
    return state;
  }

  held(): readonly HeldEntity[] {
    return [...this.#held.values()];
  }

  findHeld(key: EntityKey): HeldEntity | undefined {
    return this.#held.get(toEntityKeyText(key));
  }

  stubs(): readonly EntityKey[] {
    return [...this.#stubs.values()];
  }

  /** A write sets some relations: what waited for them is replaced by `relations`, which may be none. */
  hold(key: EntityKey, setRelations: readonly string[], relations: HeldEntity["relations"]): void {
    const text = toEntityKeyText(key);
    const before = this.#held.get(text)?.relations ?? {};
    const kept = Object.entries(before).filter(([name]) => !setRelations.includes(name));
    const next = { ...Object.fromEntries(kept), ...relations };
    if (Object.keys(next).length > 0) {
      this.#held.set(text, { blueprint: key.blueprint, identifier: key.identifier, relations: next });
      this.#isDirty = true;
    } else if (this.#held.delete(text)) this.#isDirty = true;
  }

  addStub(key: EntityKey): void {
    this.#stubs.set(toEntityKeyText(key), { blueprint: key.blueprint, identifier: key.identifier });
    this.#isDirty = true;
  }

  /** It was written for its own sake. */
  removeStub(key: EntityKey): void {
    if (this.#stubs.delete(toEntityKeyText(key))) this.#isDirty = true;
  }

  /** It is gone. */
  forget(key: EntityKey): void {
    this.removeStub(key);
    if (this.#held.delete(toEntityKeyText(key))) this.#isDirty = true;
  }

  /** Resolves when everything up to now is kept. */
  save(): Promise<void> {
    this.#saved = this.#saved.then(async () => {
      if (!this.#isDirty) return;
      this.#isDirty = false;
      const document = { held: this.held(), stubs: this.stubs() };
      try {
        await this.#notes.save(this.#name, document as unknown as Json); // plain data throughout
      } catch (error) {
        this.#isDirty = true;
        throw error;
      }
    });
    const saved = this.#saved;
    this.#saved = saved.catch(() => undefined); // whoever asked for it is told
    return saved;
  }
}
