import { assertSeesProjects } from "../jira-session.ts";
import type { Kind } from "../kind.ts";
import { walkProjects } from "../projects.ts";
import { readSingle } from "../read-single.ts";
import { SelectorReader } from "../selector-reader.ts";
import { toPage } from "../to-page.ts";
import { toRawObject } from "../to-raw-object.ts";

export interface ProjectSelector {
  /** What to add to each project; `insight` has its number of issues. */
  readonly expand: string | undefined;
}

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
    const expand = reader.optionalString("expand", "insight");
    reader.finish();
    return { expand };
  },

  async *read(session, { expand }, options) {
    let isEmpty = true;
    for await (const { elements, total } of walkProjects(session, expand, options.signal)) {
      isEmpty = false;
      const objects = elements.map((element) => toRawObject(element, { kind: "project", site: session.selfRewrite }));
      yield toPage(objects, options, total);
    }
    if (isEmpty) await assertSeesProjects(session, options.signal);
  },

  async readOne(session, { expand }, id, { signal }) {
    // Read by itself a project has more members than in the list, and a mapping would see a change where there is none.
    const query = { ...(/^\d+$/.test(id) ? { id } : { keys: id }), expand };
    const element = await readSingle(session, "/rest/api/3/project/search", { query, signal, items: "values" });
    return element && toRawObject(element, { kind: "project", site: session.selfRewrite });
  },
};
