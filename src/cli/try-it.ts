import { join } from "node:path";
import type { Catalog } from "../catalog/catalog.ts";
import type { Entity } from "../model/entity.ts";
import { CREDENTIALS_FILE } from "./credentials.ts";

/** Entities looked at for one that shows much. */
const SAMPLE_SIZE = 100;

/** Two commands to paste: one signs in, the other reads the entity of the catalog that has the most relations. */
export async function toTryIt(
  catalog: Catalog,
  place: { readonly url: string; readonly folder: string },
): Promise<string> {
  const { entities } = await catalog.search({ combinator: "and", rules: [] }, { limit: SAMPLE_SIZE });
  const [richest] = entities.toSorted((a, b) => countRelations(b) - countRelations(a));
  if (richest === undefined) return "The catalog is empty: nothing in Jira matched the mapping.";
  const file = quote(join(place.folder, CREDENTIALS_FILE));
  const token = `curl -s ${place.url}/v1/auth/access_token -H 'Content-Type: application/json' -d @${file} | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/'`;
  const [blueprint, identifier] = [richest.blueprint, richest.identifier].map(encodeURIComponent);
  return [
    "",
    "Try it:",
    `  TOKEN=$(${token})`,
    `  curl -s -H "Authorization: Bearer $TOKEN" ${place.url}/v1/blueprints/${blueprint}/entities/${identifier}`,
  ].join("\n");
}

function countRelations({ relations }: Entity): number {
  return Object.values(relations).filter((value) => value !== null && value.length > 0).length;
}

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
