import { systemClock, type Clock } from "../runtime/clock.ts";
import { silentLogger } from "../runtime/logger.ts";
import { PortClient, type PortClientOptions } from "./port-client.ts";

export const USER_AGENT = "port-ocean/jira/0.1.0/contract/exporter";

export function createClient(
  options: Pick<PortClientOptions, "baseUrl" | "clientId" | "clientSecret"> & Partial<PortClientOptions>,
): PortClient {
  return new PortClient({
    userAgent: USER_AGENT,
    clock: systemClock,
    logger: silentLogger,
    random: () => 0.5,
    signal: new AbortController().signal,
    ...options,
  });
}

/** A clock whose sleeps end at once and move the time on. */
export function createQuickClock(): Clock & { readonly slept: number[]; advance(ms: number): void } {
  let now = Date.UTC(2024, 0, 1);
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    advance: (ms) => void (now += ms),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}
