/** One committed change. `seq` grows by commit order and has no meaning but its order. */
export interface Change {
  readonly seq: number;
  readonly atMs: number;
  readonly subject: "entity" | "blueprint" | "setting";
  readonly action: "created" | "updated" | "deleted";
  /** Blueprint of the entity; empty for other subjects. */
  readonly blueprint: string;
  readonly identifier: string;
  readonly actor: string;
  readonly runId: string | null;
}

/** The ordered change feed. Its rows are written in the transaction of the change that they tell of. */
export interface FeedStore {
  listAfter(seq: number, limit: number): Promise<readonly Change[]>;
  lastSeq(): Promise<number>;
  /** Called after commits of this process; several changes may share a call. Returns the way to stop. */
  onCommit(listener: () => void): () => void;
}
