import type { Route } from "../server/router.ts";
import { issueRoutes } from "./issue-routes.ts";
import { projectRoutes } from "./project-routes.ts";
import { searchRoutes } from "./search-routes.ts";
import { siteRoutes } from "./site-routes.ts";
import { userRoutes } from "./user-routes.ts";

/** Everything the simulator answers. */
export const routes: readonly Route[] = [
  ...siteRoutes,
  ...projectRoutes,
  ...userRoutes,
  ...searchRoutes,
  ...issueRoutes,
];
