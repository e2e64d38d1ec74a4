-- make_journal: the schema that keeps what undo needs; nobody but its owner may look into it
CREATE SCHEMA IF NOT EXISTS assistant_repair;
REVOKE ALL ON SCHEMA assistant_repair FROM PUBLIC;
CREATE TABLE IF NOT EXISTS assistant_repair.runs (
    run_id                text PRIMARY KEY,
    digest                text NOT NULL,
    scope                 text NOT NULL,
    toolkit_version       text NOT NULL,
    supabase_fingerprint  text NOT NULL,
    langgraph_fingerprint text NOT NULL,
    started_at            timestamptz NOT NULL DEFAULT now(),
    finished_at           timestamptz,
    undone_at             timestamptz
);
CREATE TABLE IF NOT EXISTS assistant_repair.images (
    image_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id     text NOT NULL REFERENCES assistant_repair.runs,
    agent_id   text NOT NULL,
    place      text NOT NULL,
    key        text NOT NULL,
    before     jsonb,
    after_hash text,
    undone_at  timestamptz,
    UNIQUE (run_id, place, key)
);
CREATE TABLE IF NOT EXISTS assistant_repair.moves (
    run_id  text NOT NULL REFERENCES assistant_repair.runs,
    place   text NOT NULL,
    key     jsonb NOT NULL,
    old_id  text NOT NULL,
    new_id  text NOT NULL,
    undone_at timestamptz
);
CREATE INDEX IF NOT EXISTS moves_of_run ON assistant_repair.moves (run_id, place);
CREATE TABLE IF NOT EXISTS assistant_repair.id_map (
    old_id   text NOT NULL,
    run_id   text NOT NULL REFERENCES assistant_repair.runs,
    agent_id uuid NOT NULL,
    new_id   text NOT NULL,
    PRIMARY KEY (old_id, run_id)
);
COMMENT ON SCHEMA assistant_repair IS 'before-images of assistant-id repairs: needed for undo';
COMMENT ON TABLE assistant_repair.runs IS 'one application of a plan';
COMMENT ON TABLE assistant_repair.images IS 'rows as they were before the run changed, made or removed them; before is null for a row the run made, after_hash for one it removed';
COMMENT ON TABLE assistant_repair.moves IS 'references that the run moved: place, key and the two ids, not the row';
COMMENT ON TABLE assistant_repair.id_map IS 'assistant ids that the run replaced'

-- next_run_number: one more than the highest number of a run in this journal
SELECT COALESCE(max(substr(run.run_id, 5)::int), 0) + 1 AS number FROM assistant_repair.runs AS run

-- begin_run: write a run down before it changes anything
INSERT INTO assistant_repair.runs (run_id, digest, scope, toolkit_version, supabase_fingerprint, langgraph_fingerprint)
VALUES (%(run_id)s, %(digest)s, %(scope)s, %(toolkit_version)s, %(supabase_fingerprint)s, %(langgraph_fingerprint)s)

-- finish_run: everything of this run is done
UPDATE assistant_repair.runs SET finished_at = now() WHERE run_id = %(run_id)s

-- forget_ids: the id map of agents whose repair was taken back ends with it
DELETE FROM assistant_repair.id_map WHERE run_id = %(run_id)s AND agent_id = ANY (%(agent_ids)s::uuid[])

-- mark_undone: a run of which nothing is left to undo is undone
UPDATE assistant_repair.runs AS run
SET    undone_at = now()
WHERE  run.run_id = %(run_id)s
AND    NOT EXISTS (SELECT FROM assistant_repair.images AS image WHERE image.run_id = run.run_id AND image.undone_at IS NULL)
AND    NOT EXISTS (SELECT FROM assistant_repair.moves AS move WHERE move.run_id = run.run_id AND move.undone_at IS NULL)

-- runs: every run of this journal, oldest first
SELECT run.run_id, run.scope, run.digest, run.started_at, run.finished_at, run.undone_at,
       run.supabase_fingerprint, run.langgraph_fingerprint,
       (SELECT count(DISTINCT image.agent_id) FROM assistant_repair.images AS image WHERE image.run_id = run.run_id) AS agents,
       (SELECT count(*) FROM assistant_repair.images AS image WHERE image.run_id = run.run_id)                       AS rows,
       (SELECT count(*) FROM assistant_repair.moves AS move WHERE move.run_id = run.run_id)                          AS moves
FROM   assistant_repair.runs AS run
ORDER  BY substr(run.run_id, 5)::int

-- remember_ids: which canonical id stands in for which old one
INSERT INTO assistant_repair.id_map (old_id, run_id, agent_id, new_id)
SELECT step.assistant_id, %(run_id)s, step.agent_id::uuid, step.canonical_id
FROM   jsonb_to_recordset(%(steps)s) AS step (agent_id text, assistant_id text, canonical_id text)
WHERE  step.assistant_id <> step.canonical_id
ON CONFLICT DO NOTHING
