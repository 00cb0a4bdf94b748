import { NotFoundError } from "../runtime/errors.ts";
import type { JiraRequest } from "./jira-client.ts";
import type { JiraSession } from "./jira-session.ts";
import { scanPage, type ScannedElement } from "./scan-elements.ts";

/** One object from an endpoint that answers with nothing else; undefined if Jira does not have it or does not show it. */
export async function readSingle(
  session: JiraSession,
  path: string,
  request: JiraRequest,
  idMember = "id",
  members: readonly string[] = [],
): Promise<ScannedElement | undefined> {
  try {
    return await session.client.request("GET", path, { ...request, idempotent: true }, (bytes) =>
      toElement(bytes, [idMember, "key", ...members]),
    );
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** The whole answer as the element it would be in a list. */
function toElement(bytes: Buffer, members: readonly string[]): ScannedElement {
  const list = Buffer.concat([Buffer.from("["), bytes, Buffer.from("]")]);
  const [element] = scanPage(list, [], members).elements;
  const [idMember = "id"] = members;
  if (element?.members[idMember] === undefined) throw new SyntaxError(`the answer has no "${idMember}"`);
  return element;
}
