import { Frame, fromMany, fromMaybe, fromOne, type Closure, type JqCode, type Read } from "./jq-code.ts";
import type { Builtin } from "./builtins/builtin.ts";
import { BUILTINS } from "./builtins/builtins.ts";
import { compilePatterns, type CompiledPatterns } from "./compile-patterns.ts";
import type { JqCompiler } from "./jq-compiler.ts";
import { JqSyntaxError, JqUnsupportedError } from "./jq-errors.ts";
import type { JqNodeOf, JqParameter } from "./jq-node.ts";
import { StaticScope, bind, depthOf, findBinding, type JqFunction } from "./jq-scope.ts";

export function compileBind(node: JqNodeOf<"bind">, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  const source = compiler.compile(node.source, scope);
  const patterns = compilePatterns(node.patterns, scope, compiler);
  const body = compiler.compile(node.body, patterns.scope);
  return {
    ...bindValues(source, patterns, body),
    paths: (path, input, scope, emit) =>
      source.many(input, scope, (value) =>
        patterns.bind(value, input, scope, (inner) => body.paths(path, input, inner, emit)),
      ),
  };
}

function bindValues(source: JqCode, { bind, bindOne }: CompiledPatterns, body: JqCode): JqCode {
  if (bindOne !== undefined && source.one !== undefined && body.one !== undefined) {
    const [readSource, readBody] = [source.one, body.one];
    return fromOne((input, scope) => readBody(input, bindOne(readSource(input, scope), scope)));
  }
  if (bindOne !== undefined && source.maybe !== undefined && body.maybe !== undefined) {
    const [readSource, readBody] = [source.maybe, body.maybe];
    return fromMaybe((input, scope) => {
      const value = readSource(input, scope);
      return value === undefined ? undefined : readBody(input, bindOne(value, scope));
    });
  }
  return fromMany((input, scope, emit) =>
    source.many(input, scope, (value) => bind(value, input, scope, (inner) => body.many(input, inner, emit))),
  );
}

export function compileVariable(node: JqNodeOf<"variable">, scope: StaticScope | undefined): JqCode {
  const found = findBinding(scope, ({ kind, name }) => kind === "variable" && name === node.name);
  if (found !== undefined) {
    const getFrame = frameGetter(depthOf(scope) - found.depth);
    return fromOne((_, scope) => getFrame(scope).value as never); // a variable holds a value
  }
  if (node.name === "ENV") return fromOne(() => ({}));
  throw new JqSyntaxError(`$${node.name} is not defined`, node.at);
}

function frameGetter(hops: number): (scope: Frame | undefined) => Frame {
  // The static scope guarantees that there is a frame that far out.
  if (hops === 0) return (scope) => scope as Frame;
  if (hops === 1) return (scope) => scope?.next as Frame;
  return (scope) => {
    let frame = scope;
    for (let hop = 0; hop < hops; hop++) frame = frame?.next;
    return frame as Frame;
  };
}

export function compileDefine(node: JqNodeOf<"define">, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  const created: JqFunction = { definition: node.definition, scope: undefined, code: undefined, isCompiling: false };
  const inner = new StaticScope({ kind: "function", name: node.definition.name, function: created }, scope);
  created.scope = inner;
  // A mistake in a function that nobody calls is a mistake all the same.
  compileFunction(created, compiler);
  return compiler.compile(node.body, inner);
}

function compileFunction(target: JqFunction, compiler: JqCompiler): JqCode {
  if (target.code !== undefined) return target.code;
  target.isCompiling = true;
  const scope = target.definition.parameters.reduce(bindParameter, target.scope);
  target.code = compiler.compile(target.definition.body, scope);
  target.isCompiling = false;
  return target.code;
}

/** Every parameter is a filter; one with `$` is a value too. */
function bindParameter(scope: StaticScope | undefined, { name, isValue }: JqParameter): StaticScope {
  const closure = bind("closure", name, scope);
  return isValue ? bind("variable", name, closure) : closure;
}

export function compileCall(node: JqNodeOf<"call">, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  const { name, args } = node;
  const found = findBinding(scope, (binding) =>
    binding.kind === "closure"
      ? binding.name === name && args.length === 0
      : binding.kind === "function" &&
        binding.name === name &&
        binding.function.definition.parameters.length === args.length,
  );
  if (found?.binding.kind === "function") {
    const codes = args.map((arg) => compiler.compile(arg, scope));
    return callFunction(found.binding.function, codes, depthOf(scope) - found.depth, compiler);
  }
  if (found !== undefined) return callClosure(depthOf(scope) - found.depth);
  return compileBuiltin(node, scope, compiler);
}

