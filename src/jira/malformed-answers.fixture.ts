import type { Json } from "../model/json.ts";
import type { StubAnswer } from "./stub-server.fixture.ts";

/** An answer of Jira that is not what its API promises, what is said about it, and the answer that was meant. */
export interface MalformedAnswer {
  readonly name: string;
  readonly kind: "issue" | "project" | "user" | "team";
  /** Of the request that is answered so. */
  readonly path: RegExp;
  readonly wrong: StubAnswer;
  readonly right: StubAnswer;
  /** Code and place in the answer. */
  readonly problem: string;
}

const SEARCH = /\/search\/jql$/;
const ISSUE = { id: "1", key: "A-1", fields: { summary: "One" } };
const PROJECT = { id: "1", key: "A" };
const USER = { accountId: "a", displayName: "Ada" };
const TEAM = { teamId: "t", displayName: "Team" };

/** Text is sent as it is, anything else as JSON. */
function answer(
  name: string,
  kind: MalformedAnswer["kind"],
  { wrong, right }: { readonly wrong: Json; readonly right: Json },
  problem: string,
): MalformedAnswer {
  const toAnswer = (body: Json): StubAnswer => (typeof body === "string" ? { bytes: body } : { json: body });
  return { name, kind, path: PATHS[kind], wrong: toAnswer(wrong), right: toAnswer(right), problem };
}

const PATHS = {
  issue: SEARCH,
  project: /\/project\/search$/,
  user: /\/users\/search$/,
  team: /\/teams$/,
} as const;

const issues = (list: Json, more: Readonly<Record<string, Json>> = { isLast: true }): Json => ({
  issues: list,
  ...more,
});
const projects = (list: Json): Json => ({ values: list, isLast: true, total: 1 });
const RIGHT = { issue: issues([ISSUE]), project: projects([PROJECT]), user: [USER], team: { entities: [TEAM] } };

export const MALFORMED_ANSWERS: readonly MalformedAnswer[] = [
  answer("a page for people", "issue", { wrong: "<html>Log in</html>", right: RIGHT.issue }, "not_json "),
  answer("one cut off", "project", { wrong: '{"values":[{"id":"1"', right: RIGHT.project }, "not_json "),
  answer("an empty one", "user", { wrong: "", right: RIGHT.user }, "not_json "),
  answer("no list", "issue", { wrong: { isLast: true }, right: RIGHT.issue }, "not_a_list issues"),
  answer("a list that is null", "issue", { wrong: issues(null), right: RIGHT.issue }, "not_a_list issues"),
  answer("a map for a list", "project", { wrong: projects({}), right: RIGHT.project }, "not_a_list values"),
  answer("a map for a bare list", "user", { wrong: { users: [USER] }, right: RIGHT.user }, "not_a_list "),
  answer("another name for the list", "team", { wrong: { teams: [TEAM] }, right: RIGHT.team }, "not_a_list entities"),
  answer("null", "team", { wrong: null, right: RIGHT.team }, "not_a_list entities"),
  answer(
    "an issue that is null",
    "issue",
    { wrong: issues([ISSUE, null]), right: RIGHT.issue },
    "missing_id issues.1.id",
  ),
  answer(
    "an issue with a number for its id",
    "issue",
    { wrong: issues([{ ...ISSUE, id: 1 }]), right: RIGHT.issue },
    "missing_id issues.0.id",
  ),
  answer("a text for a project", "project", { wrong: projects(["A"]), right: RIGHT.project }, "missing_id values.0.id"),
  answer(
    "a project without an id",
    "project",
    { wrong: projects([PROJECT, { key: "B" }]), right: RIGHT.project },
    "missing_id values.1.id",
  ),
  answer("a user without an account", "user", { wrong: [{}], right: RIGHT.user }, "missing_id 0.accountId"),
  answer(
    "a token that is a number",
    "issue",
    { wrong: issues([ISSUE], { nextPageToken: 5 }), right: RIGHT.issue },
    "invalid_token nextPageToken",
  ),
  answer(
    "a token that comes again",
    "issue",
    { wrong: issues([ISSUE], { nextPageToken: "t" }), right: RIGHT.issue },
    "repeated_page ",
  ),
];
