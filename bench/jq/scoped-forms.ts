import { toOperand, type Piece, type PieceMaker, type Scope } from "./piece.ts";
import { arrayOf, plain, type Shape, type ShapeName } from "./shapes.ts";

/** Makes a piece that gives the wanted shape. */
type Form = (maker: PieceMaker, scope: Scope, want: ShapeName, depth: number) => Piece;

/** The forms of the grammar that bring new names into reach, or make a body run on another input. */
export const SCOPED_FORMS: Readonly<Record<string, Form>> = {
  pipe(maker, scope, want, depth) {
    const source = maker.expression(scope, maker.random.pick(["any", "object", "array", "string", "number"]), depth);
    const target = maker.expression({ ...scope, dot: source.shape }, want, depth);
    return { text: `${source.text} | ${target.text}`, shape: target.shape };
  },
  binding(maker, scope, want, depth) {
    const name = maker.random.pick(["$x", "$y", "$value", "$and"]);
    const source = maker.operand(scope, maker.random.pick(["any", "number", "string", "object"]), depth);
    const body = maker.expression(withVariables(scope, { text: name, shape: source.shape }), want, depth);
    return { text: `${source.text} as ${name} | ${body.text}`, shape: body.shape };
  },
  "array pattern": (maker, scope, want, depth) => {
    const source = maker.operand(scope, "numbers", depth);
    const pattern = maker.random.pick(["[$x, $y]", "[$x]", "[$x, $y, $z]", "[$y, [$x]]"]);
    return bind(maker, scope, { text: `${source.text} as ${pattern}`, shape: plain("number") }, want, depth);
  },
  "object pattern": (maker, scope, want, depth) => {
    const source = toOperand(
      `{a: ${maker.operand(scope, "number", depth).text}, b: [1, ${maker.operand(scope, "number", depth).text}], x: 5}`,
    );
    const pattern = maker.random.pick([
      "{a: $x}",
      "{a: $x, b: [$y]}",
      "{$x}",
      '{"a": $x}',
      '{("a", "x"): $x}',
      "{$b: [$x, $y]}",
      '{"\\("a")": $x}',
      "{a: $x, $x}",
    ]);
    return bind(maker, scope, { text: `${source} as ${pattern}`, shape: plain("number") }, want, depth);
  },
  "alternative patterns": (maker, scope, want, depth) => {
    const source = maker.random.pick([
      "[1, 2]",
      "{a: 3}",
      "[[4]]",
      "[5, [6]]",
      maker.operand(scope, "any", depth).text,
    ]);
    const patterns = maker.random.pick([
      "[$x] ?// {a: $x} ?// $x",
      "[[$x]] ?// [$x]",
      "{a: $x} ?// [$x, $y]",
      "$x ?// [$x]",
      "{$x} ?// [$y] ?// $x",
    ]);
    const tail = maker.random.pick(["", "", 'if ($x | type) == "null" then error("next") else $x end | ']);
    return bind(maker, scope, { text: `${source} as ${patterns}`, shape: plain("any") }, want, depth, tail);
  },
  reduce(maker, scope, want, depth) {
    const { stream, item } = makeStream(maker, scope, depth);
    const start = maker.expression(scope, want, depth);
    const update = maker.expression(
      { dot: start.shape, variables: [...scope.variables, { text: "$item", shape: item }] },
      want,
      depth,
    );
    return { text: `reduce ${stream} as $item (${start.text}; ${update.text})`, shape: start.shape };
  },
  foreach(maker, scope, _want, depth) {
    const { stream, item } = makeStream(maker, scope, depth);
    const start = maker.expression(scope, "number", depth);
    const inner = { dot: start.shape, variables: [...scope.variables, { text: "$item", shape: item }] };
    const update = maker.expression(inner, "number", depth);
    const extract = maker.random.chance(0.5) ? `; ${maker.expression(inner, "any", depth).text}` : "";
    return {
      text: `[foreach ${stream} as $item (${start.text}; ${update.text}${extract})]`,
      shape: arrayOf(plain("any")),
    };
  },
  "pattern in reduce": (maker, scope, _want, depth) => {
    const sum = maker.random.pick(["reduce", "foreach"]);
    const start = maker.expression(scope, "number", depth).text;
    return {
      text: `[${sum} ([1, 2], [3, ${maker.operand(scope, "integer", depth).text}]) as [$x, $y] (${start}; . + $x * $y)]`,
      shape: arrayOf(plain("number")),
    };
  },
  function: (maker, scope, want, depth) => {
    const body = maker.expression(scope, want, depth);
    return { text: `def f: ${body.text}; ${maker.random.pick(["f", "[f] | .[0]", "f | .", "f"])}`, shape: body.shape };
  },
  "function with a filter": (maker, scope, want, depth) => {
    const argument = maker.expression(scope, want, depth);
    const body = maker.random.pick([
      "g",
      "[g] | .[0]",
      "first(g)",
      "if true then g else 1 end",
      "g as $g | $g",
      "def h: g; h",
      "[g, g] | .[1]",
      "def g: 1; g",
    ]);
    return { text: `def f(g): ${body}; f(${argument.text})`, shape: argument.shape };
  },
  "function with a value": (maker, scope, want, depth) => {
    const argument = maker.expression(scope, "any", depth);
    const body = maker.expression(withVariables(scope, { text: "$v", shape: argument.shape }), want, depth);
    const other = maker.expression(scope, "any", depth);
    return {
      text: `def f($v; g): ${maker.random.pick(["", "v as $v | ", "g as $unused | "])}${body.text}; f(${argument.text}; ${other.text})`,
      shape: body.shape,
    };
  },
  recursion(maker, scope, _want, depth) {
    const start = maker.operand(scope, "integer", depth).text;
    const text = maker.random.pick([
      `def up: if . > 5 then . else . + 1 | up end; ${start} | up`,
      `def sum: if . <= 0 then 0 else . + (. - 1 | sum) end; ${start} | sum`,
      `def down: ., if . > 0 then . - 1 | down else empty end; [${start} | down]`,
      `def apply(f; $n): if $n > 0 then f | apply(f; $n - 1) else . end; ${start} | apply(. * 2; 3)`,
      `def even: def odd: if . <= 0 then false else . - 1 | even end; if . <= 0 then true else . - 1 | odd end; ${start} | even`,
      `def map(f): [.[] | f | f]; [${start}, 2] | map(. + 1)`,
    ]);
    return { text, shape: plain("any") };
  },
  label(maker, scope, want, depth) {
    const inner = maker.expression(scope, want, depth);
    const condition = maker.expression({ ...scope, dot: plain("any") }, "boolean", depth).text;
    const { stream } = makeStream(maker, scope, depth);
    const text = maker.random.pick([
      `label $out | ${toOperand(inner.text)}, break $out, 1`,
      `[label $out | ${stream} | if ${condition} then ., break $out else . end]`,
      `[label $out | foreach ${stream} as $item (0; . + 1; if . > 2 then ., break $out else $item end)]`,
      `[label $outer | 1, (label $inner | 2, break $inner, 3), 4, break $outer, 5]`,
      `[label $out | def f: ., break $out; ${stream} | f]`,
      `[label $out | try (1, break $out) catch 2]`,
      `[${stream} as $item | label $out | $item, break $out]`,
      `[label $out | reduce ${stream} as $item (0; . + 1, break $out)]`,
    ]);
    return { text, shape: inner.shape };
  },
};

