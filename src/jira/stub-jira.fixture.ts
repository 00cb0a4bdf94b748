import { silentLogger } from "../runtime/logger.ts";
import { BasicAuthenticator, type Authenticator } from "./authenticator.ts";
import { JiraClient, type JiraClientServices } from "./jira-client.ts";
import type { JiraSettings } from "./jira-settings.ts";
import { StubServer, type StubAnswer, type StubRequest } from "./stub-server.fixture.ts";
import { VirtualClock } from "./virtual-clock.fixture.ts";

export function stubServices(clock = new VirtualClock()): JiraClientServices & { readonly clock: VirtualClock } {
  return { clock, logger: silentLogger, random: () => 0.5, signal: new AbortController().signal };
}

export function stubSettings(host: string, given: Partial<JiraSettings> = {}): JiraSettings {
  return {
    host,
    deployment: "cloud",
    credentials: { type: "basic", user: "ada@example.com", password: "secret-token" },
    timeoutMs: 200,
    ...given,
  };
}

/** A client before a server that answers what a test says, on a clock that does not wait. */
export async function stubJira(
  answer: (request: StubRequest, index: number) => StubAnswer,
  given: Partial<JiraSettings> & { readonly authenticator?: Authenticator } = {},
): Promise<{
  readonly stub: StubServer;
  readonly client: JiraClient;
  readonly clock: VirtualClock;
  readonly close: () => Promise<void>;
}> {
  const stub = await StubServer.start(answer);
  const services = stubServices();
  const authenticator = given.authenticator ?? new BasicAuthenticator("ada@example.com", "secret-token");
  const client = new JiraClient(stubSettings(stub.url, given), authenticator, services);
  const close = async (): Promise<void> => {
    await client.close();
    await stub.close();
  };
  return { stub, client, clock: services.clock, close };
}
