import { assertSeesProjects } from "../jira-session.ts";
import type { Kind } from "../kind.ts";
import { walkOffsets } from "../paging/offset-walk.ts";
import { readSingle } from "../read-single.ts";
import { SelectorReader } from "../selector-reader.ts";
import { toPage } from "../to-page.ts";
import { toRawObject } from "../to-raw-object.ts";

export interface ProjectSelector {
  /** What to add to each project; `insight` has its number of issues. */
  readonly expand: string | undefined;
}

/** Jira's own limit. */
const PAGE_SIZE = 100;

export const projectKind: Kind<ProjectSelector> = {
  name: "project",
  changes: {
    since: "none",
    events: [
      "project_created",
      "project_updated",
      "project_deleted",
      "project_soft_deleted",
      "project_restored_deleted",
      "project_archived",
      "project_restored_archived",
    ],
  },

  parseSelector(selector) {
    const reader = new SelectorReader("project", selector);
    const expand = selector["expand"] === "" ? undefined : reader.optionalString("expand");
    reader.finish();
    return { expand: "expand" in selector ? expand : "insight" };
  },

  async *read(session, { expand }, options) {
    let isEmpty = true;
    const pages = walkOffsets({
      client: session.client,
      path: "/rest/api/3/project/search",
      request: { query: { expand, orderBy: "key" }, signal: options.signal },
      model: "bean",
      pageSize: PAGE_SIZE,
      what: "project",
    });
    for await (const { elements, total } of pages) {
      isEmpty = false;
      const objects = elements.map((element) => toRawObject(element, { kind: "project", site: session.selfRewrite }));
      yield toPage(objects, options, total);
    }
    if (isEmpty) await assertSeesProjects(session, options.signal);
  },

  async readOne(session, { expand }, id, { signal }) {
    const request = { parameters: { id }, query: { expand }, signal };
    const element = await readSingle(session, "/rest/api/3/project/{id}", request);
    return element && toRawObject(element, { kind: "project", site: session.selfRewrite });
  },
};
