import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../model/json.ts";
import type { Catalog } from "./catalog.ts";
import { openTestCatalog, type TestCatalog } from "./test-catalog.fixture.ts";
import { countChanges, ME, MERGE, refusal, writeOne } from "./test-entities.fixture.ts";

let opened: TestCatalog;
let catalog: Catalog;
beforeEach(async () => {
  opened = await openTestCatalog({ threads: false });
  catalog = opened.catalog;
  for (const blueprint of BLUEPRINTS) await catalog.createBlueprint(blueprint, ME);
});
afterEach(() => opened.close());

const text = { type: "string" };
/** issue -> project -> lead (one each), issue -> watchers (many). */
const BLUEPRINTS: readonly JsonObject[] = [
  {
    identifier: "person",
    title: "Person",
    schema: { properties: { mail: text } },
    calculationProperties: { short: { calculation: ".properties.mail[0:3]", type: "string" } },
  },
  {
    identifier: "project",
    title: "Project",
    schema: { properties: { url: text } },
    relations: { lead: { target: "person" } },
  },
  {
    identifier: "issue",
    title: "Issue",
    schema: { properties: { own: text } },
    relations: { project: { target: "project" }, watchers: { target: "person", many: true } },
    mirrorProperties: {
      projectUrl: { path: "project.url", title: "Project URL" },
      leadMail: { path: "project.lead.mail" },
      leadName: { path: "project.lead.$title" },
      leadShort: { path: "project.lead.short" },
      watcherMails: { path: "watchers.mail" },
      watcherNames: { path: "watchers.$title" },
    },
    calculationProperties: { shout: { calculation: ".properties.leadMail | ascii_upcase", type: "string" } },
  },
];

const write = (blueprint: string, identifier: string, rest: object = {}) =>
  writeOne(catalog, { blueprint, identifier, ...rest }, MERGE);
const read = async (identifier = "I") => (await catalog.getEntity({ blueprint: "issue", identifier })).properties;
const find = async (property: string, value: Json): Promise<readonly string[]> => {
  const query = { combinator: "and", rules: [{ property, operator: "=", value }] };
  return (await catalog.search(query, { blueprint: "issue" })).entities.map((each) => each.identifier);
};

async function writeAll(): Promise<void> {
  await write("person", "ann", { title: "Ann", properties: { mail: "ann@x.io" } });
  await write("person", "bob", { title: "Bob" });
  await write("project", "P", { properties: { url: "https://p" }, relations: { lead: "ann" } });
  await write("issue", "I", { relations: { project: "P", watchers: ["bob", "ann"] } });
}

test("a mirror shows the value at the end of its path: one along single relations, a list along many", async () => {
  await write("issue", "bare");
  const nothing = { projectUrl: null, leadMail: null, leadName: null, leadShort: null, shout: null };
  expect(await read("bare")).toEqual({ own: null, ...nothing, watcherMails: [], watcherNames: [] });
  await writeAll();
  expect(await read()).toEqual({
    own: null,
    projectUrl: "https://p",
    leadMail: "ann@x.io",
    leadName: "Ann",
    leadShort: "ann",
    watcherMails: ["ann@x.io"],
    watcherNames: ["Bob", "Ann"],
    shout: "ANN@X.IO",
  });
});

describe("searches find what mirrors show now", () => {
  beforeEach(writeAll);

  test("after the entity at the end changed, two relations away", async () => {
    await write("person", "ann", { title: "Anna", properties: { mail: "anna@x.io" } });
    expect(await find("leadMail", "anna@x.io")).toEqual(["I"]);
    expect(await find("leadMail", "ann@x.io")).toEqual([]);
    expect(await find("leadName", "Anna")).toEqual(["I"]);
    expect(await find("shout", "ANNA@X.IO")).toEqual(["I"]);
    expect(await find("watcherMails", "anna@x.io")).toEqual(["I"]);
  });

  test("after a relation on the way led elsewhere", async () => {
    await write("project", "P", { relations: { lead: "bob" } });
    expect(await find("leadName", "Bob")).toEqual(["I"]);
    expect(await find("leadMail", "ann@x.io")).toEqual([]);
  });

  test("after the entity at the end was deleted, or got another identifier", async () => {
    await catalog.patchEntity(
      { blueprint: "person", identifier: "ann" },
      { identifier: "anna" },
      { createMissingRelatedEntities: false },
      ME,
    );
    expect(await read()).toMatchObject({ leadName: "Ann" });
    await catalog.deleteEntities([{ blueprint: "person", identifier: "anna" }], { deleteDependents: false }, ME);
    expect(await find("leadName", "Ann")).toEqual([]);
    expect(await read()).toMatchObject({ leadName: null, watcherNames: ["Bob"] });
  });

  test("when all of it came in one write, in any order", async () => {
    await catalog.writeEntities(
      [
        { blueprint: "issue", identifier: "J", relations: { project: "Q" } },
        { blueprint: "project", identifier: "Q", relations: { lead: "cy" } },
        { blueprint: "person", identifier: "cy", properties: { mail: "cy@x.io" } },
      ],
      MERGE,
      ME,
    );
    expect(await find("leadMail", "cy@x.io")).toEqual(["J"]);
  });

  test("after the mirrored property was removed", async () => {
    await catalog.patchBlueprint("person", { schema: { properties: {} } }, ME);
    expect(await find("leadMail", "ann@x.io")).toEqual([]);
    expect(await read()).toMatchObject({ leadMail: null, leadName: "Ann" });
  });

  test("and a change of what nobody mirrors writes no more than itself", async () => {
    const before = await countChanges(catalog);
    await write("person", "bob", { properties: { mail: "bob@x.io" }, icon: "Star" });
    expect(await countChanges(catalog)).toBe(before + 2); // bob, and the issue that he watches
    await write("person", "bob", { icon: "Moon" });
    expect(await countChanges(catalog)).toBe(before + 3);
  });
});

