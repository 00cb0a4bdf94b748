import type { RawObject } from "../model/raw-object.ts";
import type { JsonObject } from "../model/json.ts";
import { silentLogger } from "../runtime/logger.ts";
import type { SimulatorOptions } from "../simulator/options.ts";
import { startSimulator, type Simulator } from "../simulator/simulator.ts";
import { FastClock } from "./fast-clock.fixture.ts";
import { FaultyProxy } from "./faulty-proxy.fixture.ts";
import { connectJira, type JiraSession } from "./jira-session.ts";
import type { JiraSettings } from "./jira-settings.ts";
import type { Kind, ReadOptions } from "./kind.ts";

export interface SimulatedSession {
  readonly simulator: Simulator;
  readonly session: JiraSession;
  readonly proxy: FaultyProxy | undefined;
  /** Another session with the same Jira, as the next run has. */
  readonly reconnect: () => Promise<JiraSession>;
  readonly close: () => Promise<void>;
}

/** A session with a simulated Jira; with `spoiltShare`, through a proxy that spoils that share of the requests. */
export async function startSession(
  options: Partial<SimulatorOptions> & {
    /** Of the requests, 0..1. */
    readonly spoiltShare?: number;
    readonly onRequest?: (index: number, simulator: Simulator) => void;
    /** Through Atlassian's gateway, with a scoped token. */
    readonly gateway?: boolean;
    readonly settings?: Partial<JiraSettings>;
  } = {},
): Promise<SimulatedSession> {
  const { spoiltShare, onRequest, gateway, settings, ...sizes } = options;
  const simulator = await startSimulator({ issues: 300, ...sizes });
  const proxy =
    spoiltShare === undefined && onRequest === undefined
      ? undefined
      : await FaultyProxy.start({
          target: simulator.url,
          seed: options.seed ?? 1,
          share: spoiltShare ?? 0,
          onRequest: (index) => onRequest?.(index, simulator),
        });
  const user = simulator.email;
  const password = gateway === true ? simulator.credentials.grantScopedToken() : simulator.token;
  const jira: JiraSettings = {
    host: gateway === true ? simulator.gatewayUrl : (proxy?.url ?? simulator.url),
    deployment: options.deployment ?? "cloud",
    credentials: { type: "basic", user, password },
    organizationId: simulator.credentials.organizationId,
    // Only a proxy that lets requests hang makes it worth while to wait no longer.
    ...(spoiltShare !== undefined && { timeoutMs: 1000 }),
    ...settings,
  };
  const reconnect = (): Promise<JiraSession> =>
    connectJira(jira, {
      clock: new FastClock(),
      logger: silentLogger,
      random: () => 0.5,
      signal: new AbortController().signal,
    });
  const session = await reconnect();
  const close = async (): Promise<void> => {
    await session.close();
    await proxy?.close();
    await simulator.close();
  };
  return { simulator, session, proxy, reconnect, close };
}

/** Everything that a kind yields for a selector as a person writes it. */
export async function readAll<Selector>(
  kind: Kind<Selector>,
  session: JiraSession,
  selector: JsonObject = {},
  given: Partial<ReadOptions> = {},
): Promise<RawObject[]> {
  const options = { signal: new AbortController().signal, skip: () => false, fields: "all", ...given } as const;
  const objects: RawObject[] = [];
  for await (const page of kind.read(session, kind.parseSelector(selector), options)) objects.push(...page.objects);
  return objects;
}
