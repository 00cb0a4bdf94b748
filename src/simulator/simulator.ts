import { AbortError, must } from "../runtime/errors.ts";
import { toSimulatorOptions, type SimulatorOptions } from "./options.ts";
import { createRandom } from "./random.ts";
import { routes } from "./routes/routes.ts";
import { Credentials } from "./server/credentials.ts";
import { dispatch } from "./server/dispatch.ts";
import { HttpServer } from "./server/http-server.ts";
import { RequestCounters } from "./server/request-counters.ts";
import { Router } from "./server/router.ts";
import { SimulatedJira } from "./server/simulated-jira.ts";
import { Life } from "./site/life.ts";
import { Site } from "./site/site.ts";

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
export async function startSimulator(given: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const options = toSimulatorOptions(given);
  const site = new Site(options);
  const caller = site.callerUser;
  const credentials = new Credentials(caller, options.seed, options.clock);
  const requests = new RequestCounters();
  const router = new Router(routes);
  const stopped = new AbortController();
  let jira: SimulatedJira | undefined;
  const server = new HttpServer(async (request) => {
    if (options.latencyMs > 0) await options.clock.sleep(options.latencyMs, stopped.signal);
    return dispatch(request, must(jira, "requests come after the start"), router, requests);
  }, createRandom(options.seed));
  const port = await server.listen(options.port, options.host);
  const url = `http://${options.host}:${port}`;
  const running = new SimulatedJira(site, credentials, url);
  jira = running;
  const life = new Life(site, options.editsPerMinute);
  const living = life.run(stopped.signal);
  return {
    url,
    email: credentials.email,
    token: credentials.token,
    gatewayUrl: `${url}/ex/jira/${credentials.cloudId}`,
    organizationId: credentials.organizationId,
    credentials,
    site,
    requests,
    renderIssue: (idOrKey, fields = ["*all"]) => running.renderIssue(idOrKey, fields),
    close: async () => {
      stopped.abort(new AbortError());
      await living;
      await server.close();
    },
  };
}
