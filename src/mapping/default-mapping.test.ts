import { expect, test } from "vitest";
import { compileJq } from "../jq/compile-jq.ts";
import { toDefaultMapping, type DefaultVariant } from "./default-mapping.ts";
import { parseMapping } from "./parse-mapping.ts";

function urlOf(variant: DefaultVariant, kind: string, self: string): unknown {
  const options = { kinds: ["project", "user", "issue", "team"], unknownKeys: "refuse", name: "test" } as const;
  const { document } = parseMapping(toDefaultMapping(variant), options);
  const [mapping] = document.resources.find((resource) => resource.kind === kind)?.mappings ?? [];
  return compileJq(mapping?.properties["url"]?.source ?? "").first({ self, key: "AL-1" });
}

test.each([
  ["https://acme.atlassian.net", "https://acme.atlassian.net/rest/api/3"],
  ["https://acme.com/jira", "https://acme.com/jira/rest/api/2"],
  ["http://localhost:8080", "http://localhost:8080/rest/api/2"],
])("links lead to pages of %s", (site, api) => {
  expect(urlOf("cloud", "issue", `${api}/issue/10001`)).toBe(`${site}/browse/AL-1`);
  expect(urlOf("server", "project", `${api}/project/10000`)).toBe(`${site}/projects/AL-1`);
});
