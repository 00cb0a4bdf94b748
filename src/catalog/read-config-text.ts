import { LineCounter, parseDocument } from "yaml";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import { InputError, type InputProblem } from "../runtime/errors.ts";

/** A mapping as a document; as text it is YAML, which JSON is too. Throws InputError with the place of what is wrong. */
export function readConfigText(source: JsonObject | string): JsonObject {
  if (typeof source !== "string") return source;
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map(({ message, pos }): InputProblem => {
    const { line, col: column } = lines.linePos(pos[0]);
    const text = `line ${line}, column ${column}: ${message.split("\n")[0] ?? ""}`;
    return { code: "invalid_yaml", message: text, position: { line, column } };
  });
  if (problems.length > 0) throw toError(problems);
  const value: unknown = toValue(document);
  if (!isJsonObject(value)) throw toError([{ code: "invalid_yaml", message: "it must be an object" }]);
  return value;
}

/** Aliases that unfold to very much are refused by the parser when they are resolved. */
function toValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return JSON.parse(JSON.stringify(document.toJS())) as unknown;
  } catch {
    throw toError([{ code: "invalid_yaml", message: "its aliases unfold to too much" }]);
  }
}

function toError(problems: readonly InputProblem[]): InputError {
  return new InputError(`"config" is not a mapping: ${problems.map(({ message }) => message).join("; ")}`, problems);
}
