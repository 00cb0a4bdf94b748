/**
 * The product's own app on its own store, alone in a process: `server-process.ts <database> [--log] [--plant-early-answer]`. Tells by IPC
 * where it is, and on request how much it holds and how long its loop was blocked. Ends with its parent.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Catalog } from "../../src/catalog/catalog.ts";
import { Integrations } from "../../src/catalog/integrations.ts";
import { readSavedMapping } from "../../src/cli/read-saved-mapping.ts";
import { createApp } from "../../src/http/app.ts";
import { startServer } from "../../src/http/server.ts";
import { CompiledJqEngine } from "../../src/jq/compiled-jq-engine.ts";
import { JqWasmEngine } from "../../src/jq-wasm/jq-wasm-engine.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { createLogger, silentLogger } from "../../src/runtime/logger.ts";
import { openSqliteStore } from "../../src/store/sqlite/open-sqlite-store.ts";
import type { Store } from "../../src/store/store.ts";
import { withMethods } from "../chaos/meddling.ts";
import { CLIENT, type Reply, type Request } from "./served-catalog.ts";

/** Of the planted mistake: how long after the answer it writes. */
const LATE_MS = 100;
const [path = "", ...flags] = process.argv.slice(2);
const clock = systemClock;
const store = toStore(await openSqliteStore({ path, clock }));
const jq = new CompiledJqEngine(new JqWasmEngine(), {});
const randomHex = (length: number): string => randomBytes(length / 2).toString("hex");
const catalog = await Catalog.open({ store, jq, clock, newIdentifier: () => `e_${randomHex(16)}` });
const app = createApp({
  catalog,
  integrations: new Integrations({ store, clock, newId: () => randomHex(16), readMapping: readSavedMapping }),
  credentials: { ...CLIENT, tokenSecret: randomHex(64) },
  clock,
  // What fails is told on the standard error, where whoever looks for the reason finds it.
  logger: flags.includes("--log") ? createLogger("ERROR") : silentLogger,
  version: "0.0.0",
  health: store,
  randomHex,
  credentialsFile: "",
});
const server = await startServer({ app, host: "127.0.0.1", port: 0, clock });
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
/** Of this thread between two timers: what the machine gives to others does not count. */
let busiestMs = 0;
let usage = process.threadCpuUsage();
setInterval(() => {
  const { user, system } = process.threadCpuUsage(usage);
  busiestMs = Math.max(busiestMs, (user + system) / 1000);
  usage = process.threadCpuUsage();
}, 5).unref();

process.on("disconnect", () => process.exit());
process.on("message", (request: Request) => void answer(request));
say({ type: "ready", url: server.url });

async function answer(request: Request): Promise<void> {
  if (request.type === "close-store") {
    await store.close();
    say({ type: "closed" });
  } else if (request.type === "close") {
    await server.close();
    await catalog.migrations.settled();
    await store.close();
    await jq.close();
    say({ type: "closed" });
    process.disconnect();
  } else {
    const loop = { loopMaxMs: delay.max / 1e6, loopP99Ms: delay.percentile(99) / 1e6, loopBusiestMs: busiestMs };
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    delay.reset(); // a forced collection is none of the server's doing
    usage = process.threadCpuUsage();
    busiestMs = 0;
    say({ type: "measured", ownBytes: readOwnBytes(), heapUsed, external, ...loop });
  }
}

/** With the planted mistake, if it is asked for: a write counts as done before it is. */
function toStore(opened: Store): Store {
  if (!flags.includes("--plant-early-answer")) return opened;
  const apply: Store["entities"]["apply"] = async (plan, origin) => {
    setTimeout(() => void opened.entities.apply(plan, origin), LATE_MS);
    return true;
  };
  return { ...opened, entities: withMethods(opened.entities, { apply }) };
}

function say(reply: Reply): void {
  process.send?.(reply);
}

/** Resident memory without what is only mapped from files, which goes when others need the room. Linux tells; else all of it. */
function readOwnBytes(): number {
  try {
    const [, kilobytes] = /^RssAnon:\s+(\d+) kB$/mu.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not Linux.
  }
  return process.memoryUsage().rss;
}
