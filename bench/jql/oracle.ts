import { createRequire } from "node:module";
import { JQLLexer, JQLParser } from "@atlaskit/jql-parser";
import type {
  JqlAndClauseContext,
  JqlArgumentContext,
  JqlFieldContext,
  JqlFunctionContext,
  JqlListContext,
  JqlNotClauseContext,
  JqlOperandContext,
  JqlOrClauseContext,
  JqlPredicateOperandContext,
  JqlQueryContext,
  JqlStringContext,
  JqlTerminalClauseContext,
} from "@atlaskit/jql-parser";

/** What is needed of antlr4ts, the runtime that the parser depends on. */
interface AntlrRuntime {
  readonly CharStreams: { fromString(text: string): ConstructorParameters<typeof JQLLexer>[0] };
  readonly CommonTokenStream: new (lexer: JQLLexer) => ConstructorParameters<typeof JQLParser>[0];
}

const requireFromParser = createRequire(createRequire(import.meta.url).resolve("@atlaskit/jql-parser"));
// `require` is untyped; the interface says of the package what its own types say.
const { CharStreams, CommonTokenStream } = requireFromParser("antlr4ts") as AntlrRuntime;

/** What Atlassian's own parser makes of a query: its structure in the notation of `shape.ts`, or undefined. */
export function askOracle(text: string): string | undefined {
  let errors = 0;
  const listener = { syntaxError: () => void errors++ };
  const lexer = new JQLLexer(CharStreams.fromString(text));
  lexer.removeErrorListeners();
  lexer.addErrorListener(listener);
  const parser = new JQLParser(new CommonTokenStream(lexer));
  parser.removeErrorListeners();
  parser.addErrorListener(listener);
  const tree = parser.jqlQuery();
  return errors === 0 ? queryShape(tree) : undefined;
}

function queryShape(query: JqlQueryContext): string {
  const where = query.jqlWhere();
  const sorts = query.jqlOrderBy()?.jqlSearchSort() ?? [];
  const order = sorts.map((sort) => {
    const direction = sort.ASC() !== undefined ? " asc" : sort.DESC() !== undefined ? " desc" : "";
    return fieldShape(sort.jqlField()) + direction;
  });
  return `${where === undefined ? "" : orShape(where.jqlOrClause())} order ${order.join(" ")}`;
}

function orShape(clause: JqlOrClauseContext): string {
  return group("or", clause.jqlAndClause().map(andShape));
}

function andShape(clause: JqlAndClauseContext): string {
  return group("and", clause.jqlNotClause().map(notShape));
}

function group(name: string, parts: readonly string[]): string {
  return parts.length === 1 ? parts.join("") : `(${name} ${parts.join(" ")})`;
}

function notShape(clause: JqlNotClauseContext): string {
  const inner = clause.jqlNotClause();
  if (inner !== undefined) return `(not ${notShape(inner)})`;
  const sub = clause.jqlSubClause();
  if (sub !== undefined) return orShape(sub.jqlOrClause());
  const terminal = clause.jqlTerminalClause();
  return terminal === undefined ? "?" : terminalShape(terminal);
}

/** The right-hand side is read generically: its children are an operator, an operand and predicates, by rule name. */
function terminalShape(clause: JqlTerminalClauseContext): string {
  const children = clause.jqlTerminalClauseRhs().children ?? [];
  const [operator, ...rest] = children;
  const words = leaves(operator).join(" ").toLowerCase();
  const operands = rest.map((child) => (isPredicate(child) ? predicateShape(child) : operandShape(child)));
  return `(${[words, fieldShape(clause.jqlField()), ...operands].join(" ")})`;
}

type Tree = NonNullable<JqlQueryContext["children"]>[number];

function isPredicate(tree: Tree): boolean {
  return /^Jql(Was|Changed)PredicateContext$/.test(tree.constructor.name);
}

function predicateShape(tree: Tree): string {
  const operator = leaves(tree.getChild(0)).join(" ").toLowerCase();
  // The grammar has it so: a predicate is its operator and its operand.
  const operand = tree.getChild(1) as JqlPredicateOperandContext;
  return `{${operator} ${operandShape(operand.jqlOperand())}}`;
}

function operandShape(tree: Tree): string {
  switch (tree.constructor.name) {
    case "JqlOperandContext":
    case "JqlValueContext":
    case "JqlArgumentContext":
    case "JqlFunctionNameContext":
      return operandShape(tree.getChild(0));
    case "JqlStringContext":
      return JSON.stringify(unescape(tree as JqlStringContext)); // by the name of its class
    case "JqlNumberContext":
      return tree.text;
    case "JqlEmptyContext":
      return "empty";
    case "JqlFunctionContext":
      return functionShape(tree as JqlFunctionContext); // by the name of its class
    case "JqlListContext":
      return `[${(tree as JqlListContext)
        .jqlOperand()
        .map((item: JqlOperandContext) => operandShape(item))
        .join(" ")}]`; // by the name of its class
    default:
      return `? ${tree.constructor.name}`;
  }
}

function functionShape(call: JqlFunctionContext): string {
  const args = call.jqlArgumentList()?.jqlArgument() ?? [];
  return `${asText(operandShape(call.jqlFunctionName()))}(${args.map((argument: JqlArgumentContext) => operandShape(argument)).join(" ")})`;
}

/** Names are texts, also where they are written as numbers. */
function asText(shape: string): string {
  return shape.startsWith('"') ? shape : JSON.stringify(shape);
}

function fieldShape(field: JqlFieldContext): string {
  const [first, ...properties] = field.children ?? [];
  if (first === undefined) return "?";
  const name =
    first.constructor.name === "JqlCustomFieldContext"
      ? leaves(first).join("").toLowerCase()
      : asText(operandShape(first));
  return name + properties.map(propertyShape).join("");
}

function propertyShape(property: Tree): string {
  const [, key, , ...path] = Array.from({ length: property.childCount }, (_, index) => property.getChild(index));
  const parts = path.map((part) => asText(operandShape(part.getChild(0))));
  return `[${key === undefined ? "" : asText(operandShape(key))}]${parts.join("")}`;
}

function leaves(tree: Tree | undefined): string[] {
  if (tree === undefined) return [];
  if (tree.childCount === 0) return [tree.text];
  return Array.from({ length: tree.childCount }, (_, index) => tree.getChild(index)).flatMap(leaves);
}

function unescape(string: JqlStringContext): string {
  const raw = string.text;
  const body = string.STRING() === undefined ? raw.slice(1, -1) : raw;
  return body.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, character: string | undefined) =>
    hex === undefined
      ? ({ n: "\n", r: "\r", t: "\t" }[character ?? ""] ?? character ?? "")
      : String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}
