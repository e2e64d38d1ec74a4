-- make_journal (either): create the schema that keeps what undo needs, as the first version did; `upgrade_journal` follows, with keys in place of some indexes
--
-- Without foreign keys: runs are never deleted, and a lookup of the run for every row took a fifth of a repair's time.
CREATE SCHEMA assistant_repair;
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
CREATE TABLE assistant_repair.batches (
    run_id text NOT NULL,
    phase  text NOT NULL,
    first  int NOT NULL,
    last   int NOT NULL,
    counts jsonb NOT NULL DEFAULT '{}'
);
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

-- upgrade_journal (either): give the journal what the first version lacked: keys, hashes, readers
ALTER TABLE assistant_repair.steps ADD entry bigint GENERATED ALWAYS AS IDENTITY, ADD PRIMARY KEY (run_id, number, entry);
ALTER TABLE assistant_repair.batches ADD entry bigint GENERATED ALWAYS AS IDENTITY, ADD PRIMARY KEY (run_id, phase, entry);
ALTER TABLE assistant_repair.left_alone ADD entry bigint GENERATED ALWAYS AS IDENTITY, ADD PRIMARY KEY (run_id, agent_id, entry);
ALTER TABLE assistant_repair.known ADD entry bigint GENERATED ALWAYS AS IDENTITY, ADD PRIMARY KEY (run_id, agent_id, entry);
ALTER TABLE assistant_repair.rerouted ADD entry bigint GENERATED ALWAYS AS IDENTITY, ADD PRIMARY KEY (run_id, old_id, thread_id, entry);
ALTER TABLE assistant_repair.moves ADD entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;
ALTER TABLE assistant_repair.images ADD hash text;
ALTER TABLE assistant_repair.runs ADD hashed boolean NOT NULL DEFAULT false;
DROP INDEX IF EXISTS assistant_repair.steps_in_order, assistant_repair.batches_of_run, assistant_repair.left_alone_of_run,
                     assistant_repair.known_of_run, assistant_repair.rerouted_of_run;
SELECT pg_catalog.set_config('role', pg_catalog.pg_get_userbyid(schema.nspowner), true)  -- who is to own the next table
FROM   pg_catalog.pg_namespace AS schema WHERE schema.nspname = 'assistant_repair';
CREATE TABLE assistant_repair.readers (role_name text PRIMARY KEY);
COMMENT ON COLUMN assistant_repair.images.hash IS 'null for an image of the first version, which has JSON values; the others have the text of each column';
COMMENT ON TABLE assistant_repair.readers IS 'roles that may read the journal; each repair and undo revokes it from all others'

-- add_audit (either): let each run record who ran it, and what it changed
ALTER TABLE assistant_repair.runs ADD audit jsonb;
COMMENT ON COLUMN assistant_repair.runs.audit IS 'who ran it, approved how, and once finished the rows that it changed, by table'

-- close_journal (either): revoke the journal from everybody but its owner, and let its readers SELECT; one process at a time
LOCK TABLE assistant_repair.lease IN SHARE UPDATE EXCLUSIVE MODE;
DO $$
DECLARE
    command text;
BEGIN
    FOR command IN
        SELECT format('REVOKE ALL ON SCHEMA assistant_repair FROM %1$s CASCADE; REVOKE ALL ON ALL TABLES IN SCHEMA assistant_repair FROM %1$s CASCADE;'
                      'REVOKE ALL ON ALL SEQUENCES IN SCHEMA assistant_repair FROM %1$s CASCADE', held.grantee)
        FROM  (SELECT DISTINCT CASE granted.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(granted.grantee)) END AS grantee
               FROM   pg_catalog.pg_namespace AS schema
                      LEFT JOIN pg_catalog.pg_class AS stored ON stored.relnamespace = schema.oid
                      LEFT JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = stored.oid
                      CROSS JOIN LATERAL (VALUES (schema.nspacl), (stored.relacl), (attribute.attacl)) AS list (acl)
                      CROSS JOIN LATERAL aclexplode(list.acl) AS granted
               WHERE  schema.nspname = 'assistant_repair' AND granted.grantee <> schema.nspowner) AS held
        UNION ALL
        SELECT format('GRANT USAGE ON SCHEMA assistant_repair TO %1$I; GRANT SELECT ON ALL TABLES IN SCHEMA assistant_repair TO %1$I', role.rolname)
        FROM   assistant_repair.readers AS reader JOIN pg_catalog.pg_roles AS role ON role.rolname = reader.role_name
        ORDER  BY 1 DESC  -- REVOKE, then GRANT
    LOOP
        EXECUTE command;
    END LOOP;
    FOR command IN  -- an event trigger may have enabled it on every new table
        SELECT format('ALTER TABLE assistant_repair.%I DISABLE ROW LEVEL SECURITY', stored.relname)
        FROM   pg_catalog.pg_class AS stored WHERE stored.relnamespace = 'assistant_repair'::regnamespace AND stored.relrowsecurity
    LOOP
        EXECUTE command;
    END LOOP;
