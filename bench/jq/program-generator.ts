import { BUILTIN_TEMPLATES } from "./builtin-templates.ts";
import { makePath } from "./path-forms.ts";
import { toField, toOperand, type Piece, type PieceMaker, type Scope } from "./piece.ts";
import type { Random } from "./random.ts";
import { SCOPED_FORMS } from "./scoped-forms.ts";
import { fits, isKindOf, isShapeName, plain, shapeOf, valueOf, type Shape, type ShapeName } from "./shapes.ts";
import { SYNTAX_TEMPLATES } from "./syntax-templates.ts";
import { fillSpecialHole, isSpecialHole } from "./template-holes.ts";

interface Template {
  readonly input: ShapeName;
  readonly text: string;
  readonly output: ShapeName | "same" | "item";
}

/** How often a subprogram of any type stands where one of a certain type is expected, so that errors occur as well. */
const WRONG_TYPE = 0.03;

const TEMPLATES: ReadonlyMap<string, readonly Template[]> = new Map(
  Object.entries({ ...BUILTIN_TEMPLATES, ...SYNTAX_TEMPLATES }).map(([name, lines]) => [name, lines.map(toTemplate)]),
);

const ALL_TEMPLATES = [...TEMPLATES.values()].flat();

/** What programs are made around: every builtin and every form of the grammar. */
export const FOCUSES: readonly string[] = [...TEMPLATES.keys(), ...Object.keys(SCOPED_FORMS)];

const WRAPPERS = [
  "[@]", "@ | .", "{a: (@)}", "(@) // 1", "try (@) catch \"caught\"", "if (@) then 1 else 2 end", "(@) as $whole | [$whole, .]", "[limit(2; @)]",
  "first(@)", "[@] | length", "reduce (@) as $each (0; . + 1)", "def whole: @; whole", "(@), 1", "label $end | @", "@ | tojson", "(@)?", "[.[]? | @]",
  "{x: .} | .y = (.x | @)", "[@] | .[0]", ". as $dot | @", "@ | [., .]", "[foreach (@) as $each (0; . + 1; [$each, .])]", "def once(f): f; once(@)",
] as const; // prettier-ignore

/** Makes programs that are mostly well typed for an input of a known shape. */
export class ProgramGenerator implements PieceMaker {
  readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  /** A program around one builtin or form, and the shape of the inputs it is meant for. */
  program(focus: string): { readonly text: string; readonly input: Shape } {
    const templates = TEMPLATES.get(focus);
    const template = templates && this.random.pick(templates);
    const direct = template !== undefined && this.random.chance(0.5);
    const input = shapeOf(
      direct ? template.input : this.random.pick(["object", "object", "objects", "array", "any"]),
      this.random,
    );
    const scope = { dot: input, variables: [] };
    let { text } = template ? this.#apply(template, scope, 2) : this.scoped(focus, scope, "any", 2);
    while (this.random.chance(0.3)) text = this.random.pick(WRAPPERS).replace("@", () => text);
    return { text, input };
  }

  /** A program for the input of the scope that gives a value of the wanted shape. */
  expression(scope: Scope, want: ShapeName, depth: number): Piece {
    const { random } = this;
    const wanted = random.chance(WRONG_TYPE)
      ? random.pick(["any", "string", "number", "array", "null"] as const)
      : want;
    if (depth <= 0 || random.chance(0.3)) {
      const reachable = [{ text: ".", shape: scope.dot }, ...scope.variables]
        .flatMap((part) => listReachable(part, 2))
        .filter(({ shape }) => fits(shape, wanted));
      return reachable.length > 0 && random.chance(0.75) ? random.pick(reachable) : this.literal(wanted);
    }
    if (random.chance(0.15)) return this.scoped(random.pick(Object.keys(SCOPED_FORMS)), scope, wanted, depth - 1);
    const templates = listTemplates(wanted);
    return templates.length === 0 ? this.literal(wanted) : this.#apply(random.pick(templates), scope, depth - 1);
  }

