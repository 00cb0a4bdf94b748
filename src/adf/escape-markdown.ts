/** Text that Markdown shows as it is, wherever it stands within a line. */
export function escapeText(text: string): string {
  return text
    .replaceAll(/\r\n|[\r\n]/g, " ")
    .replaceAll(/[\\*`[\]<~]/g, "\\$&")
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replaceAll(/&(?=#?\w*(?:;|$))/g, "\\&");
}

/**
 * A line of Markdown in which what would begin a block has lost that meaning. White space at its ends shows nowhere and
 * would mean code, or a break, so it goes.
 */
export function escapeLine(line: string): string {
  return line
    .trim()
    .replace(/^(?=#{1,6}(\s|$)|[-+](\s|$)|-[-\s]*$|=[=\s]*$|>|\||:-)/, "\\")
    .replace(/^(\d{1,9})(?=[.)](\s|$))/, "$1\\");
}

/** A heading's text: a row of `#` at its end would be taken for decoration. */
export function escapeHeading(line: string): string {
  return line.trim().replace(/(?<!#)#+$/, (run) => `\\${run}`);
}

/** `code` with a fence that is longer than any run of backticks in it. */
export function toCodeSpan(text: string): string {
  const code = text.replaceAll(/\r\n|[\r\n]/g, " ");
  // In a table every pipe needs a backslash, and no span can have another one before it.
  if (code.includes("\\|")) return toCodeTag(code);
  const fence = "`".repeat(longestRun(code) + 1);
  const isPadded = /^`|`$/.test(code) || (code.startsWith(" ") && code.endsWith(" ") && /[^ ]/.test(code));
  return isPadded ? `${fence} ${code} ${fence}` : `${fence}${code}${fence}`;
}

/** Code for places in which a span would be misread. */
export function toCodeTag(code: string): string {
  return `<code>${escapeText(code)}</code>`;
}

/** The length of the longest run of backticks. */
export function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}

/** `[label](target)`; `<target>` where the label says no more than the target. */
export function toLink(label: string, target: string, title?: string): string {
  if (label === escapeText(target) && /^[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>\\]*$/.test(target)) return `<${target}>`;
  const suffix = title === undefined ? "" : ` "${escapeText(title).replaceAll('"', '\\"')}"`;
  return `[${label}](${toDestination(target)}${suffix})`;
}

export function toDestination(target: string): string {
  const clean = target.replaceAll(/[\r\n]+/g, "");
  // Without parentheses, spaces and the like it needs no brackets.
  return /^[^\s()<>\\&\p{C}]+$/u.test(clean) ? clean : `<${clean.replaceAll(/[<>\\&]/g, "\\$&")}>`;
}