function callClosure(hops: number): JqCode {
  const getFrame = frameGetter(hops);
  const many: JqCode["many"] = (input, scope, emit) => {
    const closure = getFrame(scope).value as Closure; // by the static scope
    return closure.code.many(input, closure.scope, emit);
  };
  return {
    ...fromMany(many),
    paths: (path, input, scope, emit) => {
      const closure = getFrame(scope).value as Closure; // by the static scope
      return closure.code.paths(path, input, closure.scope, emit);
    },
  };
}

type UseFrame = (scope: Frame | undefined) => boolean;

function callFunction(target: JqFunction, args: readonly JqCode[], hops: number, compiler: JqCompiler): JqCode {
  const { budget } = compiler.run;
  const { parameters } = target.definition;
  /** Binds the arguments in the scope of the definition; the first one with `$` varies slowest. */
  const bindArguments = (input: Parameters<JqCode["many"]>[0], caller: Frame | undefined, use: UseFrame): boolean => {
    budget.step();
    let outer = caller;
    for (let hop = 0; hop < hops; hop++) outer = outer?.next;
    const visit = (index: number, frame: Frame | undefined): boolean => {
      const code = args[index];
      if (code === undefined) return use(frame);
      const inner = new Frame({ code, scope: caller }, frame);
      if (parameters[index]?.isValue !== true) return visit(index + 1, inner);
      return code.many(input, caller, (value) => visit(index + 1, new Frame(value, inner)));
    };
    return visit(0, outer);
  };
  const getCode = (): JqCode => compileFunction(target, compiler);
  const readInside = <Output>(read: Read<Output>): Read<Output> => {
    return (input, scope) => {
      budget.step();
      let outer = scope;
      for (let hop = 0; hop < hops; hop++) outer = outer?.next;
      return read(input, outer);
    };
  };
  const callValues = (): JqCode => {
    const compiled = target.isCompiling || args.length > 0 ? undefined : getCode();
    if (compiled?.one !== undefined) return fromOne(readInside(compiled.one));
    if (compiled?.maybe !== undefined) return fromMaybe(readInside(compiled.maybe));
    return fromMany((input, scope, emit) => bindArguments(input, scope, (inner) => getCode().many(input, inner, emit)));
  };
  return {
    ...callValues(),
    paths: (path, input, scope, emit) =>
      bindArguments(input, scope, (inner) => getCode().paths(path, input, inner, emit)),
  };
}

function compileBuiltin(node: JqNodeOf<"call">, scope: StaticScope | undefined, compiler: JqCompiler): JqCode {
  const { name, args, at } = node;
  const key = `${name}/${args.length}`;
  const builtin = findBuiltin(key, compiler);
  if (builtin === undefined) {
    const known = [...BUILTINS.keys(), ...Object.keys(compiler.added.table)];
    const arities = known.filter((key) => key.startsWith(`${name}/`));
    const hint = arities.length === 0 ? "" : `; there is ${arities.join(" and ")}`;
    throw new JqSyntaxError(`${key} is not defined${hint}`, at);
  }
  switch (builtin.kind) {
    case "refused":
      throw new JqSyntaxError(`${name} is not available: ${builtin.reason}`, at);
    case "unsupported":
      throw new JqUnsupportedError(`${name} is not compiled`);
    case "form":
      return builtin.compile(
        args.map((arg) => compiler.compile(arg, scope)),
        compiler.run,
      );
    case "macro":
      throw new JqSyntaxError(`${key} cannot be used in a program that defines it`, at);
    case "defined":
      return callFunction(
        compiler.findDefined(builtin.definition),
        args.map((arg) => compiler.compile(arg, scope)),
        depthOf(scope),
        compiler,
      );
  }
}

function findBuiltin(key: string, { added }: JqCompiler): Builtin | undefined {
  const builtin = BUILTINS.get(key);
  if (builtin !== undefined || !Object.hasOwn(added.table, key)) return builtin;
  added.used.add(key);
  return added.table[key];
}
