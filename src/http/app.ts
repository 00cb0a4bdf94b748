import { OpenAPIHono, type Hook } from "@hono/zod-openapi";
import type { Context } from "hono";
import { NotFoundError } from "../runtime/errors.ts";
import { AccessTokens } from "./access-tokens.ts";
import { authenticate } from "./authenticate.ts";
import { toErrorResponse } from "./error-response.ts";
import { addApiPage } from "./ops/api-page.ts";
import { addFrontPage } from "./ops/front-page.ts";
import { addHealth } from "./ops/health.ts";
import { OPEN_ROUTES, PORT_ROUTES } from "./port-api/routes.ts";
import { readBody } from "./request-body.ts";
import { toInvalidRequest } from "./invalid-request.ts";
import type { HttpApp, HttpEnv, HttpServices } from "./services.ts";

/** The whole HTTP side as one function from request to response; `server.ts` puts it on a port. */
export function createApp(services: HttpServices): HttpApp {
  const { credentials, clock, randomHex } = services;
  const tokens = new AccessTokens(credentials, clock);
  const app: HttpApp = new OpenAPIHono<HttpEnv>({ defaultHook: refuseInvalid });
  app.use(async (c, next) => {
    c.set("traceId", randomHex(32));
    c.header("X-Trace-Id", c.get("traceId"));
    await next();
  });
  app.onError((error, c) => answerError(error, c, services));
  app.notFound((c) =>
    answerError(new NotFoundError(`The route ${c.req.method} ${c.req.path} was not found`), c, services),
  );
  addFrontPage(app, services);
  addHealth(app, services);
  addApiPage(app, services);
  app.use("/v1/*", readBody);
  for (const addRoute of OPEN_ROUTES) addRoute(app, { ...services, tokens });
  app.use("/v1/*", authenticate(tokens));
  app.use("/v1/*", async (_c, next) => {
    await services.catalog.refresh();
    await next();
  });
  for (const addRoute of PORT_ROUTES) addRoute(app, { ...services, tokens });
  return app;
}

const refuseInvalid: Hook<unknown, HttpEnv, string, void> = (result) => {
  if (!result.success) throw toInvalidRequest(result.error, result.target);
};

function answerError(error: unknown, c: Context<HttpEnv>, { logger }: HttpServices): Response {
  const { status, body } = toErrorResponse(error);
  if (status >= 500) {
    const { method, path } = c.req;
    logger.error({ component: "http", traceId: c.get("traceId"), method, path, err: error }, "a request failed");
  }
  return c.json(body, status);
}
