/**
 * Port accepts single-quoted strings: a `'` that opens after white space (or at the start) and one that closes before
 * white space (or at the end) count as `"`. Others stay. https://github.com/port-labs/jq-node-bindings
 */
export function toDoubleQuotes(source: string): string {
  return source.replaceAll(/(^|\s)'(?![\s"])|(?<![\s"])'(?=\s|$)/g, '$1"');
}
