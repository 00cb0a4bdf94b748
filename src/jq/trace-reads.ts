import { listNames } from "./list-names.ts";
import type { JqDefinition, JqNode, JqPattern } from "./jq-node.ts";

/** A way into the input: keys of objects and indexes of arrays. */
export type JqPath = readonly (string | number)[];

/** Where in the input a value may stand. A value made by the program stands nowhere. */
type Places = readonly JqPath[];

interface Scope {
  readonly variables: ReadonlyMap<string, Places>;
  readonly functions: ReadonlyMap<string, Filter>;
}

/** A filter and the names it sees: a function's body, or an argument. */
interface Filter {
  readonly definition: JqDefinition | undefined;
  readonly body: JqNode;
  /** Looked up late, because a function sees itself. */
  readonly scope: () => Scope;
}

const NOWHERE: Places = [];
const MAX_CALLS = 10_000;

/** Builtins that do not look at their input; what they look at are the outputs of their arguments. */
const BLIND = listNames(`
  empty/0 error/1 now/0 nan/0 infinite/0 env/0 builtins/0 have_decnum/0 have_literal_numbers/0 range/1
  range/2 range/3 isempty/1 any/2 all/2 add/1 IN/2 INDEX/2 pow/2 atan2/2 fmod/2 ldexp/2 scalb/2
  scalbln/2 fmin/2 fmax/2 fma/3 drem/2 copysign/2 hypot/2 nextafter/2 nexttoward/2 JOIN/3 JOIN/4
  fromstream/1
`);

/** Builtins that hand on outputs of one of their arguments as they are; the others are counts. */
const HANDS_ON: Readonly<Record<string, number>> = {
  "first/1": 0,
  "last/1": 0,
  "limit/2": 1,
  "skip/2": 1,
  "nth/2": 1,
};

/** Blind builtins whose second argument sees the outputs of the first, which count as read. */
const APPLIES_SECOND = new Set(["any/2", "all/2", "INDEX/2"]);

/** Thrown where the reads cannot be followed: then everything counts as read. */
class Untraceable extends Error {}

/**
 * The parts of the input that a program can depend on; "all" when that is the input as a whole. It follows values through
 * the program without running it, and errs on the side of reading too much: what is not listed never matters.
 */
export function traceReads(program: JqNode): readonly JqPath[] | "all" {
  const tracer = new Tracer();
  try {
    tracer.consume(tracer.trace(program, [[]], { variables: new Map(), functions: new Map() }));
  } catch (error) {
    if (error instanceof Untraceable || error instanceof RangeError) return "all";
    throw error;
  }
  return tracer.reads();
}

class Tracer {
  readonly #read = new Map<string, JqPath>();
  #calls = 0;