function withVariables(scope: Scope, ...added: readonly Piece[]): Scope {
  const names = new Set(added.map(({ text }) => text));
  return { ...scope, variables: [...scope.variables.filter(({ text }) => !names.has(text)), ...added] };
}

/** `source` ends in patterns; `before` is what the body begins with. */
function bind(maker: PieceMaker, scope: Scope, source: Piece, want: ShapeName, depth: number, before = ""): Piece {
  const pattern = source.text.slice(source.text.lastIndexOf(" as "));
  const names = ["$x", "$y", "$z", "$b"].filter((name) => new RegExp(`\\${name}\\b`).test(pattern));
  const added = names.map((text) => ({ text, shape: text === "$b" ? arrayOf(source.shape) : source.shape }));
  const body = maker.expression(withVariables(scope, ...added), want, depth);
  return { text: `${source.text} | ${before}${body.text}`, shape: body.shape };
}

function makeStream(maker: PieceMaker, scope: Scope, depth: number): { readonly stream: string; readonly item: Shape } {
  if (scope.dot.kind === "array" && maker.random.chance(0.5)) return { stream: ".[]", item: scope.dot.item };
  if (scope.dot.kind === "object" && maker.random.chance(0.3)) return { stream: ".[]", item: plain("any") };
  return maker.random.pick([
    { stream: "range(4)", item: plain("integer") },
    { stream: "(1, 2, 3)", item: plain("integer") },
    { stream: ".[]?", item: plain("any") },
    { stream: "empty", item: plain("any") },
    { stream: `(${maker.expression(scope, "number", depth).text}, 7)`, item: plain("number") },
    { stream: '("a", "b")', item: plain("word") },
  ]);
}
