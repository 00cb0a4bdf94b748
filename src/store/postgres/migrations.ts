/**
 * The schema, step by step. A step that was released never changes; a new one is appended. Times are milliseconds since
 * 1970. Texts are ordered by code points, as in SQLite. What is searched is jsonb; what is only kept is json, which
 * keeps the order of keys.
 *
 * Rows of one table name those of another without foreign keys: their checks, row by row, cost a page of entities more
 * than everything else. Whoever writes holds locks on the rows that are named: see apply-entities.ts.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE setting (name text COLLATE "C" PRIMARY KEY, value json NOT NULL);

  CREATE TABLE blueprint (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    identifier text COLLATE "C" NOT NULL UNIQUE,
    document json NOT NULL,
    version integer NOT NULL,
    has_old_entities boolean NOT NULL,
    created_at bigint NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text COLLATE "C" NOT NULL
  );

  CREATE SEQUENCE entity_id;
  CREATE TABLE entity (
    id bigint PRIMARY KEY,
    blueprint_id integer NOT NULL,
    identifier text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    icon text COLLATE "C",
    team jsonb NOT NULL,
    properties jsonb NOT NULL,
    computed jsonb NOT NULL,
    relations jsonb NOT NULL,
    is_stub boolean NOT NULL,
    version integer NOT NULL,
    data_source text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text COLLATE "C" NOT NULL,
    UNIQUE (blueprint_id, identifier)
  );
  CREATE INDEX entity_stub ON entity (id) WHERE is_stub;

  CREATE TABLE edge (
    source_id bigint NOT NULL,
    relation text COLLATE "C" NOT NULL,
    target_id bigint NOT NULL,
    PRIMARY KEY (source_id, relation, target_id)
  );
  CREATE INDEX edge_target ON edge (target_id, relation);

  CREATE TABLE pending_edge (
    source_id bigint NOT NULL,
    relation text COLLATE "C" NOT NULL,
    target_blueprint_id integer NOT NULL,
    target text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    PRIMARY KEY (source_id, relation, target_blueprint_id, target)
  );
  CREATE INDEX pending_edge_target ON pending_edge (target_blueprint_id, target);

  CREATE TABLE change (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    subject text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    blueprint text COLLATE "C" NOT NULL,
    identifier text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    run_id text COLLATE "C",
    data_source text COLLATE "C" NOT NULL,
    before json
  );
  CREATE INDEX change_of ON change (blueprint, identifier, seq);

  CREATE TABLE bucket (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    fields json NOT NULL DEFAULT '{}'
  );

  CREATE TABLE ledger_object (
    bucket_id integer NOT NULL,
    object_id text COLLATE "C" NOT NULL,
    key text COLLATE "C",
    updated text COLLATE "C",
    state text COLLATE "C",
    entities json NOT NULL,
    PRIMARY KEY (bucket_id, object_id)
  );

  CREATE TABLE claim (
    blueprint text COLLATE "C" NOT NULL,
    identifier text COLLATE "C" NOT NULL,
    bucket_id integer NOT NULL,
    object_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (blueprint, identifier, bucket_id, object_id)
  );

  CREATE TABLE unclaimed (
    bucket_id integer NOT NULL,
    blueprint text COLLATE "C" NOT NULL,
    identifier text COLLATE "C" NOT NULL,
    plan_id text COLLATE "C",
    PRIMARY KEY (bucket_id, blueprint, identifier)
  );
  CREATE INDEX unclaimed_plan ON unclaimed (plan_id) WHERE plan_id IS NOT NULL;

  CREATE TABLE creation (
    blueprint text COLLATE "C" NOT NULL,
    identifier text COLLATE "C" NOT NULL,
    bucket_id integer NOT NULL,
    PRIMARY KEY (blueprint, identifier)
  );

  CREATE TABLE seen_page (
    run_id text COLLATE "C" NOT NULL,
    attempt integer NOT NULL,
    bucket_id integer NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    object_ids text[] COLLATE "C" NOT NULL
  );
  CREATE INDEX seen_page_run ON seen_page (run_id, bucket_id);

  CREATE TABLE removal_plan (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    data_source text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    document json NOT NULL
  );
  CREATE INDEX removal_plan_data_source ON removal_plan (data_source, seq);

  CREATE TABLE run (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    data_source text COLLATE "C" NOT NULL,
    document json NOT NULL
  );
  CREATE INDEX run_data_source ON run (data_source, seq);

  CREATE TABLE integration_log (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    integration text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    level text COLLATE "C" NOT NULL,
    event_id text COLLATE "C",
    message json NOT NULL,
    extra json NOT NULL
  );
  CREATE INDEX integration_log_at ON integration_log (integration, at, seq);
  CREATE INDEX integration_log_seq ON integration_log (integration, seq);

  CREATE TABLE sync_metric (
    integration text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    document json NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (integration, event_id, kind)
  );

  -- Indexes that cannot be: a value is longer than what an index may hold.
  CREATE TABLE refused_index (name text COLLATE "C" PRIMARY KEY);

  -- A value as text. True and false are 1 and 0, as they are to SQLite.
  CREATE FUNCTION value_text (value jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE jsonb_typeof(value)
      WHEN 'boolean' THEN CASE WHEN value::boolean THEN '1' ELSE '0' END
      ELSE value #>> '{}'
    END;

  CREATE FUNCTION value_number (value jsonb) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE jsonb_typeof(value)
      WHEN 'number' THEN value::double precision
      WHEN 'boolean' THEN value::boolean::integer::double precision
    END;

  -- Texts in the order of numbers: see value-key.ts.
  CREATE FUNCTION number_key (value double precision) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE
      WHEN value < 0
        THEN '0' || translate(encode(float8send(-value), 'hex'), '0123456789abcdef', 'fedcba9876543210')
      ELSE '1' || encode(float8send(value), 'hex')
    END;

  CREATE FUNCTION value_key (value jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE jsonb_typeof(value)
      WHEN 'string' THEN '2' || (value #>> '{}')
      WHEN 'null' THEN NULL
      WHEN 'array' THEN '3' || value::text
      WHEN 'object' THEN '3' || value::text
      ELSE quayside.number_key(quayside.value_number(value))
    END;

  -- Milliseconds since 1970 of an ISO 8601 text, or null. The offset may lack its colon, as Jira writes it; a time
  -- without one is in UTC.
  CREATE FUNCTION instant (value text) RETURNS double precision LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
  DECLARE
    part text[] := regexp_match(value,
      '^(\\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\\d|3[01]))?)?' ||
      '(?:[T ]([01]\\d|2[0-3]):([0-5]\\d)(?::([0-5]\\d(?:\\.\\d+)?))?(?:Z|([+-])(\\d\\d):?(\\d\\d))?)?$');
    days integer;
    minutes integer;
  BEGIN
    IF part IS NULL OR part[1] = '0000' THEN RETURN NULL; END IF;
    days := make_date(part[1]::integer, coalesce(part[2], '1')::integer, 1) - DATE '1970-01-01'
      + coalesce(part[3], '1')::integer - 1;
    minutes := coalesce(part[4], '0')::integer * 60 + coalesce(part[5], '0')::integer
      - (coalesce(part[7], '+') || '1')::integer * (coalesce(part[8], '0')::integer * 60 + coalesce(part[9], '0')::integer);
    RETURN (days * 1440.0 + minutes) * 60000 + trunc(coalesce(part[6], '0')::numeric * 1000);
  END $$;
  `,
];
