import { describe } from "vitest";
import { systemClock } from "../../runtime/clock.ts";
import { runStoreContract } from "../store.contract.ts";
import { openPostgresStore } from "./open-postgres-store.ts";
import { giveTestDatabase, takeTestDatabase } from "./test-database.fixture.ts";

describe("the PostgreSQL store keeps the contract of Store", () => {
  runStoreContract({
    open: async () => {
      const url = await takeTestDatabase();
      const open = () => openPostgresStore({ url, clock: systemClock });
      let store = await open();
      return {
        store,
        reopen: async () => {
          await store.close();
          store = await open();
          return store;
        },
        close: async () => {
          await store.close();
          giveTestDatabase(url);
        },
      };
    },
  });
});
