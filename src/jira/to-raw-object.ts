import type { JsonObject } from "../model/json.ts";
import type { RawObject } from "../model/raw-object.ts";
import { must } from "../runtime/errors.ts";
import { hashRaw } from "./raw-hash.ts";
import type { ScannedElement } from "./scan-elements.ts";

export interface RawObjectOptions {
  readonly kind: string;
  /** The member that names the object for good; `id` unless the kind has another. */
  readonly idMember?: string;
  /** For an object that is one per something else, e.g. per board. */
  readonly idPrefix?: string;
  readonly updated?: string | undefined;
  /** Keys that the kind adds to the body, such as `__projectKey`. */
  readonly enrichment?: JsonObject | undefined;
  /** Through Atlassian's gateway `self` names the gateway, which no browser can open: the site's address instead. */
  readonly site?: SelfRewrite | undefined;
}

export interface SelfRewrite {
  readonly from: string;
  readonly to: string;
}

/**
 * The object behind an element of a page: identified and hashed, its body parsed each time it is asked for. Kept, the
 * bodies of the pages under way would take more memory than everything else.
 */
export function toRawObject(element: ScannedElement, options: RawObjectOptions): RawObject {
  const { kind, idMember = "id", idPrefix = "", updated, enrichment, site } = options;
  const id = must(element.members[idMember], `every ${kind} of Jira has "${idMember}"`);
  const { key } = element.members;
  return {
    kind,
    id: idPrefix + id,
    ...(key !== undefined && { key }),
    ...(updated !== undefined && { updated }),
    hash: hashRaw(element.bytes, `${enrichment ? JSON.stringify(enrichment) : ""}${site?.to ?? ""}`),
    body: () => toBody(element, enrichment, site),
  };
}

function toBody(
  element: ScannedElement,
  enrichment: JsonObject | undefined,
  site: SelfRewrite | undefined,
): JsonObject {
  const parsed = JSON.parse(element.bytes.toString("utf8")) as JsonObject; // it has members, so it is an object
  const self = parsed["self"];
  const isRewritten = site !== undefined && typeof self === "string" && self.startsWith(site.from);
  if (!isRewritten && enrichment === undefined) return parsed;
  return { ...parsed, ...(isRewritten && { self: site.to + self.slice(site.from.length) }), ...enrichment };
}
