import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CompiledJqEngine } from "../src/jq/compiled-jq-engine.ts";
import { JqWasmEngine } from "../src/jq-wasm/jq-wasm-engine.ts";
import { toDefaultMapping } from "../src/mapping/default-mapping.ts";
import { toNeededFields } from "../src/mapping/needed-fields.ts";
import { parseMapping } from "../src/mapping/parse-mapping.ts";
import { ResourceMapper } from "../src/mapping/resource-mapper.ts";
import type { JsonObject } from "../src/model/json.ts";

/** Real payloads of Jira, one JSON line each: `{"data": payload, ...}`. */
const corpus = process.env["QUAYSIDE_CORPUS"];

function readIssues(): JsonObject[] {
  return ["issue_cloud", "issue_agile_cloud", "issue_server"].flatMap((file) =>
    readFileSync(join(corpus ?? "", `${file}.jsonl`), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { data: JsonObject }).data),
  );
}

/** The issue as Jira answers it without `expand`, which the default mapping does not ask for. */
function withoutExpansions({ id, key, self, expand, fields }: JsonObject): JsonObject {
  return { id, key, self, expand, fields } as JsonObject; // all of them are there in an issue
}

/** The issue as Jira answers it when it is asked for these fields only. */
function withFields(issue: JsonObject, names: readonly string[]): JsonObject {
  const fields = issue["fields"] as JsonObject;
  return {
    ...issue,
    fields: Object.fromEntries(names.flatMap((name) => (name in fields ? [[name, fields[name] ?? null]] : []))),
  };
}

test.skipIf(corpus === undefined)(
  "of real issues the default mapping needs 60 % of the bytes at most, and makes the same of them (QUAYSIDE_CORPUS)",
  async () => {
    const { document } = parseMapping(toDefaultMapping("cloud"), {
      kinds: ["project", "user", "issue"],
      unknownKeys: "refuse",
      name: "default",
    });
    const resource = document.resources.find(({ kind }) => kind === "issue");
    if (resource === undefined) throw new Error("the default mapping has no issue");
    const needed = toNeededFields(resource);
    if (needed === "all") throw new Error("the default mapping names its fields");
    const issues = readIssues().map(withoutExpansions);
    const reduced = issues.map((issue) => withFields(issue, needed));

    const shares = issues
      .map((issue, index) => JSON.stringify(reduced[index]).length / JSON.stringify(issue).length)
      .toSorted((a, b) => a - b);
    const median = shares[Math.floor(shares.length / 2)] ?? 1;
    expect(median).toBeLessThanOrEqual(0.6);

    const jq = new CompiledJqEngine(new JqWasmEngine());
    const mapper = new ResourceMapper(resource, jq);
    expect(await mapper.map(reduced)).toEqual(await mapper.map(issues));
    await jq.close();
  },
);
