import { isJsonObject, type Json } from "../model/json.ts";
import { NotAllowedError } from "../runtime/errors.ts";
import type { JiraSession } from "./jira-session.ts";
import { walkOffsets } from "./paging/offset-walk.ts";
import { walkProjects } from "./projects.ts";

/** Jira's own limit for keys in one question. */
const KEYS_PER_REQUEST = 50;

/** Keys of the projects that the account sees at this moment; never out of what was read before. */
export async function readVisibleProjects(session: JiraSession, signal: AbortSignal): Promise<ReadonlySet<string>> {
  if (session.deployment === "server") return listServerProjects(session, signal, false);
  const keys = new Set<string>();
  for await (const { elements } of walkProjects(session, undefined, signal)) {
    for (const { members } of elements) if (members["key"] !== undefined) keys.add(members["key"]);
  }
  return keys;
}

/**
 * Which of these projects were archived or deleted, as far as Jira tells this account. What it does not tell of may
 * just as well be hidden.
 */
export async function findRemovedProjects(
  session: JiraSession,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const removed = new Set<string>();
  try {
    if (session.deployment === "server") return await listServerProjects(session, signal, true);
    for (let start = 0; start < keys.length; start += KEYS_PER_REQUEST) {
      const query = { status: ["archived", "deleted"], keys: keys.slice(start, start + KEYS_PER_REQUEST) };
      const pages = walkOffsets({
        client: session.client,
        path: "/rest/api/3/project/search",
        request: { query, signal },
        model: "bean",
        pageSize: KEYS_PER_REQUEST,
        what: "project",
      });
      for await (const { elements } of pages) {
        for (const { members } of elements) if (members["key"] !== undefined) removed.add(members["key"]);
      }
    }
  } catch (error) {
    if (!(error instanceof NotAllowedError)) throw error; // whoever may not know knows of none
  }
  return removed;
}

async function listServerProjects(
  session: JiraSession,
  signal: AbortSignal,
  archived: boolean,
): Promise<ReadonlySet<string>> {
  const query = archived ? { includeArchived: true } : {};
  const answer: Json = await session.client.getJson("/rest/api/2/project", { query, signal });
  const projects = Array.isArray(answer) ? (answer as readonly Json[]) : [];
  return new Set(
    projects.flatMap((project) =>
      isJsonObject(project) && typeof project["key"] === "string" && (!archived || project["archived"] === true)
        ? [project["key"]]
        : [],
    ),
  );
}
