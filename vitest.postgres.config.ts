import { defineConfig } from "vitest/config";

/** What needs a PostgreSQL: `npm run test:postgres`. */
export default defineConfig({
  test: {
    include: ["src/store/postgres/**/*.pg.test.ts"],
    globalSetup: "src/store/postgres/cluster.fixture.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
