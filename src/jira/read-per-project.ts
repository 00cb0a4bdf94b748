import type { JsonObject } from "../model/json.ts";
import type { RawPage } from "../model/raw-object.ts";
import { NotFoundError } from "../runtime/errors.ts";
import { Gaps } from "./incomplete-read-error.ts";
import type { QueryValue } from "./jira-client.ts";
import type { JiraSession } from "./jira-session.ts";
import type { ReadOptions } from "./kind.ts";
import { mapInOrder } from "./map-in-order.ts";
import { collectOffsets } from "./paging/offset-walk.ts";
import { listProjects, type ListedProject } from "./projects.ts";
import type { ScannedElement } from "./scan-elements.ts";
import { toPage } from "./to-page.ts";
import { toRawObject } from "./to-raw-object.ts";

const PARALLEL_PROJECTS = 8;
const PAGE_SIZE = 500;

/** Reads a listing that Jira has per project, for all projects, a few at a time. */
export async function* readPerProject(
  session: JiraSession,
  options: ReadOptions,
  listing: {
    readonly kind: string;
    readonly path: string;
    readonly query: Readonly<Record<string, QueryValue>>;
    readonly enrich: (project: ListedProject) => JsonObject;
  },
): AsyncGenerator<RawPage, void, undefined> {
  const { kind, path, query, enrich } = listing;
  const gaps = new Gaps(kind);
  const read = async (project: ListedProject, signal: AbortSignal) => {
    const request = { parameters: { projectKey: project.key }, query, signal };
    const walk = { client: session.client, path, request, model: "bean", pageSize: PAGE_SIZE, what: kind } as const;
    try {
      return { project, elements: await collectOffsets(walk) };
    } catch (error) {
      // A project that was deleted meanwhile has none.
      if (!(error instanceof NotFoundError)) gaps.add(`the ${kind}s of project ${project.key}`, error);
      const none: readonly ScannedElement[] = [];
      return { project, elements: none };
    }
  };
  const projects = await listProjects(session, options.signal);
  const limits = { concurrency: PARALLEL_PROJECTS, signal: options.signal };
  for await (const { project, elements } of mapInOrder(projects, limits, read)) {
    const objects = elements.map((element) =>
      toRawObject(element, { kind, enrichment: enrich(project), site: session.selfRewrite }),
    );
    if (objects.length > 0) yield toPage(objects, options);
  }
  gaps.throwIfAny();
}
