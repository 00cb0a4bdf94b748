import { describe } from "vitest";
import { runCatalogSinkContract } from "../catalog/catalog-sink.contract.ts";
import { startServer } from "../http/server.ts";
import { CLIENT, openTestApp } from "../http/test-app.fixture.ts";
import type { Entity } from "../model/entity.ts";
import { systemClock } from "../runtime/clock.ts";
import { createNotes } from "./remote-notes.fixture.ts";
import { RemoteSink } from "./remote-sink.ts";
import { startStrictPort, STRICT_CLIENT } from "./strict-port.fixture.ts";
import { createClient } from "./test-client.fixture.ts";

const CALLER = { actor: "tester", dataSource: "test" };

describe("RemoteSink keeps the contract of CatalogSink, before Quayside's own API", () => {
  runCatalogSinkContract({
    make: async () => {
      const api = await openTestApp();
      const server = await startServer({ app: api.app, host: "127.0.0.1", port: 0, clock: systemClock });
      const client = createClient({ ...CLIENT, baseUrl: server.url });
      return {
        sink: new RemoteSink({ client, notes: createNotes(), name: "contract" }),
        createBlueprints: async (documents) => {
          for (const document of documents) await api.catalog.createBlueprint(document, CALLER);
        },
        readEntity: (key) => api.catalog.getEntity(key).catch(() => undefined),
        countEntities: (blueprint) => api.catalog.countEntities(blueprint),
        retitleByHand: async (key, title) => {
          await api.catalog.patchEntity(key, { title }, { createMissingRelatedEntities: false }, CALLER);
        },
        deleteByHand: async (key) => {
          await api.catalog.deleteEntities([key], { deleteDependents: false }, CALLER);
        },
        close: async () => {
          await client.close();
          await server.close();
          await api.close();
        },
      };
    },
  });
});

describe("RemoteSink keeps the contract of CatalogSink, before a strict Port", () => {
  runCatalogSinkContract({
    make: async () => {
      const port = await startStrictPort();
      const client = createClient({ ...STRICT_CLIENT, baseUrl: `${port.url}/v1/` });
      return {
        sink: new RemoteSink({ client, notes: createNotes(), name: "contract" }),
        createBlueprints: async (documents) => {
          for (const document of documents) port.data.createBlueprint(document);
        },
        // The double answers in Port's read form.
        readEntity: async ({ blueprint, identifier }) => port.data.find(blueprint, identifier) as Entity | undefined,
        countEntities: async (blueprint) => port.data.entities(blueprint).size,
        retitleByHand: async ({ blueprint, identifier }, title) =>
          port.data.retitleByHand(blueprint, identifier, title),
        deleteByHand: async ({ blueprint, identifier }) => void port.data.entities(blueprint).delete(identifier),
        close: async () => {
          await client.close();
          await port.close();
        },
      };
    },
  });
});
