import type { JiraSession } from "../jira/jira-session.ts";
import { ResourceMapper, type MappedObject } from "../mapping/resource-mapper.ts";
import type { MappingDocument } from "../model/mapping.ts";
import { takeTurn } from "../runtime/take-turn.ts";
import type { BoundResource } from "./bind-resource.ts";
import { toBucketName, toFingerprint } from "./bucket.ts";
import { toBucketFields } from "./entity-fields.ts";
import type { RawExamples } from "./raw-examples.ts";
import type { SyncResource } from "./read-resource.ts";

/** Bodies that are parsed at the same time. They are large, and gone as soon as they are mapped. */
const OBJECTS_PER_SLICE = 20;

/** A resource of the mapping, joined to the Jira that it reads and to the jq that maps it. */
export function toSyncResource(
  { resource, kind, selector, jq, fields }: BoundResource,
  context: {
    readonly document: MappingDocument;
    readonly session: JiraSession;
    readonly dataSource: string;
    /** Gets the first objects that are mapped. */
    readonly examples: RawExamples | undefined;
  },
): SyncResource {
  const { document, session, dataSource, examples } = context;
  const mapper = new ResourceMapper(resource, jq);
  return {
    bucket: toBucketName(dataSource, resource),
    kind: resource.kind,
    index: resource.index,
    fingerprint: toFingerprint(resource, document, fields),
    fields: toBucketFields(resource),
    hasRelations: resource.mappings.some(({ relations }) => Object.keys(relations).length > 0),
    findUnlisted: async (ids, signal) => (await kind.findUnlisted?.(session, selector, ids, signal)) ?? new Set(),
    read: ({ signal, skip }) => kind.read(session, selector, { signal, skip, fields: fields.needed }),
    map: async (objects) => {
      examples?.add(resource.kind, objects);
      const mapped: MappedObject[] = [];
      for (let start = 0; start < objects.length; start += OBJECTS_PER_SLICE) {
        await takeTurn();
        const slice = objects.slice(start, start + OBJECTS_PER_SLICE);
        mapped.push(...(await mapper.map(slice.map((object) => object.body()))));
      }
      return mapped;
    },
  };
}
