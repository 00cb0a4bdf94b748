import { forEachCombination, fromMany, fromOne, type JqCode, type JqRun } from "../jq-code.ts";
import type { JqValue } from "../jq-engine.ts";
import type { JqDefinition } from "../jq-node.ts";

/** What a name means when the program does not define it. */
export type Builtin =
  /** Decides itself when to run its arguments. */
  | { readonly kind: "form"; readonly compile: (args: readonly JqCode[], run: JqRun) => JqCode }
  /** Written in jq. */
  | { readonly kind: "defined"; readonly definition: JqDefinition }
  /** Stands for the jq that it makes of its one argument, a string that is written out. */
  | { readonly kind: "macro"; readonly expand: (argument: string) => string }
  | { readonly kind: "refused"; readonly reason: string }
  /** Left to real jq. */
  | { readonly kind: "unsupported" };

/** Keys are `name/arity`. */
export type BuiltinTable = Readonly<Record<string, Builtin>>;

/** What a program may call besides jq's own functions, and what it did call. */
export interface AddedFunctions {
  readonly table: BuiltinTable;
  readonly used: Set<string>;
}

export type NativeFunction = (input: JqValue, args: readonly JqValue[], run: JqRun) => JqValue;

const NO_VALUES: readonly JqValue[] = [];

/**
 * A function of values: called for every combination of its arguments, of which the first varies fastest. Reading the
 * input once is paid for; what a function does beyond that it has to charge itself.
 */
export function native(read: NativeFunction): Builtin {
  const call: NativeFunction = (input, args, run) => {
    chargeReading(input, run);
    return read(input, args, run);
  };
  return {
    kind: "form",
    compile: (args, run) => {
      const readers = args.flatMap(({ one }) => (one === undefined ? [] : [one]));
      if (readers.length < args.length) {
        return fromMany((input, scope, emit) =>
          forEachCombination(args, input, scope, (values) => emit(call(input, values, run))),
        );
      }
      const [first] = readers;
      if (first === undefined) return fromOne((input) => call(input, NO_VALUES, run));
      if (readers.length === 1) return fromOne((input, scope) => call(input, [first(input, scope)], run));
      return fromOne((input, scope) => {
        const values = readers.map((): JqValue => null);
        for (let index = readers.length - 1; index >= 0; index--)
          values[index] = readers[index]?.(input, scope) ?? null;
        return call(input, values, run);
      });
    },
  };
}

function chargeReading(input: JqValue, { budget }: JqRun): void {
  if (typeof input === "string") budget.steps(input.length >> 5);
  else if (Array.isArray(input)) budget.steps(input.length >> 3);
  else budget.step();
}

export function form(compile: (args: readonly JqCode[], run: JqRun) => JqCode): Builtin {
  return { kind: "form", compile };
}

/** The argument at `index`; the arity of the builtin guarantees that it is there. */
export function argument<Item>(args: readonly Item[], index: number): Item {
  return args[index] as Item;
}
