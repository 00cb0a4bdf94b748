import type { MiddlewareHandler } from "hono";
import type { AccessTokens } from "./access-tokens.ts";
import type { HttpEnv } from "./services.ts";

/** Lets only requests with a valid token through, and notes who calls: `$datasource` is the whole user agent, as in Port. */
export function authenticate(tokens: AccessTokens): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const actor = await tokens.verify(c.req.header("authorization"));
    const runId = c.req.query("run_id");
    c.set("caller", { actor, dataSource: c.req.header("user-agent") ?? "", ...(runId && { runId }) });
    await next();
  };
}
