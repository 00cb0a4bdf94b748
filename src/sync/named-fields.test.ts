import { expect, test } from "vitest";
import { FieldCatalog } from "../jira/field-catalog.ts";
import { connectJira } from "../jira/jira-session.ts";
import { stubServices, stubSettings } from "../jira/stub-jira.fixture.ts";
import { StubServer } from "../jira/stub-server.fixture.ts";
import { parseMapping } from "../mapping/parse-mapping.ts";
import type { Json } from "../model/json.ts";
import type { MappingResource } from "../model/mapping.ts";
import { must, NotAllowedError } from "../runtime/errors.ts";
import type { SettingsStore } from "../store/settings-store.ts";
import { bindResource } from "./bind-resource.ts";
import { NamedFields, parseFields } from "./named-fields.ts";

class MemoryNotes implements SettingsStore {
  readonly notes = new Map<string, Json>();
  find = (name: string): Promise<Json | undefined> => Promise.resolve(this.notes.get(name));
  exclusively = <Result>(change: () => Promise<Result>): Promise<Result> => change();
  save = (name: string, value: Json): Promise<void> => Promise.resolve(void this.notes.set(name, value));
}

const toCatalog = (names: Readonly<Record<string, string>>): FieldCatalog =>
  new FieldCatalog(Object.entries(names).map(([id, name]) => ({ id, name, isCustom: true, schemaType: undefined })));

/** One run after the other: each sees its own fields of Jira, and remembers the earlier runs. */
async function run(
  catalogs: readonly (FieldCatalog | undefined)[],
  use: (fields: NamedFields) => unknown,
): Promise<{ readonly result: unknown; readonly warnings: readonly string[] }> {
  const notes = new MemoryNotes();
  let last: { readonly result: unknown; readonly warnings: readonly string[] } = { result: undefined, warnings: [] };
  for (const catalog of catalogs) {
    const [note] = notes.notes.values();
    const fields = new NamedFields(catalog, parseFields(note));
    last = { result: use(fields), warnings: [...fields.warnings] };
    await fields.save(notes, "jira/test");
  }
  return last;
}

const points = toCatalog({ customfield_1: "Story Points" });
const renamed = toCatalog({ customfield_1: "Points" });
const findPoints = (fields: NamedFields): unknown => fields.find("Story Points");

test("a name means the field of that name, and there is nothing to say about it", async () => {
  expect(await run([points], findPoints)).toEqual({ result: "customfield_1", warnings: [] });
});

test("a name that no field has means nothing, and the nearest one is told", async () => {
  const { result, warnings } = await run([points], (fields) => fields.find("Story Pionts"));
  expect(result).toBeUndefined();
  expect(warnings).toEqual([
    'field("Story Pionts") gives null: Jira has no field "Story Pionts"; did you mean "Story Points"?',
  ]);
});

test("a name that several fields have means one of them, and all of them are told", async () => {
  const twins = toCatalog({ customfield_1: "Story Points", customfield_2: "Story Points" });
  expect(await run([twins], findPoints)).toEqual({
    result: "customfield_1",
    warnings: [
      'Jira has 2 fields called "Story Points" (customfield_1, customfield_2): customfield_1 is read; write the id of the one you mean',
    ],
  });
  expect((await run([twins], (fields) => fields.find("customfield_2"))).warnings).toEqual([]);
});

test("a field that was renamed is read on, run after run, and its new name is told", async () => {
  expect(await run([points, renamed, renamed], findPoints)).toEqual({
    result: "customfield_1",
    warnings: ['"Story Points" is called "Points" in Jira now: write field("Points"). Until then the field is read on'],
  });
});

test("a field that was removed is told by the id that it had", async () => {
  const { result, warnings } = await run([points, toCatalog({ customfield_2: "Team" })], findPoints);
  expect(result).toBeUndefined();
  expect(warnings).toEqual([
    'field("Story Points") gives null: Jira has no field "Story Points"; it had one, customfield_1',
  ]);
});

test("a field that comes back under another name is the one that was meant", async () => {
  expect((await run([points, toCatalog({}), renamed], findPoints)).result).toBe("customfield_1");
});

test("a field that was made anew under the name is the one that is meant", async () => {
  const anew = toCatalog({ customfield_1: "Old points", customfield_2: "Story Points" });
  expect(await run([points, anew], findPoints)).toEqual({ result: "customfield_2", warnings: [] });
});

test("without the list of fields a name means what it meant, and a new one cannot be told", async () => {
  expect((await run([points, undefined, undefined], findPoints)).result).toBe("customfield_1");
  await expect(run([undefined], findPoints)).rejects.toThrow(NotAllowedError);
});

test("a Jira that does not show the list of its fields is no reason to stop", async () => {
  const stub = await StubServer.start(({ path }) =>
    path.endsWith("/field") ? { status: 403 } : { json: { accountId: "me" } },
  );
  const session = await connectJira(stubSettings(stub.url), stubServices());
  const options = { dataSource: "jira/test", signal: new AbortController().signal };
  const fields = await NamedFields.load(session, new MemoryNotes(), options);
  expect([...fields.warnings]).toEqual([
    expect.stringMatching(/^the list of Jira's fields could not be read: .*\/rest\/api\/3\/field/),
  ]);
  await session.close();
  await stub.close();
});

const toResource = (title: string, jql = "project = AL"): MappingResource => {
  const text = `resources:
  - kind: issue
    selector: { query: "true", jql: ${jql} }
    port: { entity: { mappings: { identifier: .key, blueprint: '"issue"', title: '${title}' } } }`;
  const { document } = parseMapping(text, { kinds: ["issue"], unknownKeys: "refuse", name: "test" });
  return must(document.resources[0], "the mapping has a resource");
};

test("a custom field that the mapping names by an id which is gone is told, with the one that has its name now", async () => {
  const check = (fields: NamedFields): unknown => fields.check(toResource(".fields.customfield_1 // .fields.summary"));
  const anew = toCatalog({ customfield_2: "Story Points" });
  expect((await run([points, points], check)).warnings).toEqual([]);
  expect((await run([points, anew], check)).warnings).toEqual([
    'Jira has no field customfield_1 any more, which was called "Story Points"; the field of that name is customfield_2 now',
  ]);
  expect((await run([anew], check)).warnings).toEqual(["Jira has no field customfield_1"]);
});

test("a bound resource asks Jira for the fields that its names mean, and doubts what is in no list", () => {
  const resource = toResource('field("Story Points") // field("Nothing")', "Squadd = Blue");
  const catalog = toCatalog({ customfield_1: "Story Points", customfield_2: "Squad" });
  // Nothing is evaluated or parsed here.
  const prepared = { resource, kind: undefined as never, selector: undefined };
  const bound = bindResource(prepared, new NamedFields(catalog, new Map()), () => undefined as never);
  expect(bound.fields).toEqual({
    needed: ["customfield_1"],
    named: { "Story Points": "customfield_1", Nothing: null },
  });
  expect(bound.doubts).toMatchObject([
    { code: "doubtful_jql", position: { line: 3, column: 37 }, suggestion: "Squad" },
  ]);
});
