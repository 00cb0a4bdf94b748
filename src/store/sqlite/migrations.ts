/**
 * The schema, step by step. A step that was released never changes; a new one is appended. Times are milliseconds since
 * 1970, documents are JSON text.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE blueprint (
    id INTEGER PRIMARY KEY,
    identifier TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    has_old_entities INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL
  ) STRICT;

  CREATE TABLE entity (
    id INTEGER PRIMARY KEY,
    blueprint_id INTEGER NOT NULL REFERENCES blueprint (id),
    identifier TEXT NOT NULL,
    title TEXT NOT NULL,
    icon TEXT,
    team TEXT NOT NULL,
    properties TEXT NOT NULL,
    computed TEXT NOT NULL,
    relations TEXT NOT NULL,
    is_stub INTEGER NOT NULL,
    version INTEGER NOT NULL,
    data_source TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    UNIQUE (blueprint_id, identifier)
  ) STRICT;
  CREATE INDEX entity_stub ON entity (id) WHERE is_stub = 1;

  CREATE TABLE edge (
    source_id INTEGER NOT NULL REFERENCES entity (id),
    relation TEXT NOT NULL,
    target_blueprint_id INTEGER NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (source_id, relation, target_blueprint_id, target)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX edge_target ON edge (target_blueprint_id, target, relation);

  CREATE TABLE pending_edge (
    source_id INTEGER NOT NULL REFERENCES entity (id),
    relation TEXT NOT NULL,
    target_blueprint_id INTEGER NOT NULL,
    target TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (source_id, relation, target_blueprint_id, target)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX pending_edge_target ON pending_edge (target_blueprint_id, target);

  CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    subject TEXT NOT NULL,
    action TEXT NOT NULL,
    blueprint TEXT NOT NULL,
    identifier TEXT NOT NULL,
    actor TEXT NOT NULL,
    run_id TEXT
  ) STRICT;

  CREATE TABLE bucket (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

  CREATE TABLE ledger_object (
    bucket_id INTEGER NOT NULL REFERENCES bucket (id),
    object_id TEXT NOT NULL,
    key TEXT,
    updated TEXT,
    state TEXT,
    entities TEXT NOT NULL,
    PRIMARY KEY (bucket_id, object_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE claim (
    blueprint TEXT NOT NULL,
    identifier TEXT NOT NULL,
    bucket_id INTEGER NOT NULL,
    object_id TEXT NOT NULL,
    PRIMARY KEY (blueprint, identifier, bucket_id, object_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE unclaimed (
    bucket_id INTEGER NOT NULL REFERENCES bucket (id),
    blueprint TEXT NOT NULL,
    identifier TEXT NOT NULL,
    PRIMARY KEY (bucket_id, blueprint, identifier)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE seen_page (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    bucket_id INTEGER NOT NULL REFERENCES bucket (id),
    object_ids TEXT NOT NULL
  ) STRICT;
  CREATE INDEX seen_page_run ON seen_page (run_id, bucket_id);

  CREATE TABLE run (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    data_source TEXT NOT NULL,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX run_data_source ON run (data_source, seq);
  `,
  `
  CREATE TABLE removal_plan (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    data_source TEXT NOT NULL,
    status TEXT NOT NULL,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX removal_plan_data_source ON removal_plan (data_source, seq);

  ALTER TABLE unclaimed ADD COLUMN plan_id TEXT;
  ALTER TABLE bucket ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
  CREATE INDEX unclaimed_plan ON unclaimed (plan_id) WHERE plan_id IS NOT NULL;

  CREATE TABLE creation (
    blueprint TEXT NOT NULL,
    identifier TEXT NOT NULL,
    bucket_id INTEGER NOT NULL REFERENCES bucket (id),
    PRIMARY KEY (blueprint, identifier)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE change ADD COLUMN data_source TEXT NOT NULL DEFAULT '';
  ALTER TABLE change ADD COLUMN before TEXT;
  CREATE INDEX change_of ON change (blueprint, identifier, seq);
  `,
  `
  CREATE TABLE relation (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  INSERT INTO relation (name) SELECT DISTINCT relation FROM edge;

  ALTER TABLE edge RENAME TO named_edge;
  CREATE TABLE edge (
    source_id INTEGER NOT NULL REFERENCES entity (id),
    relation_id INTEGER NOT NULL,
    target_id INTEGER NOT NULL,
    PRIMARY KEY (source_id, relation_id, target_id)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO edge
    SELECT named_edge.source_id, relation.id, entity.id FROM named_edge
    JOIN relation ON relation.name = named_edge.relation
    JOIN entity ON entity.blueprint_id = named_edge.target_blueprint_id AND entity.identifier = named_edge.target;
  DROP TABLE named_edge;
  CREATE INDEX edge_target ON edge (target_id, relation_id);
  `,
  `
  CREATE TABLE integration_log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    integration TEXT NOT NULL,
    at INTEGER NOT NULL,
    level TEXT NOT NULL,
    event_id TEXT,
    message TEXT NOT NULL,
    extra TEXT NOT NULL
  ) STRICT;
  CREATE INDEX integration_log_at ON integration_log (integration, at, seq);
  CREATE INDEX integration_log_seq ON integration_log (integration, seq);

  CREATE TABLE sync_metric (
    integration TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    document TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (integration, event_id, kind)
  ) STRICT, WITHOUT ROWID;
  `,
];
