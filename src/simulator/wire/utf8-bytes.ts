/**
 * Answers are assembled from strings that hold one UTF-8 byte per character ("bytes" below), so that a page becomes a
 * Buffer by copying (`Buffer.from(bytes, "latin1")`) instead of by encoding. Fragments pass through a Buffer once,
 * which also flattens them: concatenating ropes again and again is what makes this slow.
 */
export function toBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

export function toJsonBytes(value: unknown): string {
  return toBytes(JSON.stringify(value));
}

/** A short plain text as JSON; the usual ASCII case needs no Buffer. */
export function toTextBytes(text: string): string {
  return /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(text) ? `"${text}"` : toJsonBytes(text);
}
