import { z } from "@hono/zod-openapi";
import { MIGRATION_STATUSES, type Migration } from "../../catalog/migrations.ts";

const text = { type: "string" } as const;
const time = { type: "string", format: "date-time" } as const;
const count = { type: "integer", minimum: 0 } as const;

export const migrationView = z.custom<Migration>().openapi("Migration", {
  type: "object",
  properties: {
    id: text,
    actor: text,
    sourceBlueprint: text,
    mapping: { type: ["object", "null"], description: "Null when the entities are deleted" },
    status: { type: "string", enum: [...MIGRATION_STATUSES] },
    deleteEntities: { type: "boolean" },
    deleteBlueprint: { type: "boolean" },
    successCount: count,
    failureCount: count,
    createdAt: time,
    createdBy: text,
    updatedAt: time,
    updatedBy: text,
  },
});

export const migrationPath = z.object({ migration: z.string() });