test("what mirrors show is not written, and what was read may be sent back", async () => {
  await writeAll();
  expect(await write("issue", "I", { properties: await read() })).toMatchObject({ result: "unchanged" });
});

test.each([
  ["an unknown relation", "boss.mail"],
  ["an unknown property", "project.mail"],
  ["an unknown meta-property", "project.$size"],
])("a mirror over %s is refused", async (_, path) => {
  const change = { mirrorProperties: { it: { path } } };
  await expect(catalog.patchBlueprint("issue", change, ME)).rejects.toEqual(
    refusal("invalid_request", "leads nowhere"),
  );
});

test("a mirror whose end was removed hinders no other change of its blueprint", async () => {
  await catalog.patchBlueprint("project", { schema: { properties: {} } }, ME);
  await catalog.patchBlueprint("issue", { title: "Bug" }, ME);
  expect(catalog.getBlueprint("issue").mirrorProperties).toHaveProperty("projectUrl");
});

describe("renaming", () => {
  beforeEach(writeAll);
  const rename = (kind: "property" | "relation" | "mirror", blueprint: string, from: string, to: string) =>
    catalog.renamePart({ kind, blueprint, from, to }, ME);

  test("a property takes its values along, and mirrors of it follow", async () => {
    const renamed = await rename("property", "person", "mail", "address");
    expect(renamed.schema.properties).toEqual({ address: text });
    expect((await catalog.getEntity({ blueprint: "person", identifier: "ann" })).properties).toMatchObject({
      address: "ann@x.io",
    });
    expect(catalog.getBlueprint("issue").mirrorProperties).toMatchObject({
      leadMail: { path: "project.lead.address" },
      watcherMails: { path: "watchers.address" },
    });
    expect(await find("leadMail", "ann@x.io")).toEqual(["I"]);
    expect(await read()).toMatchObject({ leadShort: null }); // the program still names the old one
  });

  test("a relation takes its targets along, and paths over it follow", async () => {
    await rename("relation", "issue", "project", "home");
    const entity = await catalog.getEntity({ blueprint: "issue", identifier: "I" });
    expect(entity.relations).toEqual({ home: "P", watchers: ["bob", "ann"] });
    expect(entity.properties).toMatchObject({ leadMail: "ann@x.io" });
    await expect(
      catalog.deleteEntities([{ blueprint: "project", identifier: "P" }], { deleteDependents: false }, ME),
    ).resolves.toHaveProperty("deleted.length", 1);
    expect((await catalog.getEntity({ blueprint: "issue", identifier: "I" })).relations).toMatchObject({ home: null });
  });

  test("a mirror is found under its new name", async () => {
    await rename("mirror", "issue", "leadMail", "lead");
    expect(await find("lead", "ann@x.io")).toEqual(["I"]);
    expect(await read()).not.toHaveProperty("leadMail");
  });

  test("what is not there, and a name that is taken, are refused", async () => {
    await expect(rename("property", "person", "x", "y")).rejects.toEqual(refusal("not_found", '"x"'));
    await expect(rename("relation", "issue", "project", "watchers")).rejects.toEqual(refusal("identifier_taken"));
    await expect(rename("property", "issue", "own", "leadMail")).rejects.toEqual(
      refusal("invalid_request", "leadMail"),
    );
    await expect(rename("property", "issue", "own", "a b")).rejects.toEqual(refusal("invalid_request"));
    await expect(rename("property", "_user", "status", "x")).rejects.toEqual(refusal("protected_resource"));
  });

  test("a blueprint takes its entities along, and what names it follows", async () => {
    const { title, schema } = catalog.getBlueprint("person");
    const calculationProperties = catalog.getBlueprint("person").calculationProperties;
    await catalog.replaceBlueprint("person", { identifier: "human", title, schema, calculationProperties }, ME);
    expect(() => catalog.getBlueprint("person")).toThrow("was not found");
    expect(await catalog.countEntities("human")).toBe(2);
    expect(catalog.getBlueprint("project").relations).toMatchObject({ lead: { target: "human" } });
    expect(await read()).toMatchObject({ leadMail: "ann@x.io" });
    const taken = catalog.patchBlueprint("human", { identifier: "issue" }, ME);
    await expect(taken).rejects.toEqual(refusal("identifier_taken", "issue"));
  });
});
