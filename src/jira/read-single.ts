import { NotFoundError } from "../runtime/errors.ts";
import type { JiraRequest } from "./jira-client.ts";
import type { JiraSession } from "./jira-session.ts";
import { scanPage, type ScannedElement } from "./scan-elements.ts";
import { UnexpectedAnswer } from "./unexpected-answer.ts";

interface SingleRead extends JiraRequest {
  /** The member that names the object for good. */
  readonly idMember?: string;
  /** Further members to read from it. */
  readonly members?: readonly string[];
  /** The array that it is the only element of; without it the answer is the object. */
  readonly items?: string;
}

/** One object; undefined if Jira does not have it or does not show it. */
export async function readSingle(
  session: JiraSession,
  path: string,
  { idMember = "id", members = [], items, ...request }: SingleRead,
): Promise<ScannedElement | undefined> {
  try {
    return await session.client.request("GET", path, { ...request, idempotent: true }, (bytes) => {
      const list = items === undefined ? Buffer.concat([Buffer.from("["), bytes, Buffer.from("]")]) : bytes;
      const { elements } = scanPage(list, items === undefined ? [] : [items], [idMember, "key", ...members]);
      if (elements[0] !== undefined && elements[0].members[idMember] === undefined) {
        const message = `the answer has no "${idMember}"`;
        throw new UnexpectedAnswer({ code: "missing_id", path: [idMember], message });
      }
      return elements[0];
    });
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
