import { describe } from "vitest";
import { runCatalogSinkContract } from "../catalog/catalog-sink.contract.ts";
import { startServer } from "../http/server.ts";
import { CLIENT, openTestApp } from "../http/test-app.fixture.ts";
import { systemClock } from "../runtime/clock.ts";
import { silentLogger } from "../runtime/logger.ts";
import { PortClient } from "./port-client.ts";
import { createNotes } from "./remote-notes.fixture.ts";
import { RemoteSink } from "./remote-sink.ts";

const CALLER = { actor: "tester", dataSource: "test" };

export function createClient(baseUrl: string): PortClient {
  return new PortClient({
    ...CLIENT,
    baseUrl,
    userAgent: "port-ocean/jira/0.1.0/contract/exporter",
    clock: systemClock,
    logger: silentLogger,
    random: () => 0,
    signal: new AbortController().signal,
  });
}

describe("RemoteSink keeps the contract of CatalogSink, before Quayside's own API", () => {
  runCatalogSinkContract({
    make: async () => {
      const api = await openTestApp();
      const server = await startServer({ app: api.app, host: "127.0.0.1", port: 0, clock: systemClock });
      const client = createClient(server.url);
      return {
        sink: new RemoteSink({ client, notes: createNotes() }),
        createBlueprints: async (documents) => {
          for (const document of documents) await api.catalog.createBlueprint(document, CALLER);
        },
        readEntity: (key) => api.catalog.getEntity(key).catch(() => undefined),
        countEntities: (blueprint) => api.catalog.countEntities(blueprint),
        close: async () => {
          await client.close();
          await server.close();
          await api.close();
        },
      };
    },
  });
});
