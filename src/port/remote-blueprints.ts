import type { Json, JsonObject } from "../model/json.ts";
import { NotFoundError } from "../runtime/errors.ts";
import type { PortClient } from "./port-client.ts";

/** Keys that need other blueprints to be there, then keys that need those relations. */
const LATER_KEYS = [
  ["relations", "ownership", "teamInheritance"],
  ["calculationProperties", "mirrorProperties", "aggregationProperties"],
] as const;

/**
 * Creates blueprints that may point at each other: bare first, then with relations, then with what is computed. When any
 * of them exists already nothing is created, since someone has set up the catalog; when one fails, those created go again.
 */
export async function ensureBlueprints(
  documents: readonly JsonObject[],
  client: PortClient,
  signal?: AbortSignal,
): Promise<{ readonly created: readonly string[]; readonly existing: readonly string[] }> {
  const existing: string[] = [];
  for (const document of documents) {
    const identifier = toIdentifier(document);
    if (await exists(identifier, client, signal)) existing.push(identifier);
  }
  if (existing.length > 0) return { created: [], existing };
  const created: string[] = [];
  try {
    for (const document of documents) {
      await client.request("POST", "/v1/blueprints", {
        query: { create_catalog_page: true },
        body: omit(document, LATER_KEYS.flat()),
        signal,
      });
      created.push(toIdentifier(document));
    }
    for (const keys of LATER_KEYS) {
      for (const document of documents) {
        const changes = pick(document, keys);
        if (Object.keys(changes).length === 0) continue;
        await client.request("PATCH", toPath(toIdentifier(document)), { body: changes, signal });
      }
    }
  } catch (error) {
    await undo(created, client);
    throw error;
  }
  return { created, existing };
}

async function exists(identifier: string, client: PortClient, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await client.request("GET", toPath(identifier), { signal });
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

/** As far as it goes: what made this necessary is what the caller has to hear about. */
async function undo(created: readonly string[], client: PortClient): Promise<void> {
  for (const identifier of created.toReversed()) {
    await client.request("PATCH", toPath(identifier), { body: { relations: {} } }).catch(() => undefined);
  }
  for (const identifier of created.toReversed()) {
    await client.request("DELETE", toPath(identifier)).catch(() => undefined);
  }
}

function toIdentifier(document: JsonObject): string {
  return document["identifier"] as string; // every blueprint has one
}

function toPath(identifier: string): string {
  return `/v1/blueprints/${encodeURIComponent(identifier)}`;
}

function omit(document: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !keys.includes(key)));
}

/** Those of the keys that say something. */
function pick(document: JsonObject, keys: readonly string[]): JsonObject {
  const isEmpty = (value: Json): boolean =>
    value === null || (typeof value === "object" && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(document).filter(([key, value]) => keys.includes(key) && !isEmpty(value)));
}
