import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { CASES } from "../bench/conformance/cases.ts";
import { NOT_SUPPORTED, toShape } from "../bench/conformance/port-operations.ts";

const METHODS = ["get", "put", "post", "patch", "delete"];
const specification = join(process.env["QUAYSIDE_SPEC"] ?? "", "port-openapi.yaml");
const isThere = process.env["QUAYSIDE_SPEC"] !== undefined && existsSync(specification);

const page = readFileSync(resolve(import.meta.dirname, "../docs/api.md"), "utf8");
const supported = [...page.matchAll(/^\| `((?:GET|POST|PUT|PATCH|DELETE) [^`]+)` \|/gm)].map(([, route = ""]) =>
  toShape(route),
);
const listed = NOT_SUPPORTED.flatMap(({ operations }) => operations.map(toShape));

test("what is planned or absent has a reason, once, and is no route", () => {
  expect(listed.filter((operation, index) => listed.indexOf(operation) !== index)).toEqual([]);
  expect(listed.filter((operation) => supported.includes(operation))).toEqual([]);
  expect(NOT_SUPPORTED.every(({ reason }) => reason.length > 0)).toBe(true);
});

// Set QUAYSIDE_SPEC to the folder that holds port-openapi.yaml.
test.skipIf(!isThere)("every operation of Port's OpenAPI document is supported, planned or absent", () => {
  const { paths } = parse(readFileSync(specification, "utf8")) as { paths: Record<string, object> };
  const all = Object.entries(paths).flatMap(([path, operations]) =>
    METHODS.filter((method) => method in operations).map((method) => toShape(`${method.toUpperCase()} ${path}`)),
  );
  const decided = new Set([...supported, ...listed]);
  expect(all.filter((operation) => !decided.has(operation))).toEqual([]);
  expect(listed.filter((operation) => !all.includes(operation))).toEqual([]);
  expect(all.length).toBeGreaterThan(100);
  const shared = all.filter((operation) => supported.includes(operation));
  expect(Object.keys(CASES).map(toShape).toSorted()).toEqual(shared.toSorted());
});
