import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompiledJqEngine } from "../jq/compiled-jq-engine.ts";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import type { Clock } from "../runtime/clock.ts";
import { forgetTestStore, openTestStore } from "../store/open-test-store.fixture.ts";
import type { Store } from "../store/store.ts";
import { Catalog } from "./catalog.ts";

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #now = Date.parse("2024-05-06T07:08:09.010Z");

  now(): number {
    return this.#now;
  }

  move(ms: number): void {
    this.#now += ms;
  }

  async sleep(ms: number): Promise<void> {
    this.move(ms);
  }
}

export interface TestCatalog {
  readonly catalog: Catalog;
  readonly store: Store;
  readonly clock: TestClock;
  readonly path: string;
  close(): Promise<void>;
}

/** Shared, since its worker takes long to start; it holds no state and keeps no process alive. */
const jq = new CompiledJqEngine(new JqWasmEngine());

/** A catalog in a folder of its own, with the jq of the product. It opens faster without threads. */
export async function openTestCatalog(options: { readonly threads: boolean }): Promise<TestCatalog> {
  const folder = mkdtempSync(join(tmpdir(), "quayside-catalog-"));
  const path = join(folder, "catalog.db");
  const clock = new TestClock();
  const store = await openTestStore({ path, clock, threads: options.threads });
  let lastId = 0;
  const catalog = await Catalog.open({ store, jq, clock, newIdentifier: () => `e_${++lastId}` });
  return {
    catalog,
    store,
    clock,
    path,
    close: async () => {
      await store.close();
      forgetTestStore(path);
      rmSync(folder, { recursive: true });
    },
  };
}