END $$

-- journal_state (either): the columns in the schema assistant_repair, its owner, and something in it that no toolkit made
--
-- The owner `could_repair` if it may itself change assistants and write-backs in this database.
SELECT pg_get_userbyid(schema.nspowner) AS owner, current_user::text AS role, pg_has_role(schema.nspowner, 'USAGE') AS may_act,
       has_schema_privilege(schema.oid, 'USAGE') AS may_read,
      (SELECT bool_and(has_any_column_privilege(schema.nspowner, written.oid, 'UPDATE'))
       FROM   pg_catalog.pg_class AS written JOIN pg_catalog.pg_namespace AS place ON place.oid = written.relnamespace
       WHERE (place.nspname, written.relname) IN (('langgraph_server', 'assistants'), ('public', 'agents'))) AS could_repair,
       ARRAY(SELECT stored.relname || '.' || attribute.attname
             FROM   pg_catalog.pg_class AS stored JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = stored.oid
             WHERE  stored.relnamespace = schema.oid AND stored.relkind = 'r' AND attribute.attnum > 0 AND NOT attribute.attisdropped) AS columns,
      (SELECT min(stored.relname || odd.why)
       FROM   pg_catalog.pg_class AS stored
              CROSS JOIN LATERAL (
                  SELECT ' is no table, has row security, or belongs to another role than the schema' AS why
                  WHERE  stored.relkind NOT IN ('r', 'i', 'S') OR stored.relrowsecurity OR stored.relowner <> schema.nspowner
                  UNION ALL
                  SELECT ' has the trigger ' || trigger.tgname FROM pg_catalog.pg_trigger AS trigger WHERE trigger.tgrelid = stored.oid
                  UNION ALL
                  SELECT ' has the rule ' || rule.rulename FROM pg_catalog.pg_rewrite AS rule WHERE rule.ev_class = stored.oid
                  UNION ALL
                  SELECT ' is inherited' FROM pg_catalog.pg_inherits AS child WHERE stored.oid IN (child.inhparent, child.inhrelid)) AS odd
       WHERE  stored.relnamespace = schema.oid) AS odd
FROM   pg_catalog.pg_namespace AS schema
WHERE  schema.nspname = 'assistant_repair'

-- next_run (either): the number of the next run in this journal, and the time
SELECT COALESCE(max(substr(run.run_id, 5)::int), 0) + 1 AS number, now() AS now FROM assistant_repair.runs AS run

-- begin_run (either): record a run before it changes anything
INSERT INTO assistant_repair.runs (run_id, digest, scope, toolkit_version, supabase_fingerprint, langgraph_fingerprint, agents, started_at, hashed, audit)
VALUES (%(run_id)s, %(digest)s, %(scope)s, %(toolkit_version)s, %(supabase_fingerprint)s, %(langgraph_fingerprint)s, %(agents)s, %(started_at)s, true, %(audit)s)

-- record_steps (either): record steps of a run
INSERT INTO assistant_repair.steps (run_id, number, kind, finding, agent_id, agent_name, assistant_id, canonical_id, expects)
SELECT %(run_id)s, step.*
FROM   jsonb_to_recordset(%(steps)s) AS step (number int, kind text, finding text, agent_id text, agent_name text, assistant_id text,
                                              canonical_id text, expects text)

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

-- done_batches (either): the batches of one phase of a run that are done
SELECT batch.first, batch.last
FROM   assistant_repair.batches AS batch
WHERE  batch.run_id = %(run_id)s AND batch.phase = %(phase)s
ORDER  BY batch.first

-- record_batch (either): record a batch as done
INSERT INTO assistant_repair.batches (run_id, phase, first, last, counts)
VALUES (%(run_id)s, %(phase)s, %(first)s, %(last)s, %(counts)s)

-- finish_run (either): record that a run is finished, and what it changed
UPDATE assistant_repair.runs
SET    finished_at = now(), audit = audit || jsonb_build_object('changes', %(changes)s::jsonb, 'rows', %(rows)s::bigint)
WHERE  run_id = %(run_id)s

-- counts_of_run (either): the number of steps that a run did, by kind
SELECT counted.key AS kind, sum(counted.value::int)::int AS count
FROM   assistant_repair.batches AS batch CROSS JOIN LATERAL jsonb_each_text(batch.counts) AS counted
WHERE  batch.run_id = %(run_id)s AND batch.phase <> 'stamped'
GROUP  BY counted.key
ORDER  BY counted.key

