import type { JqNode, JqPattern, JqPatternField } from "./jq-node.ts";
import { EXPRESSION, OPERATORS, PIPE, UNARY } from "./jq-precedence.ts";

/** What stands in front of a postfix such as `.name`. */
const TERM = UNARY + 1;
const NAME = /^[a-zA-Z_]\w*$/;

/** A program with the same tree. */
export function printJq(node: JqNode): string {
  return print(node, PIPE);
}

/** `minimum` is how tightly the text must hold together where it is put. */
function print(node: JqNode, minimum: number): string {
  const { text, precedence } = printNode(node);
  return precedence < minimum ? `(${text})` : text;
}

interface Printed {
  readonly text: string;
  readonly precedence: number;
}

function term(text: string): Printed {
  return { text, precedence: TERM };
}

function printNode(node: JqNode): Printed {
  switch (node.kind) {
    case "identity":
      return term(".");
    case "descend":
      return term("..");
    case "literal":
      return printLiteral(node.value);
    case "template":
      return term(`${node.format === undefined ? "" : `@${node.format} `}"${node.parts.map(printPart).join("")}"`);
    case "format":
      return term(`@${node.name}`);
    case "index":
      return term(printIndex(node.target, node.key) + (node.optional ? "?" : ""));
    case "slice": {
      const from = node.from === undefined ? "" : print(node.from, PIPE);
      const to = node.to === undefined ? "" : print(node.to, PIPE);
      return term(`${printTarget(node.target)}[${from}:${to}]${node.optional ? "?" : ""}`);
    }
    case "iterate":
      return term(`${printTarget(node.target)}[]${node.optional ? "?" : ""}`);
    case "array":
      return term(node.body === undefined ? "[]" : `[${print(node.body, PIPE)}]`);
    case "object":
      return term(
        `{${node.entries.map(({ key, value }) => `${printKey(key)}: ${print(value, EXPRESSION)}`).join(", ")}}`,
      );
    case "variable":
      return term(`$${node.name}`);
    case "location":
      return term("$__loc__");
    case "negate":
      return { text: `-${print(node.body, UNARY)}`, precedence: UNARY };
    case "pipe":
      return printBinary(node.left, "|", node.right);
    case "comma":
      return printBinary(node.left, ",", node.right);
    case "alternative":
      return printBinary(node.left, "//", node.right);
    case "and":
    case "or":
      return printBinary(node.left, node.kind, node.right);
    case "arithmetic":
    case "comparison":
    case "assignment":
      return printBinary(node.left, node.operator, node.right);
    case "if": {
      const otherwise = node.whenFalse === undefined ? "" : ` else ${print(node.whenFalse, PIPE)}`;
      return term(`if ${print(node.condition, PIPE)} then ${print(node.whenTrue, PIPE)}${otherwise} end`);
    }
    case "try": {
      const handler = node.handler === undefined ? "" : ` catch ${print(node.handler, TERM)}`;
      return { text: `try ${print(node.body, TERM)}${handler}`, precedence: UNARY };
    }
    case "label":
      return { text: `label $${node.name} | ${print(node.body, PIPE)}`, precedence: PIPE };
    case "break":
      return term(`break $${node.name}`);
    case "bind":
      return {
        text: `${print(node.source, EXPRESSION)} as ${printPatterns(node.patterns)} | ${print(node.body, PIPE)}`,
        precedence: PIPE,
      };
    case "reduce":
    case "foreach": {
      const steps = [node.start, node.update];
      if (node.kind === "foreach" && node.extract !== undefined) steps.push(node.extract);
      const body = steps.map((step) => print(step, PIPE)).join("; ");
      return term(`${node.kind} ${print(node.source, EXPRESSION)} as ${printPatterns(node.patterns)} (${body})`);
    }
    case "define": {
      const { name, parameters, body } = node.definition;
      const names = parameters.map(({ name, isValue }) => (isValue ? `$${name}` : name)).join("; ");
      const head = names === "" ? name : `${name}(${names})`;
      return { text: `def ${head}: ${print(body, PIPE)}; ${print(node.body, PIPE)}`, precedence: PIPE };
    }
    case "call": {
      const args = node.args.map((arg) => print(arg, PIPE)).join("; ");
      return term(args === "" ? node.name : `${node.name}(${args})`);
    }
  }
}

function printLiteral(value: null | boolean | number | string): Printed {
  if (typeof value === "string") return term(`"${escape(value)}"`);
  return term(value === Infinity ? "1e1000" : String(value));
}

function escape(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function printPart(part: string | JqNode): string {
  return typeof part === "string" ? escape(part) : `\\(${print(part, PIPE)})`;
}

function printBinary(left: JqNode, operator: string, right: JqNode): Printed {
  const { precedence = PIPE, associativity = "left" } = OPERATORS.get(operator) ?? {};
  const leftText = print(left, associativity === "left" ? precedence : precedence + 1);
  const rightText = print(right, associativity === "right" ? precedence : precedence + 1);
  const space = operator === "," ? "" : " ";
  return { text: `${leftText}${space}${operator} ${rightText}`, precedence };
}

/** What a postfix follows; `.` needs none. */
function printTarget(target: JqNode): string {
  // A number would swallow the dot of a field.
  if (target.kind === "literal" && typeof target.value === "number") return `(${print(target, PIPE)})`;
  return print(target, TERM);
}

function printIndex(target: JqNode, key: JqNode): string {
  const before = target.kind === "identity" ? "" : printTarget(target);
  if (key.kind === "literal" && typeof key.value === "string") {
    if (before.endsWith("..")) return `(${before}).${printField(key.value)}`;
    return `${before}.${printField(key.value)}`;
  }
  if (key.kind === "template") return `${before}.${print(key, TERM)}`;
  return `${printTarget(target)}[${print(key, PIPE)}]`;
}

function printField(name: string): string {
  return NAME.test(name) ? name : `"${escape(name)}"`;
}

function printKey(key: JqNode): string {
  if (key.kind === "literal" && typeof key.value === "string") return printField(key.value);
  return key.kind === "template" || key.kind === "variable" ? print(key, TERM) : `(${print(key, PIPE)})`;
}

function printPatterns(patterns: readonly JqPattern[]): string {
  return patterns.map(printPattern).join(" ?// ");
}

function printPattern(pattern: JqPattern): string {
  switch (pattern.kind) {
    case "name":
      return `$${pattern.name}`;
    case "elements":
      return `[${pattern.elements.map(printPattern).join(", ")}]`;
    case "fields":
      return `{${pattern.fields.map(printPatternField).join(", ")}}`;
  }
}

function printPatternField({ key, name, pattern }: JqPatternField): string {
  const head = name === undefined ? printKey(key) : `$${name}`;
  return pattern === undefined ? head : `${head}: ${printPattern(pattern)}`;
}
