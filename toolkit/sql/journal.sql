-- make_journal (either): create the schema that keeps what undo needs; only its owner may read it
--
-- Without foreign keys: runs are never deleted, and a lookup of the run for every row took a fifth of a repair's time.
CREATE SCHEMA assistant_repair;
REVOKE ALL ON SCHEMA assistant_repair FROM PUBLIC;
CREATE TABLE assistant_repair.runs (
    run_id                text PRIMARY KEY,
    digest                text NOT NULL,
    scope                 text NOT NULL,
    toolkit_version       text NOT NULL,
    supabase_fingerprint  text NOT NULL,
    langgraph_fingerprint text NOT NULL,
    agents                int NOT NULL,
    started_at            timestamptz NOT NULL,
    finished_at           timestamptz,
    undoing_since         timestamptz,
    undone_at             timestamptz,
    forgotten_at          timestamptz
);
CREATE TABLE assistant_repair.steps (
    run_id       text NOT NULL,
    number       int NOT NULL,
    kind         text NOT NULL,
    finding      text NOT NULL,
    agent_id     text NOT NULL,
    agent_name   text NOT NULL,
    assistant_id text,
    canonical_id text,
    expects      text
);
CREATE INDEX steps_in_order ON assistant_repair.steps (run_id, number);
CREATE TABLE assistant_repair.batches (
    run_id text NOT NULL,
    phase  text NOT NULL,
    first  int NOT NULL,
    last   int NOT NULL,
    counts jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX batches_of_run ON assistant_repair.batches (run_id, phase);
CREATE TABLE assistant_repair.left_alone (
    run_id       text NOT NULL,
    agent_id     text NOT NULL,
    agent_name   text NOT NULL,
    finding      text NOT NULL,
    assistant_id text,
    reason       text NOT NULL,
    number       int NOT NULL,
    is_held      boolean NOT NULL DEFAULT false
);
CREATE INDEX left_alone_of_run ON assistant_repair.left_alone (run_id, agent_id);
CREATE TABLE assistant_repair.images (
    image_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id     text NOT NULL,
    agent_id   text NOT NULL,
    place      text NOT NULL,
    key        text NOT NULL,
    before     jsonb,
    after_hash text,
    undone_at  timestamptz
);
CREATE INDEX images_of_agent ON assistant_repair.images (run_id, agent_id);
CREATE TABLE assistant_repair.moves (
    run_id    text NOT NULL,
    place     text NOT NULL,
    key       jsonb NOT NULL,
    old_id    text NOT NULL,
    new_id    text NOT NULL,
    undone_at timestamptz
);
CREATE INDEX moves_of_run ON assistant_repair.moves USING brin (run_id);
CREATE TABLE assistant_repair.known (
    run_id   text NOT NULL,
    place    text NOT NULL,
    key      jsonb NOT NULL,
    agent_id text NOT NULL
);
CREATE INDEX known_of_run ON assistant_repair.known (run_id, agent_id);
CREATE TABLE assistant_repair.id_map (
    old_id   text NOT NULL,
    run_id   text NOT NULL,
    agent_id uuid NOT NULL,
    new_id   text NOT NULL,
    PRIMARY KEY (old_id, run_id)
);
CREATE INDEX id_map_of_run ON assistant_repair.id_map (run_id, new_id);
CREATE TABLE assistant_repair.rerouted (
    run_id    text NOT NULL,
    thread_id text NOT NULL,
    old_id    text NOT NULL,
    new_id    text NOT NULL
);
CREATE INDEX rerouted_of_run ON assistant_repair.rerouted (run_id, old_id, thread_id);
CREATE TABLE assistant_repair.lease (
    is_the_one boolean PRIMARY KEY DEFAULT true CHECK (is_the_one),
    holder     text,
    who        text,
    since      timestamptz,
    renewed_at timestamptz
);
INSERT INTO assistant_repair.lease DEFAULT VALUES;
COMMENT ON SCHEMA assistant_repair IS 'before-images of assistant-id repairs: needed for undo';
COMMENT ON TABLE assistant_repair.runs IS 'one application of a plan';
COMMENT ON TABLE assistant_repair.steps IS 'steps of a run, written before its first change; agents are numbered in the order of their repair';
COMMENT ON TABLE assistant_repair.batches IS 'finished parts of a run: numbers of agents, or pages of a table, from first to before last';
COMMENT ON TABLE assistant_repair.left_alone IS 'agents that a run left unchanged, and why';
COMMENT ON TABLE assistant_repair.images IS 'rows as they were before the run changed, made or removed them; before is null for a row the run made, after_hash for one it removed';
COMMENT ON TABLE assistant_repair.moves IS 'references that the run moved: place, key and the two ids, not the row';
COMMENT ON TABLE assistant_repair.known IS 'references that named an agent''s assistant before the run made it';
COMMENT ON TABLE assistant_repair.id_map IS 'assistant ids that the run replaced';
COMMENT ON TABLE assistant_repair.rerouted IS 'conversations on users'' rows that belong to an agent; in place of a thread also `user <id>`, for memories, and `cron <id>`';
COMMENT ON TABLE assistant_repair.lease IS 'the process that repairs or undoes: one at a time'

-- journal_columns (either): the tables and columns in the schema assistant_repair
SELECT schema.nspname AS name, stored.relname || '.' || attribute.attname AS place
FROM   pg_catalog.pg_namespace AS schema
       LEFT JOIN pg_catalog.pg_class AS stored ON stored.relnamespace = schema.oid AND stored.relkind = 'r'
       LEFT JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = stored.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
WHERE  schema.nspname = 'assistant_repair'
ORDER  BY place

-- next_run (either): the number of the next run in this journal, and the time
SELECT COALESCE(max(substr(run.run_id, 5)::int), 0) + 1 AS number, now() AS now FROM assistant_repair.runs AS run

-- begin_run (either): record a run before it changes anything
INSERT INTO assistant_repair.runs (run_id, digest, scope, toolkit_version, supabase_fingerprint, langgraph_fingerprint, agents, started_at)
VALUES (%(run_id)s, %(digest)s, %(scope)s, %(toolkit_version)s, %(supabase_fingerprint)s, %(langgraph_fingerprint)s, %(agents)s, %(started_at)s)

-- copy_steps_in (either): record the steps of a run
COPY assistant_repair.steps (run_id, number, kind, finding, agent_id, agent_name, assistant_id, canonical_id, expects) FROM STDIN

-- analyze_steps (either): update the planner's statistics on the steps, unless autovacuum does it already
ANALYZE (SKIP_LOCKED) assistant_repair.steps

-- analyze_journal (either): update the planner's statistics on what undo joins, unless autovacuum does it already
ANALYZE (SKIP_LOCKED) assistant_repair.images, assistant_repair.moves, assistant_repair.known, assistant_repair.id_map

-- agents_of_run (either): the agents of a run
SELECT DISTINCT step.agent_id
FROM   assistant_repair.steps AS step
WHERE  step.run_id = %(run_id)s
ORDER  BY step.agent_id

-- run_in_journal (either): the scope of a run, and the number of its agents
SELECT run.scope, run.agents
FROM   assistant_repair.runs AS run
WHERE  run.run_id = %(run_id)s

-- busy_assistants (langgraph): the assistants with a recent run; their agents are repaired last
SELECT DISTINCT run.assistant_id AS id
FROM   langgraph_server.runs AS run
WHERE  run.updated_at > now() - make_interval(secs => %(seconds)s)

-- done_batches (either): the batches of one phase of a run that are done
SELECT batch.first, batch.last
FROM   assistant_repair.batches AS batch
WHERE  batch.run_id = %(run_id)s AND batch.phase = %(phase)s
ORDER  BY batch.first

-- record_batch (either): record a batch as done
INSERT INTO assistant_repair.batches (run_id, phase, first, last, counts)
VALUES (%(run_id)s, %(phase)s, %(first)s, %(last)s, %(counts)s)

-- unfinished_run (either): the oldest unfinished run that no undo has begun
SELECT run.run_id
FROM   assistant_repair.runs AS run
WHERE  run.finished_at IS NULL AND run.undoing_since IS NULL
ORDER  BY substr(run.run_id, 5)::int
LIMIT  1

-- finish_run (either): record that a run is finished
UPDATE assistant_repair.runs SET finished_at = now() WHERE run_id = %(run_id)s

-- counts_of_run (either): the number of steps that a run did, by kind
SELECT counted.key AS kind, sum(counted.value::int)::int AS count
FROM   assistant_repair.batches AS batch CROSS JOIN LATERAL jsonb_each_text(batch.counts) AS counted
WHERE  batch.run_id = %(run_id)s
GROUP  BY counted.key
ORDER  BY counted.key

-- left_by_run (either): the agents and rows that a run left alone, with the reason
SELECT left_alone.finding, left_alone.agent_id, left_alone.agent_name, left_alone.assistant_id, left_alone.reason
FROM   assistant_repair.left_alone
WHERE  left_alone.run_id = %(run_id)s
ORDER  BY left_alone.agent_id, left_alone.assistant_id, left_alone.reason

-- ids_of_run (either): the map from old ids to canonical ones, for front ends and bookmarks
SELECT map.old_id, map.new_id, map.agent_id::text
FROM   assistant_repair.id_map AS map
WHERE  map.run_id = %(run_id)s
ORDER  BY map.new_id, map.old_id

-- runs (either): every run of this journal, oldest first
SELECT run.run_id, run.scope, run.digest, run.started_at, run.finished_at, run.undoing_since, run.undone_at, run.forgotten_at,
       (SELECT count(DISTINCT image.agent_id) FROM assistant_repair.images AS image WHERE image.run_id = run.run_id) AS agents,
       (SELECT count(*) FROM assistant_repair.images AS image WHERE image.run_id = run.run_id)                       AS rows,
       (SELECT count(*) FROM assistant_repair.moves AS move WHERE move.run_id = run.run_id)                          AS moves
FROM   assistant_repair.runs AS run
ORDER  BY substr(run.run_id, 5)::int

-- take_lease (langgraph): take the lease; returns no row where another process holds it
UPDATE assistant_repair.lease
SET    holder = %(holder)s, who = %(who)s || ' as ' || current_user, since = clock_timestamp(), renewed_at = clock_timestamp()
WHERE  lease.holder IS NULL OR lease.renewed_at < clock_timestamp() - make_interval(secs => %(seconds)s)
RETURNING lease.holder

-- lease_holder (langgraph): the holder of the lease, and the seconds until it expires
SELECT lease.who, lease.since, lease.renewed_at,
       GREATEST(extract(epoch FROM lease.renewed_at - clock_timestamp()) + %(seconds)s, 0)::float8 AS rest
FROM   assistant_repair.lease
WHERE  lease.holder IS NOT NULL

-- renew_lease (langgraph): renew the lease; returns no row where another process holds it
UPDATE assistant_repair.lease SET renewed_at = clock_timestamp() WHERE lease.holder = %(holder)s RETURNING lease.holder

-- release_lease (langgraph): release the lease
UPDATE assistant_repair.lease SET holder = NULL, who = NULL, since = NULL, renewed_at = NULL WHERE lease.holder = %(holder)s

-- forget_run (either): delete what undo needs; the ids stay: late writers may use old ones, and later repairs ask which conversations moved
WITH images AS (DELETE FROM assistant_repair.images WHERE run_id = %(run_id)s),
     moves AS (DELETE FROM assistant_repair.moves WHERE run_id = %(run_id)s),
     known AS (DELETE FROM assistant_repair.known WHERE run_id = %(run_id)s),
     steps AS (DELETE FROM assistant_repair.steps WHERE run_id = %(run_id)s)
UPDATE assistant_repair.runs SET forgotten_at = now() WHERE run_id = %(run_id)s