-- left_by_run (either): the agents and rows that a run left alone, with the reason
SELECT left_alone.finding, left_alone.agent_id, left_alone.agent_name, left_alone.assistant_id, left_alone.reason
FROM   assistant_repair.left_alone
WHERE  left_alone.run_id = %(run_id)s
ORDER  BY left_alone.agent_id, left_alone.assistant_id, left_alone.reason

-- agents_left (langgraph): the agents that a run left alone, first those whose rows it had changed before
SELECT left_alone.agent_id,
       EXISTS (SELECT FROM assistant_repair.images AS image WHERE image.run_id = %(run_id)s AND image.agent_id = left_alone.agent_id
               AND image.place = 'langgraph_server.assistants') AS is_made
FROM   assistant_repair.left_alone
WHERE  left_alone.run_id = %(run_id)s
GROUP  BY left_alone.agent_id
ORDER  BY is_made DESC, left_alone.agent_id

-- try_again (either): open a finished run again, with new numbers for the agents that it left alone
--
-- A write-back that the run has written gets no batch's number, so that it counts once.
WITH step AS (
    UPDATE assistant_repair.steps AS step
    SET    number = CASE WHEN step.kind = 'write_back'
                         AND EXISTS (SELECT FROM assistant_repair.images AS image WHERE image.run_id = step.run_id
                                     AND image.agent_id = step.agent_id AND image.place = 'public.agents')
                         THEN -1 ELSE %(first)s + retried.number - 1 END
    FROM   unnest(%(agent_ids)s::text[]) WITH ORDINALITY AS retried (agent_id, number)
    WHERE  step.run_id = %(run_id)s AND step.agent_id = retried.agent_id
), left_alone AS (
    DELETE FROM assistant_repair.left_alone WHERE run_id = %(run_id)s
), moved AS (
    UPDATE assistant_repair.batches SET phase = format('until %%s: %%s', %(agents)s::int, phase)
    WHERE  run_id = %(run_id)s AND (phase = 'remember' OR phase ~ '^(move|again)')
)
UPDATE assistant_repair.runs SET finished_at = NULL, agents = %(agents)s WHERE run_id = %(run_id)s

-- ids_of_run (either): the map from old ids to canonical ones, for front ends and bookmarks
SELECT map.old_id, map.new_id, map.agent_id::text
FROM   assistant_repair.id_map AS map
WHERE  map.run_id = %(run_id)s
ORDER  BY map.new_id, map.old_id

-- runs (either): every run of this journal, oldest first
SELECT run.run_id, run.scope, run.digest, run.started_at, run.finished_at, run.undoing_since, run.undone_at, run.forgotten_at,
       run.supabase_fingerprint = run.langgraph_fingerprint AS is_of_one_database,
       COALESCE((to_jsonb(run)->>'hashed')::boolean, false) AS hashed,  -- there may be no such column yet
       (SELECT count(*) FROM (SELECT image.agent_id FROM assistant_repair.images AS image WHERE image.run_id = run.run_id
                              UNION
                              SELECT move.new_id FROM assistant_repair.moves AS move
                              WHERE  move.run_id = run.run_id
                              AND   (run.finished_at IS NULL  -- else the steps say it, unless an agent was left half done
                                     OR EXISTS (SELECT FROM assistant_repair.left_alone AS left_alone WHERE left_alone.run_id = run.run_id))
                              UNION  -- what the other side's images say of a run that is finished
                              SELECT step.agent_id FROM assistant_repair.steps AS step
                              WHERE  step.run_id = run.run_id AND run.finished_at IS NOT NULL
                              AND    NOT EXISTS (SELECT FROM assistant_repair.left_alone AS left_alone
                                                 WHERE left_alone.run_id = run.run_id AND left_alone.agent_id = step.agent_id)
                             ) AS agent) AS agents,
       COALESCE((to_jsonb(run) #>> '{audit,rows}')::bigint,
                (SELECT count(*) FROM assistant_repair.images AS image WHERE image.run_id = run.run_id)
                + (SELECT count(*) FROM assistant_repair.moves AS move WHERE move.run_id = run.run_id))              AS rows,
       to_jsonb(run)->'audit'                                                                                        AS audit,
       ARRAY(SELECT DISTINCT stamped.column_name
             FROM   assistant_repair.batches AS batch CROSS JOIN LATERAL jsonb_object_keys(batch.counts) AS stamped (column_name)
             WHERE  batch.run_id = run.run_id AND batch.phase = 'stamped' ORDER BY stamped.column_name)              AS stamped
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
