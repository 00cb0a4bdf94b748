import { createRoute, z } from "@hono/zod-openapi";
import { toTimestamp } from "../../runtime/clock.ts";
import type { AuditEntry, AuditQuery } from "../../store/audit-store.ts";
import type { AddRoute } from "../services.ts";
import { flag, list } from "./parameters.ts";
import { failures, success } from "./responses.ts";

const ACTIONS = { created: "CREATE", updated: "UPDATE", deleted: "DELETE" } as const;
const DEFAULT_LIMIT = 1000;
const MAX_LIMIT = 10_000;

const time = z.iso.datetime({ offset: true }).optional();
const text = z.string().optional();

const route = createRoute({
  method: "get",
  path: "/v1/audit-log",
  tags: ["Audit"],
  summary: "List changes of blueprints and entities, the newest first",
  description: "All parameters that are given must hold.",
  request: {
    query: z.object({
      identifier: text,
      entity: text,
      blueprint: text,
      run_id: text,
      webhookId: text,
      webhookEventId: text,
      origin: list,
      InstallationId: text,
      resources: list,
      includes: list,
      from: time,
      to: time,
      action: z.enum(["CREATE", "UPDATE", "DELETE"]).optional(),
      status: z.enum(["SUCCESS", "FAILURE"]).optional(),
      limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
      actionType: text,
      include_deleted_entities: flag,
    }),
  },
  responses: {
    200: success("The changes", {
      audits: z.array(z.record(z.string(), z.unknown()).openapi("Audit", { description: "See docs/api.md" })),
    }),
    ...failures(401, 422),
  },
});

export const listAudits: AddRoute = (app, { catalog, tokens: { organizationId } }) =>
  app.openapi(route, async (c) => {
    const {
      identifier,
      entity,
      blueprint,
      run_id: runId,
      origin,
      resources,
      includes,
      from,
      to,
      action,
      ...rest
    } = c.req.valid("query");
    const seq = identifier === undefined ? undefined : toSeq(identifier);
    const subjects = resources?.filter((each) => each === "entity" || each === "blueprint");
    // What is not written, nobody finds: failed writes, and those of webhooks and actions.
    const isNowhere =
      Number.isNaN(seq) || rest.status === "FAILURE" || rest.webhookId !== undefined || rest.actionType !== undefined;
    const query: AuditQuery = {
      limit: rest.limit,
      ...(seq !== undefined && { seq }),
      ...(entity !== undefined && { entity }),
      ...(blueprint !== undefined && { blueprint }),
      ...(runId && { runId }),
      ...(origin !== undefined && { dataSources: origin }),
      ...(subjects !== undefined && { subjects }),
      ...(from !== undefined && { fromMs: Date.parse(from) }),
      ...(to !== undefined && { toMs: Date.parse(to) }),
      ...(action !== undefined && {
        actions: (["created", "updated", "deleted"] as const).filter((each) => ACTIONS[each] === action),
      }),
    };
    const entries = isNowhere ? [] : await catalog.listAudit(query);
    const isIncluded = (key: string): boolean => includes === undefined || includes.includes(key);
    const audits = entries.map((entry) =>
      Object.fromEntries(Object.entries(toAudit(entry, organizationId)).filter(([key]) => isIncluded(key))),
    );
    return c.json({ ok: true as const, audits }, 200);
  });

const PREFIX = "audit_";

function toSeq(identifier: string): number {
  return identifier.startsWith(PREFIX) ? Number(identifier.slice(PREFIX.length)) : Number.NaN;
}

function toAudit(entry: AuditEntry, orgId: string): Readonly<Record<string, unknown>> {
  const { seq, subject, action, blueprint, identifier, actor, dataSource, runId, before, after } = entry;
  const isEntity = subject === "entity";
  const name = isEntity ? { identifier, blueprint } : { identifier };
  return {
    identifier: `${PREFIX}${seq}`,
    action: ACTIONS[action],
    resourceType: subject,
    status: "SUCCESS",
    trigger: { by: { orgId, userId: actor }, origin: dataSource, at: toTimestamp(entry.atMs) },
    context: {
      ...(isEntity ? { blueprint, entity: identifier } : { blueprint: identifier }),
      ...(runId !== null && { runId }),
    },
    diff: { before: toDocument(before, name), after: toDocument(after, name) },
    additionalData: {},
    message: "",
  };
}

/** Times as everywhere else in the API. */
function toDocument(stored: AuditEntry["before"], name: object): object | null {
  if (stored === null) return null;
  const { createdAtMs, updatedAtMs, ...rest } = stored;
  return {
    ...name,
    ...rest,
    ...(typeof createdAtMs === "number" && { createdAt: toTimestamp(createdAtMs) }),
    ...(typeof updatedAtMs === "number" && { updatedAt: toTimestamp(updatedAtMs) }),
  };
}
