import { fromMany, fromMaybe, fromOne, type JqCode } from "./jq-code.ts";

/** `left | right`. */
export function pipe(left: JqCode, right: JqCode): JqCode {
  return {
    ...pipeValues(left, right),
    paths: (path, input, scope, emit) =>
      left.paths(path, input, scope, (path, value) => right.paths(path, value, scope, emit)),
  };
}

function pipeValues(left: JqCode, right: JqCode): JqCode {
  if (left.one !== undefined && right.one !== undefined) {
    const [readLeft, readRight] = [left.one, right.one];
    return fromOne((input, scope) => readRight(readLeft(input, scope), scope));
  }
  const { maybe: readLeft } = left;
  const { maybe: readRight } = right;
  if (readLeft !== undefined && readRight !== undefined) {
    return fromMaybe((input, scope) => {
      const value = readLeft(input, scope);
      return value === undefined ? undefined : readRight(value, scope);
    });
  }
  if (readLeft !== undefined) {
    return fromMany((input, scope, emit) => {
      const value = readLeft(input, scope);
      return value !== undefined && right.many(value, scope, emit);
    });
  }
  if (readRight !== undefined) {
    return fromMany((input, scope, emit) =>
      left.many(input, scope, (value) => {
        const output = readRight(value, scope);
        return output !== undefined && emit(output);
      }),
    );
  }
  return fromMany((input, scope, emit) => left.many(input, scope, (value) => right.many(value, scope, emit)));
}
