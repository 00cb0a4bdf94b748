import type { JqNode, JqPattern, JqPatternField } from "./jq-node.ts";
import type { JqTokenReader } from "./read-tokens.ts";

/** `as` and the patterns behind it. `parseKey` reads a key that is not a variable. */
export function parsePatterns(reader: JqTokenReader, parseKey: () => JqNode): JqPattern[] {
  reader.expect("as");
  const patterns = [parsePattern(reader, parseKey)];
  while (reader.takes("?//")) patterns.push(parsePattern(reader, parseKey));
  return patterns;
}

function parsePattern(reader: JqTokenReader, parseKey: () => JqNode): JqPattern {
  if (reader.isAt("variable")) return { kind: "name", name: reader.takeVariable() };
  if (reader.takes("[")) {
    const elements = [parsePattern(reader, parseKey)];
    while (reader.takes(",")) elements.push(parsePattern(reader, parseKey));
    reader.expect("]");
    return { kind: "elements", elements };
  }
  if (!reader.takes("{")) throw reader.unexpected(["a pattern: $name, [ or {"]);
  const fields = [parseField(reader, parseKey)];
  while (reader.takes(",")) fields.push(parseField(reader, parseKey));
  reader.expect("}");
  return { kind: "fields", fields };
}

function parseField(reader: JqTokenReader, parseKey: () => JqNode): JqPatternField {
  const { at, kind } = reader.token;
  if (kind === "variable") {
    const name = reader.takeVariable();
    const pattern = reader.takes(":") ? parsePattern(reader, parseKey) : undefined;
    return { key: { kind: "literal", at, value: name }, name, pattern };
  }
  const isKey = reader.isWord() || reader.is("(") || kind === "quote" || kind === "format";
  if (!isKey) throw reader.unexpected(["a key: a name, a string, $name or (expression)"]);
  const key = parseKey();
  reader.expect(":");
  return { key, name: undefined, pattern: parsePattern(reader, parseKey) };
}
