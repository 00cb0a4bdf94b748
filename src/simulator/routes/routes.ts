import type { Route } from "../server/router.ts";
import { administrationRoutes } from "./administration-routes.ts";
import { boardRoutes } from "./board-routes.ts";
import { boardIssueRoutes } from "./board-issue-routes.ts";
import { componentRoutes } from "./component-routes.ts";
import { historyRoutes } from "./history-routes.ts";
import { issueRoutes } from "./issue-routes.ts";
import { issueWriteRoutes } from "./issue-write-routes.ts";
import { linkRoutes } from "./link-routes.ts";
import { metaRoutes } from "./meta-routes.ts";
import { planWriteRoutes } from "./plan-write-routes.ts";
import { projectRoutes } from "./project-routes.ts";
import { oauthRoutes } from "./oauth-routes.ts";
import { projectWriteRoutes } from "./project-write-routes.ts";
import { remarkRoutes } from "./remark-routes.ts";
import { remarkWriteRoutes } from "./remark-write-routes.ts";
import { searchRoutes } from "./search-routes.ts";
import { serverRoutes } from "./server-routes.ts";
import { siteRoutes } from "./site-routes.ts";
import { sprintRoutes } from "./sprint-routes.ts";
import { teamRoutes } from "./team-routes.ts";
import { transitionRoutes } from "./transition-routes.ts";
import { userRoutes } from "./user-routes.ts";
import { versionRoutes } from "./version-routes.ts";
import { webhookRoutes } from "./webhook-routes.ts";
import { workflowRoutes } from "./workflow-routes.ts";

/** Everything the simulator answers. */
export const routes: readonly Route[] = [
  ...siteRoutes,
  ...oauthRoutes,
  ...projectRoutes,
  ...projectWriteRoutes,
  ...versionRoutes,
  ...componentRoutes,
  ...planWriteRoutes,
  ...userRoutes,
  ...teamRoutes,
  ...searchRoutes,
  ...serverRoutes,
  ...issueRoutes,
  ...issueWriteRoutes,
  ...transitionRoutes,
  ...linkRoutes,
  ...metaRoutes,
  ...remarkRoutes,
  ...remarkWriteRoutes,
  ...historyRoutes,
  ...workflowRoutes,
  ...administrationRoutes,
  ...boardRoutes,
  ...boardIssueRoutes,
  ...sprintRoutes,
  ...webhookRoutes,
];
