import { createHash } from "node:crypto";
import type { MappingDocument, MappingResource } from "../model/mapping.ts";

/**
 * The name under which the ledger keeps what a resource produced. The kind is part of it, so that reordering resources
 * of different kinds cannot make one resource inherit the objects of another.
 */
export function toBucketName(dataSource: string, resource: Pick<MappingResource, "kind" | "index">): string {
  return `${dataSource}#${resource.kind}/${resource.index}`;
}

/** The kind of a bucket, from its name. */
export function toKind(bucket: string): string {
  return /#([^#/]+)\/\d+$/.exec(bucket)?.[1] ?? bucket;
}

/**
 * Changes whenever the same raw object could become other entities: the resource, the flags that change writes, the
 * fields that Jira is asked for or that names mean, or the product's own way of mapping. The ledger keeps it with every object.
 */
export function toFingerprint(
  resource: MappingResource,
  document: MappingDocument,
  fields: { readonly needed: readonly string[] | "all"; readonly named: Readonly<Record<string, string | null>> },
): string {
  const { enableMergeEntity, createMissingRelatedEntities } = document;
  const text = JSON.stringify(
    [MAPPING_GENERATION, enableMergeEntity, createMissingRelatedEntities, resource, fields],
    (key, value: unknown) => (POSITIONS.has(key) ? undefined : value),
  );
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}

/** Raise it when a release maps the same object differently; the next resync then maps everything again. */
const MAPPING_GENERATION = 1;

/** Moving an expression to another line changes nothing. */
const POSITIONS = new Set(["position", "selectorPositions", "path", "isVerbatim"]);
