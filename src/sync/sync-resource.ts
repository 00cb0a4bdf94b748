import type { JqEngine } from "../jq/jq-engine.ts";
import type { JiraSession } from "../jira/jira-session.ts";
import { toNeededFields } from "../mapping/needed-fields.ts";
import { ResourceMapper } from "../mapping/resource-mapper.ts";
import type { MappingDocument } from "../model/mapping.ts";
import { toBucketName, toFingerprint } from "./bucket.ts";
import { toBucketFields } from "./entity-fields.ts";
import type { PreparedResource } from "./prepare-mapping.ts";
import type { RawExamples } from "./raw-examples.ts";
import type { SyncResource } from "./read-resource.ts";

/** A resource of the mapping, joined to the Jira that it reads and to the jq that maps it. */
export function toSyncResource(
  { resource, kind, selector }: PreparedResource,
  context: {
    readonly document: MappingDocument;
    readonly session: JiraSession;
    readonly jq: JqEngine;
    readonly dataSource: string;
    /** Gets the first objects that are mapped. */
    readonly examples: RawExamples | undefined;
  },
): SyncResource {
  const { document, session, jq, dataSource, examples } = context;
  const mapper = new ResourceMapper(resource, jq);
  const needed = toNeededFields(resource);
  return {
    bucket: toBucketName(dataSource, resource),
    kind: resource.kind,
    index: resource.index,
    fingerprint: toFingerprint(resource, document, needed),
    fields: toBucketFields(resource),
    hasRelations: resource.mappings.some(({ relations }) => Object.keys(relations).length > 0),
    read: ({ signal, skip }) => kind.read(session, selector, { signal, skip, fields: needed }),
    map: (objects) => {
      examples?.add(resource.kind, objects);
      return mapper.map(objects.map((object) => object.body()));
    },
  };
}
