import { expect, test } from "vitest";
import { toRawObject } from "./to-raw-object.ts";
import { scanPage } from "./scan-elements.ts";
import { must } from "../runtime/errors.ts";

const site = { from: "https://api.atlassian.com/ex/jira/c-1", to: "https://acme.atlassian.net" };
const element = must(
  scanPage(Buffer.from('[{"id":"1","self":"https://api.atlassian.com/ex/jira/c-1/rest/api/3/issue/1"}]'), [], ["id"])
    .elements[0],
  "the list has one element",
);

test("an object's own address is that of the site, so that a mapping which takes the host from it is right", () => {
  const { self } = toRawObject(element, { kind: "issue", site }).body();
  expect(self).toBe("https://acme.atlassian.net/rest/api/3/issue/1");
});

test("an object counts as changed when its site or what the kind adds changes", () => {
  const hashes = [
    toRawObject(element, { kind: "issue" }),
    toRawObject(element, { kind: "issue", site }),
    toRawObject(element, { kind: "issue", site: { ...site, to: "https://new.atlassian.net" } }),
    toRawObject(element, { kind: "issue", enrichment: { __boardId: 1 } }),
    toRawObject(element, { kind: "issue", enrichment: { __boardId: 2 } }),
  ].map(({ hash }) => hash);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(toRawObject(element, { kind: "issue", site }).hash).toBe(hashes[1]);
});
