import { createRoute, z } from "@hono/zod-openapi";
import { toTimestamp } from "../../runtime/clock.ts";
import type { LogQuery, StoredLog } from "../../store/telemetry-store.ts";
import type { AddRoute } from "../services.ts";
import { integrationPath, jsonObject } from "./integration-schema.ts";
import { LOG_LEVELS } from "./log-record.ts";
import { list } from "./parameters.ts";
import { failures, success } from "./responses.ts";

const PREFIX = "log_";

const log = z.object({
  _id: z.string(),
  timestamp: z.string(),
  level: z.string(),
  message: z.string(),
  eventId: z.string().nullable(),
  extra: jsonObject,
});

const route = createRoute({
  method: "get",
  path: "/v1/integration/{integration}/logs",
  tags: ["Integrations"],
  summary: "List what an integration has logged, the newest first",
  description:
    "`timestamp`, and `log_id` among those of one time, name a place; `direction` tells which way to go on from there.",
  request: {
    params: integrationPath,
    query: z.object({
      limit: z.coerce.number().int().min(0).max(300).default(100),
      timestamp: z.iso.datetime({ offset: true }).optional(),
      log_id: z
        .templateLiteral([PREFIX, z.int()])
        .refine((id) => Number.isSafeInteger(toSeq(id)), "names no record")
        .optional()
        .openapi({ type: "string", example: "log_12" }),
      direction: z.enum(["up", "down"]).default("down").openapi({ description: "up: newer; down: older" }),
      eventId: z.string().optional(),
      level: list.pipe(z.array(z.enum(LOG_LEVELS)).optional()),
    }),
  },
  responses: { 200: success("The newest first", { data: z.array(log) }), ...failures(401, 404, 422) },
});

export const listIntegrationLogs: AddRoute = (app, { integrations }) =>
  app.openapi(route, async (c) => {
    const { limit, timestamp, log_id: id, direction, eventId, level: levels } = c.req.valid("query");
    const seq = id === undefined ? undefined : toSeq(id);
    const query: LogQuery = {
      limit,
      ...(levels !== undefined && { levels }),
      ...(eventId !== undefined && { eventId }),
      ...(timestamp !== undefined && {
        beyond: {
          atMs: Date.parse(timestamp),
          ...(seq !== undefined && { seq }),
          direction: direction === "up" ? "newer" : "older",
        },
      }),
    };
    const logs = await integrations.listLogs(c.req.valid("param").integration, query);
    return c.json({ ok: true as const, data: logs.map(toView) }, 200);
  });

function toSeq(id: string): number {
  return Number(id.slice(PREFIX.length));
}

function toView({ seq, atMs, ...rest }: StoredLog) {
  return { _id: `${PREFIX}${seq}`, timestamp: toTimestamp(atMs), ...rest };
}
