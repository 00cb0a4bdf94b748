import type { JsonObject } from "../../model/json.ts";
import type { Kind } from "../kind.ts";
import { readPerProject } from "../read-per-project.ts";
import { SelectorReader } from "../selector-reader.ts";

const SOURCES = ["jira", "compass", "auto"] as const;

export interface ComponentSelector {
  readonly componentSource: (typeof SOURCES)[number];
  readonly nameFilter: string | undefined;
}

/** The components of all projects, with `__project`: the project as Jira lists it. */
export const componentKind: Kind<ComponentSelector> = {
  name: "component",
  changes: { since: "none", events: [] },

  parseSelector(selector) {
    const reader = new SelectorReader("component", selector);
    const componentSource = reader.choice("componentSource", SOURCES, "jira") ?? "jira";
    const nameFilter = reader.optionalString("nameFilter");
    reader.finish();
    return { componentSource, nameFilter };
  },

  read: (session, { componentSource, nameFilter }, options) =>
    readPerProject(session, options, {
      kind: "component",
      path: "/rest/api/3/project/{projectKey}/component",
      query: { componentSource, query: nameFilter },
      enrich: ({ element }) => ({ __project: JSON.parse(element.bytes.toString("utf8")) as JsonObject }), // has a key
    }),
};
