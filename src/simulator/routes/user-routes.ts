import { json, refuse } from "../server/answer.ts";
import type { Route } from "../server/router.ts";
import { toUserKey, toUserName } from "../site/people.ts";
import { toUserDetails } from "../wire/people-bodies.ts";
import { takeSlice, toPageBean } from "./paging.ts";

const listsOfAll = ["/api/users/search", "/api/users"].map((path): Route => ({
  method: "GET",
  path,
  access: "public",
  only: "cloud",
  scope: "read:jira-user",
  handle: (request, { site }) => {
    const { items } = takeSlice(request, request.isAnonymous ? [] : site.listUsers(), 50, 1000);
    return json(items.map((user) => toUserDetails(request.wire, user)));
  },
}));

/** Only the first thousand people can be reached by a search. */
const searchReach = 1000;

export const userRoutes: readonly Route[] = [
  ...listsOfAll,
  {
    method: "GET",
    path: "/api/user/search",
    access: "public",
    scope: "read:jira-user",
    handle: (request, { site, options }) => {
      const isServer = options.deployment === "server";
      const given = request.query.get(isServer ? "username" : "query") ?? "";
      // On Data Center a dot, or two quotes, finds everybody.
      const wanted = isServer && [".", "''", '""'].includes(given) ? "" : given.toLowerCase();
      const accountId = request.query.get("accountId");
      const found = site
        .listUsers()
        .filter((user) =>
          accountId === null
            ? [user.displayName, user.emailAddress].some((name) => name.toLowerCase().includes(wanted))
            : user.accountId === accountId,
        );
      const visible = request.isAnonymous ? [] : found.slice(0, searchReach);
      return json(takeSlice(request, visible, 50, 1000).items.map((user) => toUserDetails(request.wire, user)));
    },
  },
  {
    method: "GET",
    path: "/api/user/assignable/search",
    scope: "read:jira-user",
    handle: (request, { site }) => {
      const wanted = (request.query.get("query") ?? "").toLowerCase();
      const found = site
        .listUsers()
        .filter(
          (user) =>
            user.isActive && user.accountType === "atlassian" && user.displayName.toLowerCase().includes(wanted),
        );
      return json(takeSlice(request, found, 50, 1000).items.map((user) => toUserDetails(request.wire, user)));
    },
  },
  {
    method: "GET",
    path: "/api/user/bulk",
    only: "cloud",
    scope: "read:jira-user",
    handle: (request, { site }) => {
      const wanted = request.query.getAll("accountId");
      if (wanted.length === 0) return refuse(400, ["The accountId query parameter needs to be specified."]);
      const found = site.listUsers().filter((user) => wanted.includes(user.accountId));
      return json(toPageBean(request, takeSlice(request, found, 10, 200), (user) => toUserDetails(request.wire, user)));
    },
  },
  {
    method: "GET",
    path: "/api/user",
    scope: "read:jira-user",
    handle: (request, { site, options }) => {
      const [accountId, key, name] = ["accountId", "key", "username"].map((part) => request.query.get(part));
      const user =
        options.deployment === "server"
          ? site.listUsers().find((one) => toUserKey(one) === key || toUserName(one) === name)
          : site.findUser(accountId ?? "");
      if (user === undefined)
        return refuse(404, ["Specified user does not exist or you do not have required permissions"]);
      return json({
        ...toUserDetails(request.wire, user),
        groups: { size: user.accountType === "atlassian" ? 1 : 0, items: [] },
        applicationRoles: { size: 1, items: [] },
        expand: "groups,applicationRoles",
      });
    },
  },
  {
    method: "GET",
    path: "/api/user/list",
    only: "server",
    handle: (request, { site }) => {
      const maxResults = Math.min(1000, Math.max(1, request.number("maxResults", 100)));
      const start = request.number("cursor", 0);
      const rest = site.listUsers().filter(({ index }) => index >= start);
      const users = rest.slice(0, maxResults);
      const next = rest[users.length];
      const values = users.map((user) => toUserDetails(request.wire, user));
      return json({ values, isLast: next === undefined, ...(next && { nextCursor: String(next.index) }) });
    },
  },
];
