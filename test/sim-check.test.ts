import { expect, test } from "vitest";
import { AnswerChecker } from "../bench/sim-check/answer-checker.ts";

const project = { type: "object", additionalProperties: false, properties: { key: { type: "string" } } };
const change = { type: "object", additionalProperties: false, properties: { from: { type: "string" } } };
const created = { type: "object", properties: { created: { type: "string", format: "date-time" } } };
const errors = {
  type: "object",
  additionalProperties: false,
  properties: { errorMessages: { type: "array" }, errors: { type: "object" } },
};

function toAnswer(name: string): object {
  return { content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } } };
}

function createChecker(): AnswerChecker {
  return new AnswerChecker([
    {
      components: { schemas: { Project: project, ChangeDetails: change, Created: created, ErrorCollection: errors } },
      paths: {
        "/project/{key}": {
          get: { responses: { 200: toAnswer("Project"), 404: {} } },
          delete: { responses: { 204: {} } },
        },
        "/change": { get: { responses: { 200: toAnswer("ChangeDetails") } } },
        "/issue": { get: { responses: { 200: toAnswer("Created") } } },
        "/free": { get: { responses: { 200: {} } } },
      },
    },
  ]);
}

function check(endpoint: string, body: unknown, status = 200, method = "GET"): string {
  const text = body === undefined ? "" : JSON.stringify(body);
  return createChecker().check(method, endpoint, status, "application/json", text).outcome;
}

test("a key that the document does not have is caught", () => {
  expect(check("/project/{key}", { key: "AL" })).toBe("valid");
  expect(check("/project/{key}", { key: "AL", invented: true })).toBe("invalid");
  expect(check("/project/{key}", { key: 1 })).toBe("invalid");
});

test("a status that the document does not have is caught, and so is an error in a form of its own", () => {
  expect(check("/project/{key}", {}, 418)).toBe("invalid");
  expect(check("/project/{key}", { errorMessages: ["No"], errors: {} }, 404)).toBe("valid");
  expect(check("/project/{key}", { message: "No" }, 404)).toBe("invalid");
  expect(check("/project/{key}", undefined, 204, "DELETE")).toBe("valid");
  expect(check("/project/{key}", {}, 204, "DELETE")).toBe("invalid");
});

test("what the document leaves open is not called valid", () => {
  expect(check("/free", { anything: 1 })).toBe("unspecified");
  expect(check("/elsewhere", {})).toBe("unspecified");
});

test("the three relaxations are in force, and no others", () => {
  expect(check("/issue", { created: "2026-01-26T01:39:15.510+0800" })).toBe("valid");
  expect(check("/project/{key}", { key: "AL", entityId: "x" })).toBe("valid");
  expect(check("/change", { from: null, tmpFromAccountId: null })).toBe("valid");
  expect(check("/change", { from: 1 })).toBe("invalid");
});
