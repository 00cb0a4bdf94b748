import type { z } from "@hono/zod-openapi";
import { InputError, type InputProblem } from "../runtime/errors.ts";

type Issue = z.core.$ZodIssue;

/** The refusal of a request that does not fit its route, worded the way Port words it: the path in quotes, then what it must be. */
export function toInvalidRequest(error: z.core.$ZodError, target: string): InputError {
  const problems = error.issues.map(toProblem);
  const texts = problems.map((problem) => problem.message);
  return new InputError(`The ${TARGETS[target] ?? target} is not valid: ${texts.join("; ")}`, problems);
}

const TARGETS: Readonly<Record<string, string>> = { json: "body", param: "path" };

function toProblem(issue: Issue): InputProblem {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  const isMissing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
  const message = isMissing
    ? `"${path.slice(0, -1).join("/") || "body"}" must have required property '${path.at(-1) ?? ""}'`
    : `"${path.join("/") || "body"}" ${toText(issue)}`;
  return { code: issue.code, message, path };
}

function toText(issue: Issue): string {
  if (issue.code === "invalid_type") return `must be ${issue.expected}`;
  if (issue.code === "too_big") return `must have at most ${issue.maximum}`;
  if (issue.code === "too_small") return `must have at least ${issue.minimum}`;
  if (issue.code === "unrecognized_keys") return `has keys that are not known here: ${issue.keys.join(", ")}`;
  return issue.message;
}
