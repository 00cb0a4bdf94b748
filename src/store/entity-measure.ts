import type { EntitySearch, SearchField } from "../model/search.ts";
import type { EntityRef } from "./entity-store.ts";

/** What to look at in the entities that are measured. */
export interface MeasureSpec {
  /** Counts as far as it is a number. */
  readonly value?: SearchField;
  readonly time?: SearchField;
  readonly withMedian?: boolean;
}

export interface Measure {
  readonly count: number;
  /** Of the values; null without any. */
  readonly sum: number | null;
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly median: number | null;
  readonly earliestMs: number | null;
}

/** One relation to walk. */
export interface Step {
  readonly relation: string;
  readonly direction: "forward" | "backward";
  /** Of the entities that it leads to. */
  readonly blueprintId: number;
}

/** Measures, for each of some entities, those that are related to it. */
export interface RelatedSearch {
  readonly sourceBlueprintId: number;
  readonly identifiers: readonly string[];
  /** Undefined: over any number of relations, all with or all against their direction. */
  readonly steps?: readonly Step[];
  readonly target: Pick<EntitySearch, "rule"> & { readonly blueprintId: number };
  readonly spec: MeasureSpec;
}

export type RelatedMeasure = Measure & Pick<EntityRef, "identifier">;
