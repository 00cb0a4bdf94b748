/** Builtins that reach outside of the expression: other items of the page, the console, the process, files. */
const REFUSED: Readonly<Record<string, readonly number[]>> = {
  input: [0],
  inputs: [0],
  debug: [0, 1],
  stderr: [0],
  halt: [0],
  halt_error: [0, 1],
  input_filename: [0],
  input_line_number: [0],
  get_search_list: [0],
  get_jq_origin: [0],
  get_prog_origin: [0],
  modulemeta: [0],
};

const PARAMETERS = ["", "(f)"];

/** Puts the refused builtins and the environment out of reach of whatever follows. */
const PREFIX = [
  ...Object.entries(REFUSED).flatMap(([name, arities]) =>
    arities.map((arity) => `def ${name}${PARAMETERS[arity]}: error("${name} is not available here");`),
  ),
  "def env: {}; {} as $ENV |",
].join(" ");

/** The name of a builtin that must not be used, if the program uses one. */
export function findRefused(source: string): string | undefined {
  const code = source.replaceAll(/"(?:[^"\\]|\\.)*"/gs, (text) => " ".repeat(text.length));
  const names = [...code.matchAll(/(?<![.$\w])([a-z_]+)\b(?!:)/g)].map(([, name = ""]) => name);
  return names.find((name) => Object.hasOwn(REFUSED, name)) ?? /^\s*(import|include|module)\b/.exec(code)?.[1];
}

/** A program alone, to see whether it compiles; positions count from the first line of `source`. */
export function toCheckText(source: string): string {
  return `${PREFIX.replaceAll("\n", " ")}\n${source}`;
}

/** Longer messages are cut: they may quote anything. */
const MAX_MESSAGE_LENGTH = 1000;

/**
 * One program for many: for each input an array with `[output]`, `[]` (no output), `{e: message}` or, when the output takes
 * more than `mostBytes`, `{l: "output"}` per expression. An output with parts that occur again and again may be too long
 * for anybody to write it down: jq, which does so first, is the one to break down. The line break before the closing
 * bracket ends a comment of the expression.
 */
export function toPageText(sources: readonly string[], mostBytes: number): string {
  const cells = sources.map(
    (source) =>
      `(try ([first(\n${source}\n)] | if length > 0 and (.[0] | tojson | utf8bytelength) > ${mostBytes} then {l: "output"} else . end) ` +
      `catch {e: (if type == "string" then . else tojson end | .[:${MAX_MESSAGE_LENGTH}])})`,
  );
  return `${PREFIX} [${cells.join(",\n")}]`;
}
