import { isJsonObject, type JsonObject } from "../model/json.ts";
import { toTimestamp, type Clock } from "../runtime/clock.ts";
import { NotFoundError, UpstreamError } from "../runtime/errors.ts";
import type { PortClient } from "./port-client.ts";
import { ensureBlueprints } from "./remote-blueprints.ts";

export interface RemoteIntegrationOptions {
  readonly client: PortClient;
  readonly clock: Clock;
  /** Names this installation in the remote catalog. */
  readonly identifier: string;
  readonly type: string;
  readonly version: string;
}

export interface Defaults {
  readonly blueprints: readonly JsonObject[];
  readonly mapping: JsonObject;
}

/** What happened to the default blueprints: created, found (then none is created), or not looked at. */
export interface Initialization {
  readonly created: readonly string[];
  readonly existing: readonly string[];
}

const NOTHING: Initialization = { created: [], existing: [] };

/** This installation as the remote catalog knows it: its registration, its mapping, the state of its resyncs. */
export class RemoteIntegration {
  readonly #options: RemoteIntegrationOptions;
  readonly #path: string;

  constructor(options: RemoteIntegrationOptions) {
    this.#options = options;
    this.#path = `/v1/integration/${encodeURIComponent(options.identifier)}`;
  }

  /**
   * Registers the installation, or brings its type and version up to date. Unless it was done before, creates the default
   * blueprints and stores the default mapping, each only where there is none.
   */
  async initialize(
    defaults: Defaults,
    options: { readonly createsResources: boolean; readonly signal?: AbortSignal },
  ): Promise<Initialization> {
    const { client } = this.#options;
    const { createsResources, signal } = options;
    const integration = (await this.#find(signal)) ?? (await this.#create(defaults.mapping, signal));
    await this.#update(integration, signal);
    if (!createsResources || integration["arePortResourcesInitialized"] === true) return NOTHING;
    if (isEmpty(integration["config"])) await this.saveMapping(defaults.mapping, signal);
    const result = await ensureBlueprints(defaults.blueprints, client, signal);
    await client.request("PATCH", this.#path, { body: { arePortResourcesInitialized: true }, signal });
    return result;
  }

  /** The mapping stored in the catalog; undefined if there is none. Throws NotFoundError when it is not registered. */
  async loadMapping(signal?: AbortSignal): Promise<JsonObject | undefined> {
    const { integration } = await this.#options.client.request("GET", this.#path, { signal });
    const config = isJsonObject(integration) ? integration["config"] : undefined;
    return isJsonObject(config) && !isEmpty(config) ? config : undefined;
  }

  /** Without asking for a resync: whoever saves a mapping here is about to run one. */
  async saveMapping(mapping: JsonObject, signal?: AbortSignal): Promise<void> {
    await this.#options.client.request("PATCH", `${this.#path}/config`, {
      headers: { "x-skip-resync": "true" },
      body: { config: mapping },
      signal,
    });
  }

  async reportResync(
    state: {
      readonly status: "running" | "completed" | "failed" | "aborted";
      readonly startedAtMs: number;
      readonly nextAtMs?: number;
      readonly intervalMinutes?: number;
    },
    signal?: AbortSignal,
  ): Promise<void> {
    const { client, clock } = this.#options;
    const body = {
      status: state.status,
      lastResyncStart: toTimestamp(state.startedAtMs),
      lastResyncEnd: state.status === "running" ? null : toTimestamp(clock.now()),
      nextResync: state.nextAtMs === undefined ? null : toTimestamp(state.nextAtMs),
      intervalInMinuets: state.intervalMinutes ?? null, // spelled so in Port's API
    };
    await client.request("PATCH", `${this.#path}/resync-state`, { body, signal });
  }

  /** When somebody last asked for a resync, as the catalog tells it; it changes with each request. */
  async findResyncRequest(signal?: AbortSignal): Promise<string | undefined> {
    const { request } = await this.#options.client.request("GET", `${this.#path}/resync-request`, { signal });
    const updatedAt = isJsonObject(request) ? request["updatedAt"] : undefined;
    return typeof updatedAt === "string" ? updatedAt : undefined;
  }

  /** Raw objects of a kind, on which people try mappings in the catalog. */
  async sendExamples(kind: string, examples: readonly JsonObject[], signal?: AbortSignal): Promise<void> {
    const path = `${this.#path}/kinds/${encodeURIComponent(kind)}/examples`;
    await this.#options.client.request("POST", path, { body: { examples }, signal });
  }

  async #find(signal: AbortSignal | undefined): Promise<JsonObject | undefined> {
    try {
      const { integration } = await this.#options.client.request("GET", this.#path, { signal });
      return isJsonObject(integration) ? integration : {};
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  async #create(mapping: JsonObject, signal: AbortSignal | undefined): Promise<JsonObject> {
    const { client, identifier, type, version } = this.#options;
    const body = {
      installationId: identifier,
      installationAppType: type,
      version,
      config: mapping,
      changelogDestination: {},
      actionsProcessingEnabled: false,
      incrementalSyncEnabled: false,
      createPortResourcesOrigin: "Default",
    };
    try {
      const { integration } = await client.request("POST", "/v1/integration", { body, signal });
      return isJsonObject(integration) ? integration : {};
    } catch (error) {
      // The answer to an earlier try was lost: it is there.
      if (error instanceof UpstreamError && error.status === 409) return (await this.#find(signal)) ?? {};
      throw error;
    }
  }

  async #update(integration: JsonObject, signal: AbortSignal | undefined): Promise<void> {
    const { client, type, version } = this.#options;
    const isCurrent = integration["version"] === version && integration["installationAppType"] === type;
    if (isCurrent) return;
    await client.request("PATCH", this.#path, { body: { installationAppType: type, version }, signal });
  }
}

function isEmpty(config: unknown): boolean {
  return !isJsonObject(config) || Object.keys(config).length === 0;
}
