import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute, HttpApp } from "../services.ts";
import { integrationPath, jsonObject } from "./integration-schema.ts";
import { failures, jsonBody, success } from "./responses.ts";

/** Where integrations send what they log and measure: taken, so that they can run unchanged, and not kept yet. */
const PATHS = [
  ["post", "/v1/integration/{integration}/ingest/logs"],
  ["post", "/v1/integration/{integration}/ingest/heartbeat"],
  ["post", "/v1/integration/{integration}/ingest/syncMetrics"],
  ["put", "/v1/integration/{integration}/ingest/syncMetrics/resync/{resync}/kind/{kind}"],
] as const;

export const ingest: AddRoute = (app) => {
  for (const [method, path] of PATHS) addIngest(app, method, path);
};

function addIngest(app: HttpApp, method: "post" | "put", path: string): void {
  const route = createRoute({
    method,
    path,
    tags: ["Integrations"],
    summary: "Take logs and metrics (not kept yet)",
    request: {
      params: integrationPath.extend({ resync: z.string().optional(), kind: z.string().optional() }),
      body: jsonBody(jsonObject),
    },
    responses: { 200: success("Taken", {}), ...failures(400, 401, 413, 422) },
  });
  app.openapi(route, (c) => c.json({ ok: true as const }, 200));
}
