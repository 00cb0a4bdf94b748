import { describe } from "vitest";
import { runCatalogSinkContract } from "./catalog-sink.contract.ts";
import { openTestCatalog } from "./test-catalog.fixture.ts";
import { EmbeddedSink } from "./embedded-sink.ts";

const CALLER = { actor: "tester", dataSource: "test" };

describe("EmbeddedSink keeps the contract of CatalogSink", () => {
  runCatalogSinkContract({
    make: async () => {
      const opened = await openTestCatalog({ writer: "thread" });
      const { catalog } = opened;
      return {
        sink: new EmbeddedSink({ catalog, actor: "client" }),
        createBlueprints: async (documents) => {
          for (const document of documents) await catalog.createBlueprint(document, CALLER);
        },
        readEntity: (key) => catalog.getEntity(key).catch(() => undefined),
        countEntities: (blueprint) => catalog.countEntities(blueprint),
        close: () => opened.close(),
      };
    },
  });
});