  /** As `expression`, in brackets unless it binds tighter than any operator. */
  operand(scope: Scope, want: ShapeName, depth: number): Piece {
    const piece = this.expression(scope, want, depth);
    return { ...piece, text: toOperand(piece.text) };
  }

  literal(want: ShapeName): Piece {
    const shape = shapeOf(want, this.random);
    return { text: JSON.stringify(valueOf(shape, this.random)), shape };
  }

  path(scope: Scope, depth: number): Piece {
    return makePath(this, scope, depth);
  }

  scoped(name: string, scope: Scope, want: ShapeName, depth: number): Piece {
    const form = SCOPED_FORMS[name];
    if (form === undefined) throw new RangeError(`there is no form "${name}"`);
    return form(this, scope, want, depth);
  }

  fill(text: string, scope: Scope, depth: number): string {
    return text.replaceAll(
      /<(~?)(?:(\w+):)?([a-zA-Z]+)>/g,
      (_, operand: string, dotName: string | undefined, hole: string) => {
        const inner = dotName === undefined ? scope : { ...scope, dot: this.#dotFor(dotName, scope.dot) };
        if (hole === "path") return this.path(inner, depth).text;
        if (isSpecialHole(hole)) return fillSpecialHole(hole, this.random);
        if (!isShapeName(hole)) throw new RangeError(`"${hole}" names neither a hole nor a shape`);
        return (operand ? this.operand(inner, hole, depth) : this.expression(inner, hole, depth)).text;
      },
    );
  }

  #apply(template: Template, scope: Scope, depth: number): Piece {
    const { random } = this;
    const isDirect = fits(scope.dot, template.input) && random.chance(0.8);
    const source = isDirect ? { text: "", shape: scope.dot } : this.operand(scope, template.input, depth);
    const own = this.fill(template.text, { ...scope, dot: source.shape }, depth);
    const text = isDirect ? own : `${source.text} | ${own}`;
    return { text, shape: this.#output(template, source.shape) };
  }

  #output({ output }: Template, input: Shape): Shape {
    if (output === "same") return input;
    if (output === "item") return input.kind === "array" ? input.item : plain("any");
    return shapeOf(output, this.random);
  }

  #dotFor(name: string, dot: Shape): Shape {
    if (name === "item") return dot.kind === "array" ? dot.item : plain("any");
    if (name === "value")
      return dot.kind === "object" ? this.random.pick([...Object.values(dot.fields), plain("any")]) : plain("any");
    return isShapeName(name) ? shapeOf(name, this.random) : plain("any");
  }
}

/** The parts of a value that a path leads to, itself included. */
function listReachable(from: Piece, depth: number): readonly Piece[] {
  const { text, shape } = from;
  if (depth === 0 || shape.kind === "plain") return [from];
  const prefix = text === "." ? "" : text;
  const parts =
    shape.kind === "array"
      ? [{ text: `${prefix || "."}[0]`, shape: shape.item }]
      : Object.entries(shape.fields).map(([key, field]) => ({ text: `${prefix}${toField(key)}`, shape: field }));
  return [from, ...parts.flatMap((part) => listReachable(part, depth - 1))];
}

function toTemplate(line: string): Template {
  const [, input = "", text = "", output = ""] = /^(\w+) \| (.*) -> (\w+)$/s.exec(line) ?? [];
  if (!isShapeName(input) || !(isShapeName(output) || output === "same" || output === "item")) {
    throw new SyntaxError(`not a template: ${line}`);
  }
  return { input, text, output };
}

const templatesByWant = new Map<ShapeName, readonly Template[]>();

function listTemplates(want: ShapeName): readonly Template[] {
  let found = templatesByWant.get(want);
  if (found === undefined) {
    found = ALL_TEMPLATES.flatMap((template) => {
      if (want === "any") return [template];
      if (template.output === "item") return [];
      if (template.output === "same") return isKindOf(want, template.input) ? [{ ...template, input: want }] : [];
      return isKindOf(template.output, want) ? [template] : [];
    });
    templatesByWant.set(want, found);
  }
  return found;
}
