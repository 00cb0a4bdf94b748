import { projectKind, type ProjectSelector } from "../kinds/project.ts";
import { assertSeesProjects } from "../jira-session.ts";
import type { Kind } from "../kind.ts";
import { readSingle } from "../read-single.ts";
import { scanPage } from "../scan-elements.ts";
import { SelectorReader } from "../selector-reader.ts";
import { toPage } from "../to-page.ts";
import { toRawObject } from "../to-raw-object.ts";

/** A Data Center lists all projects in one answer. */
export const serverProjectKind: Kind<ProjectSelector> = {
  name: "project",
  changes: projectKind.changes,

  parseSelector(selector) {
    const reader = new SelectorReader("project", selector);
    const expand = reader.optionalString("expand");
    reader.finish();
    return { expand };
  },

  async *read(session, { expand }, options) {
    const elements = await session.client.request(
      "GET",
      "/rest/api/2/project",
      { query: { expand }, idempotent: true, signal: options.signal },
      (bytes) => scanPage(bytes, [], ["id", "key"]).elements,
    );
    const objects = elements.map((element) => toRawObject(element, { kind: "project" }));
    if (objects.length === 0) await assertSeesProjects(session, options.signal);
    yield toPage(objects, options, objects.length);
  },

  async readOne(session, { expand }, id, { signal }) {
    const request = { parameters: { id }, query: { expand }, signal };
    const element = await readSingle(session, "/rest/api/2/project/{id}", request);
    return element && toRawObject(element, { kind: "project" });
  },
};