  reads(): readonly JqPath[] | "all" {
    const paths = [...this.#read.values()].toSorted((a, b) => a.length - b.length);
    if (paths[0]?.length === 0) return "all";
    const kept: JqPath[] = [];
    for (const path of paths)
      if (!kept.some((other) => other.every((key, index) => key === path[index]))) kept.push(path);
    return kept;
  }

  /** The values at these places are looked at as a whole. */
  consume(places: Places): Places {
    for (const path of places) this.#read.set(JSON.stringify(path), path);
    return NOWHERE;
  }

  trace(node: JqNode, input: Places, scope: Scope): Places {
    const trace = (part: JqNode, from = input): Places => this.trace(part, from, scope);
    switch (node.kind) {
      case "identity":
        return input;
      case "literal":
      case "location":
      case "break":
        return NOWHERE;
      case "descend":
      case "format":
        return this.consume(input);
      case "variable":
        return scope.variables.get(node.name) ?? NOWHERE;
      case "template":
        for (const part of node.parts) if (typeof part !== "string") this.consume(trace(part));
        return NOWHERE;
      case "index":
        return this.#follow(trace(node.target), node.key, input, scope);
      case "slice":
        for (const bound of [node.from, node.to]) if (bound !== undefined) this.consume(trace(bound));
        return this.consume(trace(node.target));
      case "iterate":
        return this.consume(trace(node.target));
      case "array":
        return node.body === undefined ? NOWHERE : this.consume(trace(node.body));
      case "object":
        for (const { key, value } of node.entries) this.consume([...trace(key), ...trace(value)]);
        return NOWHERE;
      case "negate":
        return this.consume(trace(node.body));
      case "pipe":
        return trace(node.right, trace(node.left));
      case "comma":
        return [...trace(node.left), ...trace(node.right)];
      case "alternative": {
        const left = trace(node.left);
        this.consume(left); // whether it is null or false decides
        return [...left, ...trace(node.right)];
      }
      case "and":
      case "or":
      case "arithmetic":
      case "comparison":
        return this.consume([...trace(node.left), ...trace(node.right)]);
      case "assignment":
        this.consume([...input, ...trace(node.left), ...trace(node.right)]);
        return NOWHERE;
      case "if": {
        this.consume(trace(node.condition));
        return [...trace(node.whenTrue), ...(node.whenFalse === undefined ? input : trace(node.whenFalse))];
      }
      case "try":
        return [...trace(node.body), ...(node.handler === undefined ? NOWHERE : trace(node.handler, NOWHERE))];
      case "label":
        return trace(node.body);
      case "bind":
        return this.trace(node.body, input, this.#bind(node.patterns, trace(node.source), input, scope));
      case "reduce":
      case "foreach": {
        this.consume(trace(node.start));
        const inner = this.#bind(node.patterns, trace(node.source), input, scope);
        this.consume(this.trace(node.update, NOWHERE, inner));
        if (node.kind === "foreach" && node.extract !== undefined)
          this.consume(this.trace(node.extract, NOWHERE, inner));
        return NOWHERE;
      }
      case "define":
        return this.trace(node.body, input, define(node.definition, scope));
      case "call":
        return this.#call(node.name, node.args, input, scope);
    }
  }

  /** `.a.b` leads further into the input; a key that is computed may lead anywhere below. */
  #follow(target: Places, key: JqNode, input: Places, scope: Scope): Places {
    const name = key.kind === "literal" ? key.value : undefined;
    if (typeof name === "string" || typeof name === "number") return target.map((path) => [...path, name]);
    this.consume(this.trace(key, input, scope));
    return this.consume(target);
  }

  #call(name: string, args: readonly JqNode[], input: Places, scope: Scope): Places {
    if (++this.#calls > MAX_CALLS) throw new Untraceable();
    const key = `${name}/${args.length}`;
    const filter = scope.functions.get(key);
    if (filter !== undefined) return this.#apply(filter, args, input, scope);
    const isApplied = APPLIES_SECOND.has(key);
    const outputs = args.map((arg, index) => this.trace(arg, isApplied && index === 1 ? NOWHERE : input, scope));
    const handedOn = HANDS_ON[key];
    if (handedOn !== undefined) {
      for (const [index, output] of outputs.entries()) if (index !== handedOn) this.consume(output);
      return outputs[handedOn] ?? NOWHERE;
    }
    for (const output of outputs) this.consume(output);
    if (BLIND.has(key)) return NOWHERE;
    if (key === "select/1") return input;
    const [arg] = args;
    if (arg !== undefined && key === "has/1") return this.consume(this.#follow(input, arg, input, scope));
    if (arg !== undefined && key === "getpath/1") return this.#getPath(arg, input);
    // Arguments that are applied to parts of the input, or to results of their own, see nothing that is not consumed here.
    return this.consume(input);
  }

  #getPath(path: JqNode, input: Places): Places {
    const keys = toConstantPath(path);
    return keys === undefined ? this.consume(input) : input.map((place) => [...place, ...keys]);
  }

  #apply({ definition, body, scope: find }: Filter, args: readonly JqNode[], input: Places, callScope: Scope): Places {
    const scope = find();
    if (definition === undefined) return this.trace(body, input, scope);
    const variables = new Map(scope.variables);
    const functions = new Map(scope.functions);
    for (const [index, { name, isValue }] of definition.parameters.entries()) {
      const arg = args[index];
      if (arg === undefined) throw new Untraceable();
      if (isValue) variables.set(name, this.trace(arg, input, callScope));
      functions.set(`${name}/0`, { definition: undefined, body: arg, scope: () => callScope });
    }
    return this.trace(body, input, { variables, functions });
  }

  /** Of alternative patterns (`?//`) each may bind, so the source counts as read and its parts stand nowhere. */
  #bind(patterns: readonly JqPattern[], source: Places, input: Places, scope: Scope): Scope {
    const variables = new Map(scope.variables);
    const isCertain = patterns.length === 1;
    if (!isCertain) this.consume(source);
    for (const pattern of patterns) this.#match(pattern, isCertain ? source : NOWHERE, { variables, input, scope });
    return { variables, functions: scope.functions };
  }

  #match(
    pattern: JqPattern,
    value: Places,
    context: { variables: Map<string, Places>; input: Places; scope: Scope },
  ): void {
    const { variables, input, scope } = context;
    switch (pattern.kind) {
      case "name":
        variables.set(pattern.name, value);
        return;
      // That a part can be taken at all decides whether the program fails, so it counts as read, used or not.
      case "elements":
        for (const [index, element] of pattern.elements.entries()) {
          const part = value.map((path) => [...path, index]);
          this.consume(part);
          this.#match(element, part, context);
        }
        return;
      case "fields":
        for (const { key, name, pattern: inner } of pattern.fields) {
          const field = this.#follow(value, key, input, { variables, functions: scope.functions });
          this.consume(field);
          if (name !== undefined) variables.set(name, field);
          if (inner !== undefined) this.#match(inner, field, context);
        }
    }
  }
}

function define(definition: JqDefinition, scope: Scope): Scope {
  const inner: Scope = {
    variables: scope.variables,
    functions: new Map([
      ...scope.functions,
      [`${definition.name}/${definition.parameters.length}`, { definition, body: definition.body, scope: () => inner }],
    ]),
  };
  return inner;
}

/** `["fields", "summary"]` written out. */
function toConstantPath(node: JqNode): JqPath | undefined {
  if (node.kind !== "array" || node.body === undefined) return undefined;
  const keys: (string | number)[] = [];
  for (let rest: JqNode | undefined = node.body; rest !== undefined;) {
    const item: JqNode = rest.kind === "comma" ? rest.right : rest;
    if (item.kind !== "literal" || (typeof item.value !== "string" && typeof item.value !== "number")) return undefined;
    keys.unshift(item.value);
    rest = rest.kind === "comma" ? rest.left : undefined;
  }
  return keys;
}
