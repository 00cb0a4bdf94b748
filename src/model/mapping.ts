import type { JsonObject } from "./json.ts";
import type { Position } from "../runtime/errors.ts";

/** A jq program as written in the mapping, with the place it stands at (absent for JSON without positions). */
export interface JqSource {
  readonly source: string;
  readonly position?: Position;
  readonly path: readonly (string | number)[];
  /** True if a column of the program is a column of the line it stands on: one line, nothing escaped. */
  readonly isVerbatim?: boolean;
}

/** A search query whose every leaf is a jq program. */
export interface MappedSearch {
  readonly combinator: JqSource;
  readonly rules: readonly (
    | MappedSearch
    | { readonly property: JqSource; readonly operator: JqSource; readonly value: JqSource }
  )[];
}

export interface EntityMapping {
  readonly identifier: JqSource | MappedSearch;
  readonly blueprint: JqSource;
  readonly title?: JqSource;
  readonly icon?: JqSource;
  readonly team?: JqSource | MappedSearch;
  readonly properties: Readonly<Record<string, JqSource>>;
  readonly relations: Readonly<Record<string, JqSource | MappedSearch>>;
}

/** Where a value of a selector stands. */
export interface SelectorPosition extends Position {
  /** The column of the text's first character, if the text stands on one line as it is, so that columns in it can be told. */
  readonly textColumn?: number;
}

/** One entry of `resources`. `index` is its position in the document: with the kind it names the bucket. */
export interface MappingResource {
  readonly index: number;
  readonly kind: string;
  /** The selector without `query`: keys of the kind, checked by the kind itself. */
  readonly selector: JsonObject;
  /** Where each of those keys' values stands. */
  readonly selectorPositions: Readonly<Record<string, SelectorPosition>>;
  readonly query: JqSource;
  /** Each gives an entity per object. Usually one. */
  readonly mappings: readonly EntityMapping[];
  readonly itemsToParse?: JqSource;
  readonly itemsToParseName: string;
  readonly itemsToParseTopLevelTransform: boolean;
}

/** Port's "port app config": how raw objects become entities. */
export interface MappingDocument {
  readonly enableMergeEntity: boolean;
  readonly createMissingRelatedEntities: boolean;
  readonly deleteDependentEntities: boolean;
  /** 0..1; undefined means the product's own guard per kind applies. */
  readonly entityDeletionThreshold: number | undefined;
  readonly resources: readonly MappingResource[];
}
