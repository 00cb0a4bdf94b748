import type { Route } from "../server/router.ts";
import { administrationRoutes } from "./administration-routes.ts";
import { boardRoutes } from "./board-routes.ts";
import { boardIssueRoutes } from "./board-issue-routes.ts";
import { componentRoutes } from "./component-routes.ts";
import { historyRoutes } from "./history-routes.ts";
import { issueRoutes } from "./issue-routes.ts";
import { projectRoutes } from "./project-routes.ts";
import { remarkRoutes } from "./remark-routes.ts";
import { searchRoutes } from "./search-routes.ts";
import { serverRoutes } from "./server-routes.ts";
import { siteRoutes } from "./site-routes.ts";
import { sprintRoutes } from "./sprint-routes.ts";
import { teamRoutes } from "./team-routes.ts";
import { userRoutes } from "./user-routes.ts";
import { versionRoutes } from "./version-routes.ts";
import { workflowRoutes } from "./workflow-routes.ts";

/** Everything the simulator answers. */
export const routes: readonly Route[] = [
  ...siteRoutes,
  ...projectRoutes,
  ...versionRoutes,
  ...componentRoutes,
  ...userRoutes,
  ...teamRoutes,
  ...searchRoutes,
  ...serverRoutes,
  ...issueRoutes,
  ...remarkRoutes,
  ...historyRoutes,
  ...workflowRoutes,
  ...administrationRoutes,
  ...boardRoutes,
  ...boardIssueRoutes,
  ...sprintRoutes,
];
