/** Names of builtins (`name/arity`), written with white space between them. */
export function listNames(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
