import type { AddRoute } from "../services.ts";
import { countEntities } from "./count-entities.ts";
import { countMatches } from "./count-matches.ts";
import { createAccessToken } from "./create-access-token.ts";
import { createBlueprint } from "./create-blueprint.ts";
import { createEntities } from "./create-entities.ts";
import { createEntity } from "./create-entity.ts";
import { createIntegration } from "./create-integration.ts";
import { aggregateEntities } from "./aggregate-entities.ts";
import { aggregateOverTime } from "./aggregate-over-time.ts";
import { cancelMigration } from "./cancel-migration.ts";
import { createMigration } from "./create-migration.ts";
import { deleteAllEntities } from "./delete-all-entities.ts";
import { deleteBlueprint } from "./delete-blueprint.ts";
import { deleteEntities } from "./delete-entities.ts";
import { deleteEntity } from "./delete-entity.ts";
import { deleteIntegration } from "./delete-integration.ts";
import { getBlueprint } from "./get-blueprint.ts";
import { getEntity } from "./get-entity.ts";
import { getIntegration } from "./get-integration.ts";
import { getMigration } from "./get-migration.ts";
import { getOrganization } from "./get-organization.ts";
import { getSystemStructure } from "./get-system-structure.ts";
import { getResyncRequest } from "./get-resync-request.ts";
import { ingestHeartbeat } from "./ingest-heartbeat.ts";
import { ingestLogs } from "./ingest-logs.ts";
import { ingestSyncMetrics } from "./ingest-sync-metrics.ts";
import { listAudits } from "./list-audits.ts";
import { listBlueprints } from "./list-blueprints.ts";
import { listEntities } from "./list-entities.ts";
import { listIntegrationLogs } from "./list-integration-logs.ts";
import { listIntegrationMetadata } from "./list-integration-metadata.ts";
import { listIntegrations } from "./list-integrations.ts";
import { listKindExamples } from "./list-kind-examples.ts";
import { listMigrations } from "./list-migrations.ts";
import { listPropertyHistory } from "./list-property-history.ts";
import { listProvisioned } from "./list-provisioned.ts";
import { listSyncMetrics } from "./list-sync-metrics.ts";
import { listSyncs } from "./list-syncs.ts";
import { patchBlueprint } from "./patch-blueprint.ts";
import { patchEntity } from "./patch-entity.ts";
import { patchIntegrationConfig } from "./patch-integration-config.ts";
import { patchIntegration } from "./patch-integration.ts";
import { patchResyncState } from "./patch-resync-state.ts";
import { putKindExamples } from "./put-kind-examples.ts";
import { renameMirror, renameProperty, renameRelation } from "./rename-part.ts";
import { replaceBlueprint } from "./replace-blueprint.ts";
import { replaceEntity } from "./replace-entity.ts";
import { searchAll } from "./search-all.ts";
import { searchBlueprint } from "./search-blueprint.ts";
import { searchDataSource } from "./search-data-source.ts";
import { topSearch } from "./top-search.ts";

/** Without token. */
export const OPEN_ROUTES: readonly AddRoute[] = [createAccessToken];

/** With token. The order is that of the API page; of two that fit a path the first one answers. */
export const PORT_ROUTES: readonly AddRoute[] = [
  getOrganization,
  listBlueprints,
  createBlueprint,
  getBlueprint,
  replaceBlueprint,
  patchBlueprint,
  deleteBlueprint,
  renameProperty,
  renameMirror,
  renameRelation,
  getSystemStructure,
  searchDataSource,
  searchAll,
  searchBlueprint,
  countMatches,
  topSearch,
  aggregateEntities,
  aggregateOverTime,
  listPropertyHistory,
  createEntity,
  createEntities,
  listEntities,
  countEntities,
  getEntity,
  replaceEntity,
  patchEntity,
  deleteEntity,
  deleteEntities,
  deleteAllEntities,
  listMigrations,
  createMigration,
  getMigration,
  cancelMigration,
  listAudits,
  listIntegrations,
  listProvisioned,
  listIntegrationMetadata,
  createIntegration,
  getIntegration,
  patchIntegration,
  patchIntegrationConfig,
  patchResyncState,
  getResyncRequest,
  deleteIntegration,
  putKindExamples,
  listKindExamples,
  ingestLogs,
  ingestHeartbeat,
  ingestSyncMetrics,
  listIntegrationLogs,
  listSyncMetrics,
  listSyncs,
];
