import { expect, test } from "vitest";
import { InputError } from "../runtime/errors.ts";
import { FieldCatalog, type JiraField } from "./field-catalog.ts";
import { startSession } from "./simulated-session.fixture.ts";

const field = (id: string, name: string, schemaType?: string): JiraField => ({
  id,
  name,
  isCustom: id.startsWith("custom"),
  schemaType,
});

const catalog = new FieldCatalog([
  field("summary", "Summary"),
  field("customfield_1", "Story Points", "com.atlassian.jira.plugin.system.customfieldtypes:float"),
  field("customfield_2", "Sprint", "com.pyxis.greenhopper.jira:gh-sprint"),
  field("customfield_3", "Story Points"),
  field("customfield_4", "Epic Link", "com.pyxis.greenhopper.jira:gh-epic-link"),
]);

test("a field is found by name, by id, and by a name in other letters", () => {
  expect(catalog.find("Story Points")?.id).toBe("customfield_1");
  expect(catalog.find("customfield_3")?.name).toBe("Story Points");
  expect(catalog.get("story points").id).toBe("customfield_1");
  expect(catalog.find("Team")).toBeUndefined();
});

test("a name that no field has is a mistake, with the nearest one", () => {
  expect(() => catalog.get("Story Pionts")).toThrow(InputError);
  expect(() => catalog.get("Story Pionts")).toThrow(/did you mean "Story Points"/);
  expect(() => catalog.get("Velocity")).toThrow(/^Jira has no field "Velocity"$/);
});

test("the fields for sprints and epics are known by their type, whatever their name", () => {
  expect(catalog.sprintField?.id).toBe("customfield_2");
  expect(catalog.epicLinkField?.id).toBe("customfield_4");
});

test("renamed and removed fields are told, new ones are not", () => {
  const later = new FieldCatalog([
    field("summary", "Summary"),
    field("customfield_1", "Points"),
    field("customfield_3", "Story Points"),
    field("customfield_4", "Epic Link"),
    field("customfield_5", "Team"),
  ]);
  expect(later.changesSince(catalog)).toEqual([
    { type: "renamed", field: catalog.fields[1], name: "Points" },
    { type: "removed", field: catalog.fields[2] },
  ]);
});

test("the catalog is read once per run", async () => {
  const { session, simulator, close } = await startSession({ issues: 1 });
  const signal = new AbortController().signal;
  const loaded = await FieldCatalog.load(session, signal);
  await FieldCatalog.load(session, signal);
  expect(loaded.find("summary")).toMatchObject({ isCustom: false });
  expect(loaded.sprintField?.isCustom).toBe(true);
  expect(simulator.requests.count("GET /rest/api/3/field")).toBe(1);
  await close();
});
