import { AbortError, must } from "../runtime/errors.ts";
import { Faults } from "./faults/faults.ts";
import { documentedLimits, RateLimiter } from "./faults/rate-limiter.ts";
import { toSimulatorOptions, type SimulatorOptions, type SimulatorSettings } from "./options.ts";
import { createRandom } from "./random.ts";
import { routes } from "./routes/routes.ts";
import { Credentials } from "./server/credentials.ts";
import { Dispatcher } from "./server/dispatcher.ts";
import { HttpServer } from "./server/http-server.ts";
import { RequestCounters } from "./server/request-counters.ts";
import { SimulatedJira } from "./server/simulated-jira.ts";
import { Life } from "./site/life.ts";
import { Site } from "./site/site.ts";
import type { Webhooks } from "./webhooks/webhooks.ts";

/** A running Jira. `site` is the truth behind it, to be read and edited by tests. */
export interface Simulator {
  readonly url: string;
  readonly email: string;
  readonly token: string;
  /** Base URL behind the gateway, for scoped and OAuth tokens. */
  readonly gatewayUrl: string;
  /** Whose teams the Teams API lists. */
  readonly organizationId: string;
  readonly credentials: Credentials;
  readonly site: Site;
  readonly requests: RequestCounters;
  /** Who hears of changes, and what became of what was sent. */
  readonly webhooks: Webhooks;
  /** What goes wrong on purpose. */
  readonly faults: Faults;
  /** An issue as `GET /rest/api/3/issue/{key}` answers it. */
  renderIssue(idOrKey: string, fields?: readonly string[]): unknown;
  close(): Promise<void>;
}

/**
 * A Jira over HTTP, made from a seed.
 *
 * @example
 * const jira = await startSimulator({ seed: 7, issues: 200 });
 * jira.site.editIssue("AL-1", { summary: "Changed" });
 * await jira.close();
 */
export async function startSimulator(given: SimulatorSettings = {}): Promise<Simulator> {
  const options = toSimulatorOptions(given);
  const site = new Site(options);
  const credentials = new Credentials(site.callerUser, options.seed, options.clock);
  const requests = new RequestCounters();
  const faults = new Faults(options.seed, options.faults);
  const stopped = new AbortController();
  let dispatcher: Dispatcher | undefined;
  const server = new HttpServer(async (request) => {
    if (options.latencyMs > 0) await options.clock.sleep(options.latencyMs, stopped.signal);
    return must(dispatcher, "requests come after the start").answer(request);
  }, createRandom(options.seed));
  const port = await server.listen(options.port, options.host);
  const jira = new SimulatedJira(site, credentials, `http://${options.host}:${port}`, stopped.signal);
  const limiter = createLimiter(options);
  dispatcher = new Dispatcher({ jira, routes, counters: requests, faults, limiter });
  const living = new Life(site, options.editsPerMinute).run(stopped.signal);
  return {
    url: jira.url,
    email: credentials.email,
    token: credentials.token,
    gatewayUrl: jira.gatewayUrl,
    organizationId: credentials.organizationId,
    credentials,
    site,
    requests,
    webhooks: jira.webhooks,
    faults,
    renderIssue: (idOrKey, fields = ["*all"]) => jira.renderIssue(idOrKey, fields),
    close: async () => {
      const closed = server.close();
      stopped.abort(new AbortError());
      await Promise.all([living, jira.webhooks.settled(), closed]);
    },
  };
}

function createLimiter({ rateLimits, clock }: SimulatorOptions): RateLimiter | undefined {
  if (rateLimits === "off") return undefined;
  return new RateLimiter({ ...documentedLimits, ...(rateLimits === "documented" ? {} : rateLimits) }, clock);
}
