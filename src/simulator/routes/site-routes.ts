import { json, problem, refuse } from "../server/answer.ts";
import type { Route } from "../server/router.ts";
import { toUserDetails } from "../wire/people-bodies.ts";

interface PermissionSeed {
  readonly name: string;
  readonly type: "GLOBAL" | "PROJECT";
}

const permissions: Readonly<Record<string, PermissionSeed>> = {
  ADMINISTER: { name: "Administer Jira", type: "GLOBAL" },
  SYSTEM_ADMIN: { name: "Jira System Administrators", type: "GLOBAL" },
  USER_PICKER: { name: "Browse users and groups", type: "GLOBAL" },
  CREATE_PROJECT: { name: "Create team-managed projects", type: "GLOBAL" },
  ADMINISTER_PROJECTS: { name: "Administer Projects", type: "PROJECT" },
  BROWSE_PROJECTS: { name: "Browse Projects", type: "PROJECT" },
  CREATE_ISSUES: { name: "Create Issues", type: "PROJECT" },
  EDIT_ISSUES: { name: "Edit Issues", type: "PROJECT" },
  TRANSITION_ISSUES: { name: "Transition Issues", type: "PROJECT" },
  ASSIGN_ISSUES: { name: "Assign Issues", type: "PROJECT" },
  ASSIGNABLE_USER: { name: "Assignable User", type: "PROJECT" },
  ADD_COMMENTS: { name: "Add Comments", type: "PROJECT" },
  DELETE_ISSUES: { name: "Delete Issues", type: "PROJECT" },
  LINK_ISSUES: { name: "Link Issues", type: "PROJECT" },
  WORK_ON_ISSUES: { name: "Work On Issues", type: "PROJECT" },
  MANAGE_SPRINTS_PERMISSION: { name: "Manage Sprints", type: "PROJECT" },
};

/** Who one is, what one may do, and which Jira this is. */
export const siteRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/myself",
    scope: "read:jira-user",
    handle: ({ wire, caller }) =>
      caller.user === undefined ? refuse(401, []) : json(toUserDetails(wire, caller.user)),
  },
  {
    method: "GET",
    path: "/api/serverInfo",
    access: "public",
    handle: ({ wire }, { options, url }) => {
      const isServer = options.deployment === "server";
      return json({
        baseUrl: url,
        version: isServer ? "10.0.0" : "1001.0.0-SNAPSHOT",
        versionNumbers: isServer ? [10, 0, 0] : [1001, 0, 0],
        deploymentType: isServer ? "Server" : "Cloud",
        buildNumber: 100294,
        buildDate: wire.date(options.originMs),
        serverTime: wire.date(options.clock.now()),
        scmInfo: "c8b2f2cf1a9f3f0e3d7a0e1e8a6f1b9d2c3e4f5a",
        serverTitle: "Jira",
        ...(isServer ? {} : { serverTimeZone: options.timeZone }),
      });
    },
  },
  {
    method: "GET",
    path: "/api/mypermissions",
    access: "public",
    scope: "read:jira-work",
    handle: (request, { options, site }) => {
      const asked = request.list("permissions");
      if (asked.length === 0) {
        if (options.deployment === "server") asked.push(...Object.keys(permissions));
        else return refuse(400, ["The 'permissions' query parameter is required."]);
      }
      const unknown = asked.filter((key) => !Object.hasOwn(permissions, key));
      if (unknown.length > 0)
        return refuse(400, [], Object.fromEntries(unknown.map((key) => [key, "Unrecognized permission"])));
      const entries = asked.map((key, place) => {
        const body = {
          id: String(place),
          key,
          ...permissions[key],
          description: "",
          havePermission: !request.isAnonymous && !site.deniedPermissions.has(key),
        };
        return [key, body] as const;
      });
      return json({ permissions: Object.fromEntries(entries) });
    },
  },
  ...(["GET", "POST"] as const).flatMap((method) =>
    ["/api/search", "/api/search/id"].map((path): Route => ({
      method,
      path,
      access: "public",
      only: "cloud",
      handle: () =>
        refuse(410, [
          "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046",
        ]),
    })),
  ),
  {
    method: "GET",
    path: "/_edge/tenant_info",
    access: "public",
    only: "cloud",
    handle: (_, { credentials }) => json({ cloudId: credentials.cloudId }),
  },
  {
    method: "GET",
    path: "/status",
    access: "public",
    only: "server",
    handle: ({ path }) => (path === "/status" ? json({ state: "RUNNING" }) : problem(404, "Not Found", "", path)),
  },
];
