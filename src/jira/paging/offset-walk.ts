import type { Json, JsonObject } from "../../model/json.ts";
import { ConflictError, must, UpstreamError } from "../../runtime/errors.ts";
import { Gaps } from "../incomplete-read-error.ts";
import type { JiraClient, JiraRequest } from "../jira-client.ts";
import { scanPage, type ListPage, type ScannedElement } from "../scan-elements.ts";
import { UnexpectedAnswer } from "../unexpected-answer.ts";

/**
 * The four ways in which Jira pages by `startAt`, which differ in how the end is told:
 * - `bean`: `isLast`, and mostly `total` (projects, versions, components, ...)
 * - `named`: `total` beside an array with a name of its own, no `isLast` (comments, worklogs, Data Center's search)
 * - `array`: nothing but the array; a page without anything new is the end (users)
 * - `agile`: `isLast`, mostly without `total` (boards, sprints, epics)
 */
export type OffsetModel = "bean" | "named" | "array" | "agile";

export interface OffsetWalk {
  readonly client: JiraClient;
  /** POST puts `startAt` and `maxResults` into the body. */
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly request: Omit<JiraRequest, "body"> & { readonly body?: JsonObject; readonly signal: AbortSignal };
  readonly model: OffsetModel;
  /** The member with the array; not used by `array`. */
  readonly items?: string;
  /** Jira lowers it without a word where its own limit is smaller. */
  readonly pageSize: number;
  /** The member that names an object for good. */
  readonly idMember?: string;
  /** Further members to read from each object. */
  readonly members?: readonly string[];
  /** In plain words, for errors: "project". */
  readonly what: string;
}

export interface OffsetPage {
  /** Only what no earlier page had. */
  readonly elements: readonly ScannedElement[];
  readonly total: number | undefined;
}

/** A page that fails is asked for again in halves until the object at fault stands alone; each try is short. */
const ATTEMPTS_PER_PAGE = 6;
/** So many single objects in a row that fail mean that the listing fails. */
const MAX_CONSECUTIVE_GAPS = 3;
/** To be missed, an object would have to jump over the walk in each of them. */
const MAX_ROUNDS = 3;

/**
 * Walks through a listing while it changes. Each page starts with the last object of the page before:
 * - if it is not there, and the page is empty or starts with an unknown one, something was deleted and the listing moved
 *   up: the walk steps back until it meets an old acquaintance, so that nothing slips through;
 * - if it stands further down, the listing grew before it: by something new, or by something that jumped there from a
 *   place still to come, as things do that are renamed. The walk then goes another round.
 * What comes twice is yielded once.
 */
export async function* walkOffsets(walk: OffsetWalk): AsyncGenerator<OffsetPage, void, undefined> {
  const seen = new Set<string>();
  const gaps = new Gaps(walk.what);
  let startAt = 0;
  let pageSize = walk.pageSize;
  let consecutiveGaps = 0;
  /** The object that the next page should start with. */
  let overlap: string | undefined;
  let isBack = false;
  let hasMovedDown = false;
  let round = 1;
  let largest = 0;
  for (;;) {
    let page: ListPage;
    try {
      page = await readPage(walk, startAt, pageSize);
      consecutiveGaps = 0;
    } catch (error) {
      if (pageSize > 1 && isPoison(error)) {
        pageSize = Math.ceil(pageSize / 2);
        continue;
      }
      if (seen.size === 0 || !isPoison(error) || ++consecutiveGaps >= MAX_CONSECUTIVE_GAPS) throw error;
      gaps.add(`${walk.what} at position ${startAt}`, error);
      startAt++;
      overlap = undefined;
      continue;
    }
    const received = page.elements;
    const place = overlap === undefined ? 0 : received.findIndex((element) => idOf(walk, element) === overlap);
    const [first] = received;
    if (place < 0 && startAt > 0 && (first === undefined || !seen.has(idOf(walk, first)))) {
      startAt = Math.max(0, startAt - Math.max(1, pageSize - 1));
      isBack = true;
      continue;
    }
    // After a step back the page starts earlier by intention.
    hasMovedDown ||= !isBack && place !== 0;
    isBack = false;
    const fresh = received.filter((element) => !seen.has(idOf(walk, element)));
    fresh.forEach((element) => seen.add(idOf(walk, element)));
    const total = toNumber(page.facts["total"]);
    if (fresh.length > 0) yield { elements: fresh, total };
    largest = Math.max(largest, received.length);
    const end = startAt + received.length;
    // In a later round a page may well have nothing new, and yet not be the last one.
    const isStale = fresh.length === 0 && (round === 1 || received.length < largest);
    if (isEnd(walk.model, page, { end, total, pageSize, isStale })) {
      if (!hasMovedDown || round++ === MAX_ROUNDS) break;
      [startAt, overlap, hasMovedDown] = [0, undefined, false];
      continue;
    }
    const last = received.length > 1 ? received.at(-1) : undefined;
    overlap = last && idOf(walk, last);
    startAt = last ? end - 1 : end;
    pageSize = Math.min(walk.pageSize, pageSize * 2);
    if (startAt > 2 * seen.size + 10 * walk.pageSize) throw toEndless(walk);
  }
  gaps.throwIfAny();
}

