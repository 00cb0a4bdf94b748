import type {
  ArithmeticOperator,
  AssignmentOperator,
  ComparisonOperator,
  JqNode,
  JqPattern,
} from "../../src/jq/jq-node.ts";
import { parseJq } from "../../src/jq/parse-jq.ts";

type Counted = JqNode["kind"] | JqPattern["kind"] | ArithmeticOperator | ComparisonOperator | AssignmentOperator;

/** Every kind of node, pattern and operator of the grammar; the type makes the list complete. */
const GRAMMAR: Readonly<Record<Counted, true>> = {
  identity: true, descend: true, literal: true, template: true, format: true, index: true, slice: true, iterate: true, array: true,
  object: true, variable: true, location: true, negate: true, pipe: true, comma: true, alternative: true, and: true, or: true,
  arithmetic: true, comparison: true, assignment: true, if: true, try: true, label: true, break: true, bind: true, reduce: true,
  foreach: true, define: true, call: true, name: true, elements: true, fields: true,
  "+": true, "-": true, "*": true, "/": true, "%": true, "==": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true,
  "=": true, "|=": true, "+=": true, "-=": true, "*=": true, "/=": true, "%=": true, "//=": true,
}; // prettier-ignore

/** How often each kind of the grammar and each builtin occurs in programs. */
export class Coverage {
  readonly #counts: Map<string, number>;

  constructor(builtins: readonly string[]) {
    this.#counts = new Map([...Object.keys(GRAMMAR), ...builtins].map((name) => [name, 0]));
  }

  add(program: string): void {
    let tree: JqNode;
    try {
      tree = parseJq(program);
    } catch {
      return; // not a program: it covers nothing
    }
    const own = new Set([...program.matchAll(/\bdef (\w+)/g)].map(([, name = ""]) => name));
    this.#visit(tree, own);
  }

  /** What occurs less than `times`. */
  listRare(times: number): readonly string[] {
    return [...this.#counts].filter(([, count]) => count < times).map(([name, count]) => `${name} (${count})`);
  }

  get rarest(): number {
    return Math.min(...this.#counts.values());
  }

  get size(): number {
    return this.#counts.size;
  }

  #visit(part: unknown, own: ReadonlySet<string>): void {
    if (typeof part !== "object" || part === null) return;
    if (Array.isArray(part)) {
      for (const child of part) this.#visit(child, own);
      return;
    }
    if ("kind" in part) this.#count(part.kind);
    if ("operator" in part) this.#count(part.operator);
    if ("args" in part && Array.isArray(part.args) && "name" in part && !own.has(String(part.name))) {
      this.#count(`${String(part.name)}/${part.args.length}`);
    }
    for (const child of Object.values(part)) this.#visit(child, own);
  }

  #count(name: unknown): void {
    const count = this.#counts.get(String(name));
    if (count !== undefined) this.#counts.set(String(name), count + 1);
  }
}
