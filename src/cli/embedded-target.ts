import type { Caller, Catalog } from "../catalog/catalog.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { EmbeddedSink } from "../catalog/embedded-sink.ts";
import type { Integration, Integrations } from "../catalog/integrations.ts";
import { toTimestamp } from "../runtime/clock.ts";
import type { SettingsStore } from "../store/settings-store.ts";
import type { CatalogTarget } from "../sync/catalog-target.ts";
import { initializeCatalog } from "./initialize-catalog.ts";
import type { TargetIdentity } from "./target-identity.ts";

/** The catalog of this process as the target of its connector. */
export function createEmbeddedTarget(services: {
  readonly catalog: Catalog;
  readonly integrations: Integrations;
  readonly settings: SettingsStore;
  readonly caller: Caller;
  readonly identity: TargetIdentity;
}): CatalogTarget {
  const { catalog, integrations, settings, caller, identity } = services;
  const { identifier, type, version, defaults, createsResources } = identity;
  const find = async (): Promise<Integration | undefined> => {
    try {
      return await integrations.get(identifier);
    } catch (error) {
      if (error instanceof CatalogError && error.portCode === "not_found") return undefined;
      throw error;
    }
  };
  return {
    sink: new EmbeddedSink({ catalog, actor: caller.actor }),
    findMapping: async () => {
      const config = (await find())?.config ?? {};
      return Object.keys(config).length > 0 ? config : undefined;
    },
    prepare: async () => {
      if (createsResources) await initializeCatalog(catalog, defaults.blueprints, settings, caller);
      const registered = await find();
      if (registered === undefined) {
        const config = createsResources ? defaults.mapping : null;
        await integrations.create(
          { installationId: identifier, installationAppType: type, version, config, extra: {} },
          caller,
        );
      } else if (registered.version !== version) {
        await integrations.change(identifier, { version }, caller, { asksResync: false });
      }
    },
    reportResync: async ({ status, startedAtMs }) => {
      if ((await find()) === undefined) return; // it failed before it was registered
      await integrations.reportState(identifier, { status, lastResyncStart: toTimestamp(startedAtMs) }, caller);
    },
    findResyncRequest: async () => (await find())?.resyncRequest.id,
    sendExamples: (kind, examples) => integrations.putExamples(identifier, kind, examples),
  };
}
