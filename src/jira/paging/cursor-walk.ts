import { UpstreamError } from "../../runtime/errors.ts";

/**
 * Follows a chain of pages, each of which names the next. Jira has been seen to hand out the same cursor for ever, so
 * one that comes again is an error.
 */
export async function* walkCursors<Page extends { readonly next: string | undefined }>(
  url: string,
  readPage: (cursor: string | undefined) => Promise<Page>,
): AsyncGenerator<Page, void, undefined> {
  const used = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    yield page;
    cursor = page.next;
    if (cursor !== undefined && used.has(cursor)) {
      throw new UpstreamError(
        `Jira named the same next page twice for ${url}: the listing cannot be read to its end, try again`,
        { method: "GET", url, status: 200 },
        { retry: {} },
      );
    }
    if (cursor !== undefined) used.add(cursor);
  } while (cursor !== undefined);
}
