import { z } from "@hono/zod-openapi";

const name = (example: string) => z.string().openapi({ example, description: "Percent-encoded" });

export const blueprintPath = z.object({ blueprint: name("jiraIssue") });
export const entityPath = z.object({ blueprint: name("jiraIssue"), identifier: name("PORT-1234") });

/**
 * A switch in the query. `true`, `True` and `1` are on, and everything else is off: one client of Port is known to send
 * the address of a pointer here.
 */
export const flag = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => /^(true|1)$/i.test((Array.isArray(value) ? value.at(-1) : value) ?? ""))
  .openapi({ type: "boolean" });

/** A list in the query: a key repeated, values joined by commas, or one value. Undefined when it is not there. */
export const list = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) =>
    value === undefined
      ? undefined
      : [value]
          .flat()
          .flatMap((text) => text.split(","))
          .filter((text) => text !== ""),
  )
  .openapi({ type: "array", items: { type: "string" } });

export const runId = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .openapi({ type: "string", description: "The action run this write belongs to; empty for none" });

export const writeQuery = z.object({ create_missing_related_entities: flag, validation_only: flag, run_id: runId });
export const upsertQuery = writeQuery.extend({ upsert: flag, merge: flag });
export const deleteQuery = z.object({ delete_dependents: flag, run_id: runId });
export const readQuery = z.object({
  include: list,
  exclude: list,
  exclude_calculated_properties: flag,
  attach_title_to_relation: flag,
  attach_identifier_to_title_mirror_properties: flag,
});
