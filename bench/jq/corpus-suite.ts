import { CONSTANTS, FAMILIES } from "./corpus-families.ts";
import { CORPUS_SHAPES } from "./corpus-shapes.ts";
import { TRAPS } from "./corpus-traps.ts";
import type { Suite } from "./differential.ts";
import { toField } from "./piece.ts";
import { Random } from "./random.ts";
import { fits, isShapeName, plain, valueOf, type Shape } from "./shapes.ts";

interface Expression {
  readonly program: string;
  /** What it is meant for. */
  readonly input: Shape;
  /** A path or a constant. */
  readonly isPlain: boolean;
}

interface Path {
  readonly text: string;
  readonly shape: Shape;
}

/** How much of an input is not as the expression expects; one input for each. */
const NOISE = [0, 0.03, 0.08, 0.15, 0.3, 0.5];
const EXPRESSIONS_PER_FAMILY = 3;

/** First what is easily misread, then expressions in the style of mappings: paths, constants, and each family with several paths. */
const EXPRESSIONS = listExpressions();
export const TRAPS_SIZE = TRAPS.length;
export const CORPUS_SIZE = EXPRESSIONS.length;

/** What part of the corpus is a path or a constant, as most of what people write is. */
export const CORPUS_PLAIN_SHARE = EXPRESSIONS.filter(({ isPlain }) => isPlain).length / EXPRESSIONS.length;

export const CORPUS_SUITE: Suite = {
  name: "corpus",
  makeCase(seed, index) {
    const expression = EXPRESSIONS[index];
    if (expression === undefined) throw new RangeError(`the corpus has no expression ${index}`);
    const random = new Random(seed, index);
    return { program: expression.program, inputs: NOISE.map((noise) => valueOf(expression.input, random, noise)) };
  },
};

function listExpressions(): readonly Expression[] {
  const random = new Random(1);
  const shapes = Object.values(CORPUS_SHAPES);
  const all = [
    ...TRAPS.map((program) => ({ program, input: plain("any"), isPlain: false })),
    ...shapes.flatMap((input) =>
      listPaths(input, "")
        .flatMap(({ text }) => toSpellings(text, random))
        .map((program) => ({ program, input, isPlain: true })),
    ),
    ...CONSTANTS.map((program) => ({ program, input: random.pick(shapes), isPlain: true })),
    ...FAMILIES.flatMap((family) => random.list(EXPRESSIONS_PER_FAMILY, () => fillFamily(family, random))),
  ];
  return [...new Map(all.map((expression) => [expression.program, expression])).values()];
}

/** A family with paths in its holes, for the first kind of object (in random order) that has them all. */
function fillFamily(family: string, random: Random): Expression {
  for (const input of random.some(Object.values(CORPUS_SHAPES), 99, 99)) {
    const program = fillHoles(family, input, random);
    if (program !== undefined) return { program, input, isPlain: false };
  }
  throw new RangeError(`no kind of object has all that the family needs: ${family}`);
}

function fillHoles(family: string, input: Shape, random: Random): string | undefined {
  const paths = listPaths(input, "").filter(({ text }) => !text.includes("[]"));
  let item: readonly Path[] = [];
  let isComplete = true;
  const program = family.replaceAll(/\.?(?<!\?)<(\w+)( of item)?>/g, (_, name: string, ofItem: string | undefined) => {
    const fitting = (ofItem ? item : paths).filter(({ shape }) => isShapeName(name) && fits(shape, name));
    if (fitting.length === 0) {
      isComplete = false;
      return "";
    }
    const { text, shape } = random.pick(fitting);
    if (!ofItem && shape.kind === "array") item = listPaths(shape.item, "").filter(({ text }) => /^[.\w]+$/.test(text));
    return text;
  });
  return isComplete ? program : undefined;
}

/** All paths below a shape, through the items of its lists too. */
function listPaths(shape: Shape, prefix: string): readonly Path[] {
  if (shape.kind === "plain") return [];
  const parts: readonly Path[] =
    shape.kind === "array"
      ? [{ text: `${prefix}[]`, shape: shape.item }]
      : Object.entries(shape.fields).map(([key, field]) => ({ text: `${prefix}${toField(key)}`, shape: field }));
  return parts.flatMap((part) => [part, ...listPaths(part.shape, part.text)]);
}

/** The ways in which people write a path. */
function toSpellings(path: string, random: Random): readonly string[] {
  const bracketed = path.replace(/\.(\w+)$/, '["$1"]');
  const others = [
    `${path}?`,
    bracketed.startsWith("[") ? `.${bracketed}` : bracketed,
    `(${path})`,
    ` ${path} `,
    path.replaceAll(/\.(?=\w)/g, " | .").slice(3),
  ];
  if (!path.includes("[]")) return [path, random.pick(others)];
  return [path, path.replaceAll("[]", "[]?"), path.replaceAll("[]", "[0]"), path.replaceAll("[]", "[-1]"), `[${path}]`];
}
