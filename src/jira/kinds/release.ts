import { isJsonObject } from "../../model/json.ts";
import type { Kind } from "../kind.ts";
import { readPerProject } from "../read-per-project.ts";
import { readSingle } from "../read-single.ts";
import { SelectorReader } from "../selector-reader.ts";
import { toRawObject } from "../to-raw-object.ts";

/** The versions of all projects, with `__projectKey`. */
export const releaseKind: Kind<object> = {
  name: "release",
  changes: {
    since: "none",
    events: [
      "jira:version_created",
      "jira:version_updated",
      "jira:version_released",
      "jira:version_unreleased",
      "jira:version_moved",
      "jira:version_deleted",
    ],
  },

  parseSelector(selector) {
    new SelectorReader("release", selector).finish();
    return {};
  },

  read: (session, _selector, options) =>
    readPerProject(session, options, {
      kind: "release",
      path: "/rest/api/3/project/{projectKey}/version",
      query: {},
      enrich: ({ key }) => ({ __projectKey: key }),
    }),

  async readOne(session, _selector, id, { signal }) {
    const request = { parameters: { id }, signal, members: ["projectId"] };
    const element = await readSingle(session, "/rest/api/3/version/{id}", request);
    const { projectId } = element?.members ?? {};
    if (element === undefined || projectId === undefined) return undefined;
    const project = await session.client.getJson("/rest/api/3/project/{id}", { parameters: { id: projectId }, signal });
    const key = isJsonObject(project) ? (project["key"] ?? null) : null;
    return toRawObject(element, { kind: "release", enrichment: { __projectKey: key }, site: session.selfRewrite });
  },
};
