import { Client } from "pg";
import type { Clock } from "../../runtime/clock.ts";
import { CHANNEL } from "./add-changes.ts";
import { toClientOptions } from "./connection-string.ts";
import type { PostgresFeedStore } from "./postgres-feed-store.ts";

const RECONNECT_MS = 1000;

export interface Listening {
  stop(): Promise<void>;
}

/** Announces commits of other processes. What was missed while the connection was gone is announced when it is back. */
export async function listenToOthers(url: string, feed: PostgresFeedStore, clock: Clock): Promise<Listening> {
  const stopping = new AbortController();
  let client = await connect(url, feed);
  const listen = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await client.ended;
      if (stopping.signal.aborted) return;
      await clock.sleep(RECONNECT_MS, stopping.signal).catch(() => undefined);
      // Without a connection the reads of the store tell why.
      client = await connect(url, feed).catch(() => client);
      feed.announce();
    }
    await client.end();
  };
  const done = listen();
  return {
    stop: async () => {
      stopping.abort();
      await client.end();
      await done;
    },
  };
}

async function connect(
  url: string,
  feed: PostgresFeedStore,
): Promise<{ readonly ended: Promise<void>; end(): Promise<void> }> {
  const client = new Client(toClientOptions(url));
  const ended = new Promise<void>((resolve) => client.once("end", resolve));
  client.on("error", () => undefined); // "end" follows
  client.on("notification", ({ payload }) => {
    if (payload !== feed.instanceId) feed.announce();
  });
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
  } catch (error) {
    await client.end();
    throw error;
  }
  return { ended, end: () => client.end() };
}
