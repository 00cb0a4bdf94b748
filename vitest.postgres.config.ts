import { defineConfig } from "vitest/config";

/** What needs a PostgreSQL: `npm run test:postgres`. */
export default defineConfig({
  test: {
    include: [
      "{src,test}/**/*.pg.test.ts",
      "src/{catalog,http}/**/*.test.ts",
      "src/sync/resync{,-guard,-modes}.test.ts",
    ],
    globalSetup: "src/store/postgres/cluster.fixture.ts",
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
