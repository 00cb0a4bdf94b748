import { toUnexpectedAnswerError } from "../unexpected-answer.ts";

/**
 * Follows a chain of pages, each of which names the next, one page ahead of the caller. Jira has been seen to hand out
 * the same cursor for ever, so one that comes again is an error.
 */
export async function* walkCursors<Page extends { readonly next: string | undefined }>(
  url: string,
  readPage: (cursor: string | undefined) => Promise<Page>,
): AsyncGenerator<Page, void, undefined> {
  const used = new Set<string>();
  let ahead: Promise<Page> | undefined = readPage(undefined);
  while (ahead !== undefined) {
    const page: Page = await ahead;
    const { next } = page;
    const isRepeated = next !== undefined && used.has(next);
    // Asked for at once, to be on its way while the caller is busy with this page.
    ahead = next === undefined || isRepeated ? undefined : readPage(next);
    ahead?.catch(() => undefined); // its turn comes; until then it must not count as unhandled
    yield page;
    if (isRepeated) {
      const message = "it named the same next page twice";
      throw toUnexpectedAnswerError({ method: "GET", url }, { code: "repeated_page", path: [], message });
    }
    if (next !== undefined) used.add(next);
  }
}
