import { expect, test } from "vitest";
import { readErrorBody } from "./error-body.ts";

test.each([
  [
    "the error collection",
    '{"errorMessages":["The value \'X\' does not exist."],"errors":{"project":"Specify a project"}}',
    "The value 'X' does not exist.; project: Specify a project",
  ],
  ["an empty error collection", '{"errorMessages":[],"errors":{}}', ""],
  [
    "problem+json",
    '{"type":"about:blank","title":"Not Found","status":404,"detail":"No endpoint GET /x"}',
    "No endpoint GET /x",
  ],
  [
    "the gateway",
    '{"timestamp":"t","status":404,"error":"Not Found","message":"No message available","path":"/x"}',
    "No message available",
  ],
  [
    "the OAuth server",
    '{"error":"invalid_grant","error_description":"Unknown refresh token."}',
    "Unknown refresh token.",
  ],
  ["a page of HTML", "<html><head><title>Page unavailable</title></head><body>x</body></html>", "Page unavailable"],
  ["plain text", "Client must be\n authenticated", "Client must be authenticated"],
  ["nothing", "", ""],
])("%s is put into one line", (_, body, line) => {
  expect(readErrorBody(Buffer.from(body))).toBe(line);
});

test("a long page is cut", () => {
  expect(readErrorBody(Buffer.from("x".repeat(10_000)))).toHaveLength(300);
});
