/** `ABC-12` in its parts, for comparing by number. */
export interface IssueKey {
  readonly project: string;
  readonly number: number;
}

export function parseIssueKey(text: string): IssueKey | undefined {
  const dash = text.lastIndexOf("-");
  const digits = text.slice(dash + 1);
  if (dash < 1 || !/^[0-9]+$/.test(digits)) return undefined;
  return { project: text.slice(0, dash).toUpperCase(), number: Number(digits) };
}
