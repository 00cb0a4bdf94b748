/** A regular expression in Oniguruma's syntax, as far as it is understood here. */
export type RegexNode =
  | { readonly kind: "empty" }
  /** One code point out of a class; `source` is a class of JavaScript's `u` mode, brackets included. */
  | { readonly kind: "set"; readonly source: string; readonly ignoresCase: boolean }
  | { readonly kind: "start" | "end" | "endOrNewline" | "lineStart" | "lineEnd" }
  | { readonly kind: "boundary"; readonly negated: boolean }
  | { readonly kind: "sequence" | "alternatives"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "group"; readonly index: number; readonly body: RegexNode }
  | { readonly kind: "atomic"; readonly body: RegexNode }
  | { readonly kind: "look"; readonly behind: boolean; readonly negated: boolean; readonly body: RegexNode }
  | { readonly kind: "reference"; readonly groups: readonly number[] }
  | {
      readonly kind: "repeat";
      readonly body: RegexNode;
      readonly minimum: number;
      /** Infinity when open. */
      readonly maximum: number;
      readonly isGreedy: boolean;
    };

export interface ParsedRegex {
  readonly body: RegexNode;
  /** The name of each group, in order; undefined when it has none. */
  readonly groups: readonly (string | undefined)[];
}

export interface RegexFlags {
  readonly ignoresCase: boolean;
  readonly isExtended: boolean;
  readonly dotMatchesNewline: boolean;
}
