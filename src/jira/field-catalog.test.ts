import { expect, test } from "vitest";
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
  expect(catalog.find("story points")?.id).toBe("customfield_1");
  expect(catalog.find("Team")).toBeUndefined();
});

test("a name that no field has is explained, with the nearest one", () => {
  expect(catalog.explainUnknown("Story Pionts")).toBe('Jira has no field "Story Pionts"; did you mean "Story Points"?');
  expect(catalog.explainUnknown("Velocity")).toBe('Jira has no field "Velocity"');
});

test("the fields for sprints and epics are known by their type, whatever they are called", () => {
  const german = new FieldCatalog([
    field("customfield_1", "Sprint", "com.atlassian.jira.plugin.system.customfieldtypes:textfield"),
    field("customfield_2", "Iteration", "com.pyxis.greenhopper.jira:gh-sprint"),
    field("customfield_4", "Epos-Verknüpfung", "com.pyxis.greenhopper.jira:gh-epic-link"),
  ]);
  expect(german.find("Sprint")?.id).toBe("customfield_2");
  expect(german.find("Epic Link")?.id).toBe("customfield_4");
  expect(new FieldCatalog([field("customfield_1", "Sprint")]).find("sprint")?.id).toBe("customfield_1");
});

test("the catalog is read once per run", async () => {
  const { session, simulator, close } = await startSession({ issues: 1 });
  const signal = new AbortController().signal;
  const loaded = await FieldCatalog.load(session, signal);
  await FieldCatalog.load(session, signal);
  expect(loaded.find("summary")).toMatchObject({ isCustom: false });
  expect(loaded.find("Sprint")?.isCustom).toBe(true);
  expect(simulator.requests.count("GET /rest/api/3/field")).toBe(1);
  await close();
});
