import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { JqWasmEngine } from "../src/jq-wasm/jq-wasm-engine.ts";
import { DEFAULT_BLUEPRINTS } from "../src/mapping/default-blueprints.ts";
import { toDefaultMapping } from "../src/mapping/default-mapping.ts";
import { parseMapping } from "../src/mapping/parse-mapping.ts";
import { ResourceMapper } from "../src/mapping/resource-mapper.ts";
import type { JsonObject } from "../src/model/json.ts";
import { makeFolder } from "./fixtures/folder.ts";
import { openCatalog, type OpenCatalog } from "./fixtures/open-catalog.ts";

const DEFAULT_MAPPING = toDefaultMapping("cloud");

/** Real payloads of Jira, one JSON line each: `{"data": payload, ...}`. */
const corpus = process.env["QUAYSIDE_CORPUS"];

const jq = new JqWasmEngine();
afterAll(() => jq.close());

let folder: ReturnType<typeof makeFolder>;
let open: OpenCatalog;
beforeEach(async () => {
  folder = makeFolder();
  open = await openCatalog(folder.path);
  const caller = { actor: "test", dataSource: "test" };
  for (const blueprint of DEFAULT_BLUEPRINTS) await open.catalog.createBlueprint(blueprint, caller);
});
afterEach(async () => {
  await open.close();
  folder.remove();
});

interface Source {
  readonly file: string;
  readonly kind: "project" | "user" | "issue";
  /** How the file names an object and shows it, read without any mapping. What has no title is shown by its key. */
  readonly key: (payload: JsonObject) => unknown;
  readonly title: (payload: JsonObject) => unknown;
  /** Where accounts have no accountId, as on a Data Center. */
  readonly identifier?: string;
}

const summary = (payload: JsonObject): unknown => (payload["fields"] as JsonObject)["summary"];
const cloud = (file: string, kind: "project" | "issue"): Source => ({
  file,
  kind,
  key: (payload) => payload["key"],
  title: kind === "issue" ? summary : (payload) => payload["name"],
});

const SOURCES: readonly Source[] = [
  cloud("project_cloud", "project"),
  cloud("project_server", "project"),
  cloud("project_list_server", "project"),
  { file: "user", kind: "user", key: (payload) => payload["accountId"], title: (payload) => payload["displayName"] },
  {
    file: "user_server",
    kind: "user",
    key: (payload) => payload["key"],
    title: (payload) => payload["displayName"],
    identifier: ".key",
  },
  cloud("issue_cloud", "issue"),
  cloud("issue_agile_cloud", "issue"),
  cloud("issue_server", "issue"),
  cloud("issue_page_agile", "issue"),
];

function readPayloads(file: string): JsonObject[] {
  const lines = readFileSync(join(corpus ?? "", `${file}.jsonl`), "utf8").split("\n");
  return lines.filter(Boolean).flatMap((line) => {
    const { data } = JSON.parse(line) as { data: JsonObject & { issues?: JsonObject[] } };
    return Array.isArray(data) ? (data as JsonObject[]) : (data.issues ?? [data]);
  });
}

test.skipIf(corpus === undefined).each(SOURCES.map((source) => [source.file, source] as const))(
  "every payload of %s.jsonl gives one entity with its key and title (QUAYSIDE_CORPUS)",
  async (_, source) => {
    const payloads = readPayloads(source.file);
    const text =
      source.identifier === undefined
        ? DEFAULT_MAPPING
        : DEFAULT_MAPPING.replaceAll(".accountId\n", `${source.identifier}\n`);
    const { document } = parseMapping(text, {
      kinds: ["project", "user", "issue"],
      unknownKeys: "refuse",
      name: "default",
    });
    const [resource] = document.resources.filter(({ kind }) => kind === source.kind);
    if (resource === undefined) throw new Error(`the default mapping has no ${source.kind}`);
    const mapped = await new ResourceMapper(resource, jq).map(payloads);
    expect(mapped.map(({ entities }) => entities.length)).toEqual(payloads.map(() => 1));

    const options = { existing: "merge", createMissingRelatedEntities: true } as const;
    const writes = await open.catalog.writeEntities(
      mapped.flatMap(({ entities }) => entities),
      options,
      { actor: "test", dataSource: "test" },
    );
    expect(writes.filter(({ result }) => result === "failed")).toEqual([]);

    const expected = new Map(
      payloads.map((payload) => [source.key(payload), source.title(payload) ?? source.key(payload)]),
    );
    const blueprint = { project: "jiraProject", user: "jiraUser", issue: "jiraIssue" }[source.kind];
    const entities = (await open.catalog.listEntities(blueprint)).filter(({ identifier }) => expected.has(identifier));
    expect(new Map(entities.map(({ identifier, title }) => [identifier, title]))).toEqual(expected);
    expect(entities).toHaveLength(expected.size);
  },
);
