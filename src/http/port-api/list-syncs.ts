import { createRoute, z } from "@hono/zod-openapi";
import { toTimestamp } from "../../runtime/clock.ts";
import type { AddRoute } from "../services.ts";
import { failures, success } from "./responses.ts";

const sync = z.object({ eventId: z.string(), syncState: z.string(), createdAt: z.string(), updatedAt: z.string() });

const route = createRoute({
  method: "get",
  path: "/v1/integration/{internal}/syncsMetadata",
  tags: ["Integrations"],
  summary: "List the last syncs of an integration, the newest first",
  request: { params: z.object({ internal: z.string().openapi({ description: "The `_id` of the integration" }) }) },
  responses: { 200: success("The newest first", { count: z.int(), data: z.array(sync) }), ...failures(401, 404) },
});

export const listSyncs: AddRoute = (app, { integrations }) =>
  app.openapi(route, async (c) => {
    const { installationId } = await integrations.getById(c.req.valid("param").internal);
    const syncs = await integrations.listSyncs(installationId);
    const data = syncs.map(({ eventId, states, createdAtMs, updatedAtMs }) => ({
      eventId,
      syncState: toState(states),
      createdAt: toTimestamp(createdAtMs),
      updatedAt: toTimestamp(updatedAtMs),
    }));
    return c.json({ ok: true as const, count: data.length, data }, 200);
  });

/** The first of these that a kind is in: a sync is complete when all of them are. */
const STATES = ["aborted", "failed", "syncing", "pending"];

function toState(states: readonly string[]): string {
  const found = STATES.find((state) => states.includes(state));
  const hasBegun = states.includes("completed");
  return found === "pending" && hasBegun ? "syncing" : (found ?? "completed");
}
