import { afterEach, beforeEach, expect } from "vitest";
import type { Entity, EntityInput } from "../model/entity.ts";
import type { JsonObject } from "../model/json.ts";
import type { Caller, Catalog, EntityDocument, EntityWrite, WriteOptions } from "./catalog.ts";
import { openTestCatalog, type TestCatalog } from "./test-catalog.fixture.ts";

export const ME: Caller = { actor: "client-1", dataSource: "curl/8" };
export const YOU: Caller = { actor: "auth0|you", dataSource: "browser", runId: "run-7" };
export const MERGE: WriteOptions = { existing: "merge", createMissingRelatedEntities: false };
/** Of the test clock. */
export const NOW = "2024-05-06T07:08:09.010Z";

export const PERSON: JsonObject = {
  identifier: "person",
  title: "Person",
  schema: { properties: { age: { type: "number" } } },
};
export const ISSUE: JsonObject = {
  identifier: "issue",
  title: "Issue",
  icon: "Jira",
  schema: {
    properties: {
      status: { type: "string", default: "open" },
      labels: { type: "array", items: { type: "string" } },
      created: { type: "string", format: "date-time" },
      resolutionDate: { type: "string", format: "date-time" },
    },
  },
  relations: { assignee: { target: "person" }, watchers: { target: "person", many: true } },
  calculationProperties: {
    handlingDuration: {
      title: "Handling Duration (Days)",
      icon: "Clock",
      calculation:
        'if (.properties.resolutionDate != null and .properties.created != null) then ((.properties.resolutionDate[0:19] + "Z" | fromdateiso8601) - (.properties.created[0:19] + "Z" | fromdateiso8601)) / 86400 else null end',
      type: "number",
    },
  },
};

export function person(identifier: string, properties: JsonObject = {}): EntityInput {
  return { blueprint: "person", identifier, properties };
}

export function issue(identifier: string, rest: Partial<EntityInput> = {}): EntityInput {
  return { blueprint: "issue", identifier, ...rest };
}

/** A new catalog in each test, and short ways to write to it and to read issues. */
export interface CatalogBed extends Omit<TestCatalog, "close"> {
  readonly write: (document: EntityDocument, options?: WriteOptions, caller?: Caller) => Promise<EntityWrite>;
  readonly read: (identifier: string) => Promise<Entity>;
}

/** To be called once in a file of tests; the catalog of each has these blueprints. */
export function useTestCatalog(blueprints: readonly JsonObject[] = [PERSON, ISSUE]): CatalogBed {
  let opened: TestCatalog;
  beforeEach(async () => {
    opened = await openTestCatalog({ threads: false });
    for (const blueprint of blueprints) await opened.catalog.createBlueprint(blueprint, ME);
  });
  afterEach(() => opened.close());
  return {
    get catalog() {
      return opened.catalog;
    },
    get store() {
      return opened.store;
    },
    get clock() {
      return opened.clock;
    },
    get path() {
      return opened.path;
    },
    write: (document, options = MERGE, caller = ME) => writeOne(opened.catalog, document, options, caller),
    read: (identifier) => opened.catalog.getEntity({ blueprint: "issue", identifier }),
  };
}

/** Matches a CatalogError whose message has these words in this order. */
export function refusal(portCode: string, ...words: readonly string[]): unknown {
  return expect.objectContaining({ portCode, message: expect.stringMatching(words.join(".*")) });
}

export async function writeOne(
  catalog: Catalog,
  document: EntityDocument,
  options = MERGE,
  caller = ME,
): Promise<EntityWrite> {
  const [result] = await catalog.writeEntities([document], options, caller);
  if (result === undefined) throw new Error("one document has one result");
  return result;
}

export async function countChanges(catalog: Catalog): Promise<number> {
  return (await catalog.listChanges(0, 10_000)).length;
}
