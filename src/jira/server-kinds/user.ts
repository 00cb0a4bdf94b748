import type { RawPage } from "../../model/raw-object.ts";
import { NotFoundError } from "../../runtime/errors.ts";
import type { JiraSession } from "../jira-session.ts";
import type { Kind, ReadOptions } from "../kind.ts";
import { userKind } from "../kinds/user.ts";
import { walkCursors } from "../paging/cursor-walk.ts";
import { walkOffsets } from "../paging/offset-walk.ts";
import { readSingle } from "../read-single.ts";
import { scanPage, type ScannedElement } from "../scan-elements.ts";
import { SelectorReader } from "../selector-reader.ts";
import { toPage } from "../to-page.ts";
import { toRawObject } from "../to-raw-object.ts";

const LIST = "/rest/api/2/user/list";
const PAGE_SIZE = 100;
const SEARCH_PAGE_SIZE = 1000;
const ID = "key";

/** The users of a Data Center: by the list of version 10, or before that by a search for everybody. */
export const serverUserKind: Kind<object> = {
  name: "user",
  changes: userKind.changes,

  parseSelector(selector) {
    new SelectorReader("user", selector).finish();
    return {};
  },

  async *read(session, _selector, options) {
    try {
      yield* readList(session, options);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      yield* readSearch(session, options);
    }
  },

  async readOne(session, _selector, id, { signal }) {
    const element = await readSingle(session, "/rest/api/2/user", { query: { key: id }, signal, idMember: ID });
    return element && toRawObject(element, { kind: "user", idMember: ID });
  },
};

async function* readList(session: JiraSession, options: ReadOptions): AsyncGenerator<RawPage, void, undefined> {
  const readPage = (cursor: string | undefined) =>
    session.client.request(
      "GET",
      LIST,
      { query: { maxResults: PAGE_SIZE, cursor }, idempotent: true, signal: options.signal },
      (bytes) => {
        const { elements, facts } = scanPage(bytes, ["values"], [ID]);
        const { isLast, nextCursor } = facts;
        const hasNext = isLast !== true && (typeof nextCursor === "string" || typeof nextCursor === "number");
        return { elements, next: hasNext ? String(nextCursor) : undefined };
      },
    );
  for await (const { elements } of walkCursors(session.client.baseUrl + LIST, readPage)) {
    yield toUserPage(elements, options);
  }
}

async function* readSearch(session: JiraSession, options: ReadOptions): AsyncGenerator<RawPage, void, undefined> {
  const pages = walkOffsets({
    client: session.client,
    path: "/rest/api/2/user/search",
    // A dot is what Jira takes for "any name".
    request: { query: { username: ".", includeInactive: true }, signal: options.signal },
    model: "array",
    pageSize: SEARCH_PAGE_SIZE,
    idMember: ID,
    what: "user",
  });
  for await (const { elements } of pages) yield toUserPage(elements, options);
}

function toUserPage(elements: readonly ScannedElement[], options: ReadOptions): RawPage {
  return toPage(
    elements.map((element) => toRawObject(element, { kind: "user", idMember: ID })),
    options,
  );
}
