import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { failures, jsonBody, success } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/auth/access_token",
  tags: ["Authentication"],
  summary: "Get an access token",
  description: "A JWT with a life of 3 hours. While it is valid, asking again gives the same one.",
  security: [],
  request: { body: jsonBody(z.object({ clientId: z.string(), clientSecret: z.string() })) },
  responses: {
    200: success("The token", {
      accessToken: z.string(),
      expiresIn: z.int().openapi({ description: "Seconds it has left" }),
      tokenType: z.literal("Bearer"),
    }),
    ...failures(400, 401, 413, 422),
  },
});

export const createAccessToken: AddRoute = (app, { tokens, clock }) =>
  app.openapi(route, async (c) => {
    const { clientId, clientSecret } = c.req.valid("json");
    const { token, expiresAtMs } = await tokens.issue(clientId, clientSecret);
    const expiresIn = Math.floor((expiresAtMs - clock.now()) / 1000);
    return c.json({ ok: true as const, accessToken: token, expiresIn, tokenType: "Bearer" as const }, 200);
  });
