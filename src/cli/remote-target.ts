import { NotFoundError } from "../runtime/errors.ts";
import type { PortClient } from "../port/port-client.ts";
import { RemoteIntegration } from "../port/remote-integration.ts";
import { RemoteSink } from "../port/remote-sink.ts";
import type { RemoteNotes } from "../port/remote-state.ts";
import type { Clock } from "../runtime/clock.ts";
import type { CatalogTarget } from "../sync/catalog-target.ts";
import type { TargetIdentity } from "./target-identity.ts";

/** A catalog elsewhere, behind a Port-compatible API, as the target of the connector. */
export function createRemoteTarget(services: {
  readonly client: PortClient;
  readonly clock: Clock;
  readonly notes: RemoteNotes;
  readonly identity: TargetIdentity;
}): CatalogTarget {
  const { client, clock, notes, identity } = services;
  const { identifier, type, version, defaults, createsResources } = identity;
  const integration = new RemoteIntegration({ client, clock, identifier, type, version });
  const unlessAbsent = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof NotFoundError) return undefined; // not registered yet
      throw error;
    }
  };
  return {
    sink: new RemoteSink({ client, notes, name: identifier }),
    findMapping: (signal) => unlessAbsent(integration.loadMapping(signal)),
    prepare: async (signal) => {
      await integration.initialize(defaults, { createsResources, signal });
    },
    reportResync: async (state) => {
      await unlessAbsent(integration.reportResync(state));
    },
    findResyncRequest: (signal) => unlessAbsent(integration.findResyncRequest(signal)),
    sendExamples: (kind, examples, signal) => integration.sendExamples(kind, examples, signal),
  };
}