/** All elements of a listing that is small enough to be held. */
export async function collectOffsets(walk: OffsetWalk): Promise<readonly ScannedElement[]> {
  const all: ScannedElement[] = [];
  for await (const { elements } of walkOffsets(walk)) all.push(...elements);
  return all;
}

function readPage(walk: OffsetWalk, startAt: number, pageSize: number): Promise<ListPage> {
  const { client, method = "GET", path, request, model, items = "values", idMember = "id", members = [] } = walk;
  const place = { startAt, maxResults: pageSize };
  const placed = method === "GET" ? { query: { ...request.query, ...place } } : { body: { ...request.body, ...place } };
  return client.request(
    method,
    path,
    { idempotent: true, maxAttempts: ATTEMPTS_PER_PAGE, ...request, ...placed },
    (bytes) => {
      const listPath = model === "array" ? [] : [items];
      const page = scanPage(bytes, listPath, [idMember, "key", ...members]);
      assertIds(page, walk, listPath);
      return page;
    },
  );
}

function assertIds({ elements }: ListPage, { idMember = "id", what }: OffsetWalk, listPath: readonly string[]): void {
  const index = elements.findIndex(({ members }) => members[idMember] === undefined);
  if (index < 0) return;
  const path = [...listPath, index, idMember];
  throw new UnexpectedAnswer({ code: "missing_id", path, message: `a ${what} without "${idMember}"` });
}

function isEnd(
  model: OffsetModel,
  page: ListPage,
  at: {
    readonly end: number;
    readonly total: number | undefined;
    readonly pageSize: number;
    /** Whether the page has nothing new. */
    readonly isStale: boolean;
  },
): boolean {
  const received = page.elements.length;
  if (received === 0) return true;
  const { isLast } = page.facts;
  if (model !== "array" && typeof isLast === "boolean") return isLast;
  if (model !== "array" && at.total !== undefined) return at.end >= at.total;
  if (model === "agile" && received < (toNumber(page.facts["maxResults"]) ?? at.pageSize)) return true;
  return at.isStale;
}

/** A failure of this very page, as far as one can tell: Jira failed again and again, or took too long for its size. */
function isPoison(error: unknown): boolean {
  if (error instanceof ConflictError) return true;
  return error instanceof UpstreamError && (error.status === undefined || error.status >= 500 || error.status === 200);
}

/** Whoever went on would ask for ever. */
function toEndless({ client, method = "GET", path, what }: OffsetWalk): UpstreamError {
  const url = client.baseUrl + path;
  return new UpstreamError(
    `Jira sends the same ${what}s again and again for ${url}, wherever a page starts: the listing cannot be read to its end`,
    { method, url, status: 200 },
  );
}

function idOf({ idMember = "id" }: OffsetWalk, element: ScannedElement): string {
  return must(element.members[idMember], "a page whose elements have no ids is no answer");
}

function toNumber(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}
