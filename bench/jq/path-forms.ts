import { toField, type Piece, type PieceMaker, type Scope } from "./piece.ts";
import { KEYS, plain, type Shape } from "./shapes.ts";

/** A path expression: something that stands left of an assignment or in `del` and `path`. */
export function makePath(maker: PieceMaker, scope: Scope, depth: number): Piece {
  const { random } = maker;
  if (depth <= 0 || random.chance(0.5)) return makeSteps(maker, scope);
  const sub = (dot: Shape): Piece => makePath(maker, { ...scope, dot }, depth - 1);
  const condition = (dot: Shape): string => maker.expression({ ...scope, dot }, "boolean", depth - 1).text;
  const first = sub(scope.dot);
  return random.pick<() => Piece>([
    () => {
      const second = sub(first.shape);
      return { text: `(${first.text} | ${second.text})`, shape: second.shape };
    },
    () => ({ text: `(${first.text}, ${sub(scope.dot).text})`, shape: first.shape }),
    () => ({ text: `(${first.text} | select(${condition(first.shape)}))`, shape: first.shape }),
    () => ({
      text: `(if ${condition(scope.dot)} then ${first.text} else ${sub(scope.dot).text} end)`,
      shape: first.shape,
    }),
    () => ({ text: `(${first.text} // ${sub(scope.dot).text})`, shape: first.shape }),
    () => ({ text: `first(${first.text}, ${sub(scope.dot).text})`, shape: first.shape }),
    () => ({ text: `last(${first.text})`, shape: first.shape }),
    () => ({ text: `limit(2; ${first.text}, ${sub(scope.dot).text})`, shape: first.shape }),
    () => ({ text: `getpath([${JSON.stringify(random.pick(KEYS))}])`, shape: plain("any") }),
    () => ({ text: `(${first.text} | recurse)`, shape: plain("any") }),
    () => ({
      text: `(.. | select(type == "${random.pick(["number", "string", "null", "boolean"])}"))`,
      shape: plain("any"),
    }),
    () => ({ text: `(try ${first.text} catch .)`, shape: first.shape }),
    () => ({ text: `(${first.text} | empty)`, shape: plain("any") }),
    () => ({ text: `(reduce ("a", "b") as $key (.; .[$key]?))`, shape: plain("any") }),
    () => ({ text: `(foreach ("a", "name") as $key (.; .; .[$key]?))`, shape: plain("any") }),
    () => ({ text: `(def part: ${first.text}; part)`, shape: first.shape }),
    () => ({ text: `(label $found | ${first.text} | ., break $found)`, shape: first.shape }),
    () => ({ text: `(${maker.operand(scope, "word", depth - 1).text} as $key | .[$key]?)`, shape: plain("any") }),
    () => ({ text: `(${first.text} | getpath(["a", "b"])?)`, shape: plain("any") }),
    () => ({ text: `(${first.text})[${maker.expression(scope, "integer", depth - 1).text}]?`, shape: plain("any") }),
  ])();
}

/** A chain such as `.a[0].name`, along the input's shape most of the time. */
function makeSteps({ random }: PieceMaker, scope: Scope): Piece {
  let { dot: shape } = scope;
  let text = "";
  do {
    const [step, next] = makeStep(shape);
    text += text !== "" && step.startsWith(".[") ? step.slice(1) : step;
    shape = next;
  } while (random.chance(0.4));
  return { text, shape };

  function makeStep(from: Shape): readonly [string, Shape] {
    if (from.kind === "object" && random.chance(0.9)) {
      const [key, field] = random.pick(Object.entries(from.fields));
      return random.chance(0.2) ? [`.[${JSON.stringify(key)}]`, field] : [toField(key), field];
    }
    if (from.kind === "array" && random.chance(0.9)) {
      return random.pick<() => readonly [string, Shape]>([
        () => [".[]", from.item],
        () => [`.[${random.integer(0, 3)}]`, from.item],
        () => [".[-1]", from.item],
        () => [`.[${random.integer(0, 2)}:]`, from],
        () => [`.[:${random.integer(1, 3)}]`, from],
      ])();
    }
    return [random.pick([".a?", ".b?", ".[0]?", ".[]?", ".[1:]?", ".name?", ".a", ".[]"]), plain("any")];
  }
}
