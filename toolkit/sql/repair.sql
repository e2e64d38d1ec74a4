-- row_hash: what a plan expects of an assistant, leaving out metadata.synced_at and updated_at
md5(jsonb_build_array(stored.id, stored.graph_id, stored.config, stored.context, stored.metadata - 'synced_at',
                      stored.name, stored.description, stored.version, extract(epoch FROM stored.created_at))::text)

-- desired_hash: what a plan expects of an agent's desired content
md5(jsonb_build_array(agent.name, agent.graph_id, agent.config_hash)::text)

-- steps: everything a repair could do, and the finding it answers; the plan picks from it
WITH
-- include: matching
, row_hash AS (
    SELECT stored.id,
-- include: row_hash
           AS hash
    FROM   langgraph_server.assistants AS stored
    WHERE  stored.id IN (SELECT whose.id FROM whose UNION ALL SELECT assistant.id FROM assistant WHERE assistant.claimed_agent IS NOT NULL)
)
SELECT step.kind, step.finding, step.agent_id, step.agent_name, step.assistant_id, step.canonical_id, step.expects
FROM  (
    SELECT 'rekey' AS kind, agent.kind AS finding, agent.agent_id::text, agent.name AS agent_name,
           agent.kept_id AS assistant_id, agent.assistant_id AS canonical_id, row_hash.hash AS expects
    FROM   agent JOIN row_hash ON row_hash.id = agent.kept_id
    WHERE  agent.kind = 'wrong_id' OR (agent.kind = 'conflict' AND agent.kept_id <> agent.assistant_id)
    UNION ALL
    SELECT 'create', agent.kind, agent.agent_id::text, agent.name, NULL, agent.assistant_id,
-- include: desired_hash
    FROM   agent
    WHERE  agent.kind IN ('missing', 'conflict') AND agent.kept_id IS NULL AND agent.is_mendable
    UNION ALL
    SELECT 'adopt', agent.kind, agent.agent_id::text, agent.name, agent.assistant_id, agent.assistant_id,
           row_hash.hash || ' ' ||
-- include: desired_hash
    FROM   agent JOIN row_hash ON row_hash.id = agent.assistant_id
    WHERE  agent.kind IN ('hidden', 'conflict') AND agent.problem IS NULL
    UNION ALL
    SELECT 'update', 'drift', agent.agent_id::text, agent.name, kept.id, agent.assistant_id,
           row_hash.hash || ' ' ||
-- include: desired_hash
    FROM   agent
           JOIN assistant AS kept ON kept.id = agent.kept_id AND kept.is_system
           JOIN row_hash ON row_hash.id = kept.id
    WHERE  agent.in_scope AND agent.kind IS DISTINCT FROM 'conflict' AND agent.problem IS NULL
    AND   (agent.name_differs OR agent.graph_differs OR agent.config_differs)
    UNION ALL
    SELECT 'write_back', 'not_written_back', agent.agent_id::text, agent.name, NULL, agent.assistant_id, agent.write_back
    FROM   agent
    WHERE  agent.in_scope AND agent.write_back IS DISTINCT FROM agent.assistant_id
    AND    agent.is_mendable
    UNION ALL
    SELECT 'remove', 'duplicate', agent.agent_id::text, agent.name, row_hash.id, agent.assistant_id, row_hash.hash
    FROM   agent
           JOIN whose ON whose.agent_id = agent.agent_id AND NOT whose.is_contested
           JOIN assistant ON assistant.id = whose.id AND assistant.is_system
           JOIN row_hash ON row_hash.id = whose.id
    WHERE  agent.in_scope AND agent.is_mendable AND whose.id <> agent.kept_id
    UNION ALL
    SELECT 'remove', 'orphan', COALESCE(agent.agent_id, assistant.claimed_agent)::text, COALESCE(agent.name, ''), assistant.id, NULL, row_hash.hash
    FROM   assistant
           LEFT JOIN whose ON whose.id = assistant.id
           LEFT JOIN agent ON agent.agent_id = whose.agent_id
           JOIN row_hash ON row_hash.id = assistant.id
    WHERE  assistant.is_system
    AND   (agent.active IS FALSE OR (agent.agent_id IS NULL AND assistant.claimed_agent IS NOT NULL))
    AND   (%(organizations)s::uuid[] IS NULL
           OR COALESCE(agent.organization_id::text, assistant.claimed_organization) = ANY (%(organizations)s::uuid[]::text[]))
) AS step
ORDER  BY step.agent_id, step.kind, step.assistant_id

-- desired_rows: the content of some agents' assistants, as it ought to be
SELECT agent.agent_id::text, agent.assistant_id AS canonical_id, agent.name, agent.graph_id, agent.config, agent.metadata,
-- include: desired_hash
       AS hash
FROM  (SELECT desired.*,
-- include: config_hash
              AS config_hash
       FROM  (
-- include: desired_assistants
       ) AS desired
       WHERE  desired.agent_id = ANY (%(agent_ids)s::uuid[]) AND desired.in_scope AND desired.problem IS NULL) AS agent
ORDER  BY agent.agent_id

-- lock_assistants: hold these rows still, and tell what they are now
SELECT stored.id,
-- include: row_hash
       AS hash
FROM   langgraph_server.assistants AS stored
WHERE  stored.id = ANY (%(ids)s)
ORDER  BY stored.id
FOR UPDATE

-- rekey: put the kept row under its canonical id; the old one stays until nothing names it any more
WITH made AS (
    INSERT INTO langgraph_server.assistants AS stored
    SELECT (jsonb_populate_record(kept, jsonb_build_object('id', step.canonical_id))).*
    FROM   jsonb_to_recordset(%(steps)s) AS step (agent_id text, assistant_id text, canonical_id text)
           JOIN langgraph_server.assistants AS kept ON kept.id = step.assistant_id
    RETURNING stored.id,
-- include: row_hash
              AS hash
)
INSERT INTO assistant_repair.images (run_id, agent_id, place, key, after_hash)
SELECT %(run_id)s, made.id, 'langgraph_server.assistants', made.id, made.hash FROM made

-- create: make the assistant that the agent ought to have
WITH made AS (
    INSERT INTO langgraph_server.assistants AS stored (id, graph_id, name, config, metadata, created_at, updated_at)
    SELECT step.canonical_id, step.graph_id, step.name, step.config,
           step.metadata || jsonb_build_object('synced_at', to_jsonb(run.started_at)), run.started_at, run.started_at
    FROM   jsonb_to_recordset(%(steps)s) AS step (canonical_id text, graph_id text, name text, config jsonb, metadata jsonb)
           JOIN assistant_repair.runs AS run ON run.run_id = %(run_id)s
    RETURNING stored.id,
-- include: row_hash
              AS hash
)
INSERT INTO assistant_repair.images (run_id, agent_id, place, key, after_hash)
SELECT %(run_id)s, made.id, 'langgraph_server.assistants', made.id, made.hash FROM made

-- overwrite: give the row under the canonical id the content it ought to have
WITH before AS (
    SELECT stored.id, to_jsonb(stored) AS image
    FROM   langgraph_server.assistants AS stored
    WHERE  stored.id IN (SELECT step.canonical_id FROM jsonb_to_recordset(%(steps)s) AS step (canonical_id text))
), changed AS (
    UPDATE langgraph_server.assistants AS stored
    SET    graph_id = step.graph_id, name = step.name, config = step.config,
           context = CASE WHEN stored.metadata->>'owner' = 'system' THEN stored.context ELSE '{}' END,
           description = CASE WHEN stored.metadata->>'owner' = 'system' THEN stored.description END,
           metadata = CASE WHEN stored.metadata->>'owner' = 'system' THEN stored.metadata ELSE '{}' END
                      || step.metadata || jsonb_build_object('synced_at', to_jsonb(run.started_at)),
           version = stored.version + 1, updated_at = run.started_at
    FROM   jsonb_to_recordset(%(steps)s) AS step (canonical_id text, graph_id text, name text, config jsonb, metadata jsonb)
           JOIN assistant_repair.runs AS run ON run.run_id = %(run_id)s
    WHERE  stored.id = step.canonical_id
    RETURNING stored.id,
-- include: row_hash
              AS hash
)
INSERT INTO assistant_repair.images AS image (run_id, agent_id, place, key, before, after_hash)
SELECT %(run_id)s, changed.id, 'langgraph_server.assistants', changed.id, before.image, changed.hash
FROM   changed JOIN before ON before.id = changed.id
ON CONFLICT (run_id, place, key) DO UPDATE SET after_hash = EXCLUDED.after_hash

-- set_write_backs: give agents the id of their assistant, where the write-back still is what the plan saw
WITH before AS (
    SELECT agent.id, agent.langgraph_assistant_id AS write_back, step.canonical_id
    FROM   public.agents AS agent
           JOIN jsonb_to_recordset(%(steps)s) AS step (agent_id text, canonical_id text, expects text)
             ON step.agent_id::uuid = agent.id
    WHERE  agent.langgraph_assistant_id IS NOT DISTINCT FROM step.expects
    ORDER  BY agent.id
    FOR UPDATE OF agent
), changed AS (
    UPDATE public.agents AS agent
    SET    langgraph_assistant_id = before.canonical_id
    FROM   before
    WHERE  agent.id = before.id
    RETURNING agent.id, before.write_back, before.canonical_id
), kept AS (
    INSERT INTO assistant_repair.images (run_id, agent_id, place, key, before, after_hash)
    SELECT %(run_id)s, changed.id::text, 'public.agents', changed.id::text,
           jsonb_build_object('langgraph_assistant_id', changed.write_back), changed.canonical_id
    FROM   changed
)
SELECT changed.id::text AS agent_id FROM changed

-- write_backs: what some agents' write-backs are now
SELECT agent.id::text AS agent_id, agent.langgraph_assistant_id AS write_back
FROM   public.agents AS agent
WHERE  agent.id = ANY (%(agent_ids)s::uuid[])
ORDER  BY agent.id

-- remove: take old rows away, whole into the journal
WITH gone AS (
    DELETE FROM langgraph_server.assistants AS stored
    USING  jsonb_to_recordset(%(steps)s) AS step (agent_id text, assistant_id text)
    WHERE  stored.id = step.assistant_id
    RETURNING step.agent_id, stored.id, to_jsonb(stored) AS image
)
INSERT INTO assistant_repair.images (run_id, agent_id, place, key, before)
SELECT %(run_id)s, gone.agent_id, 'langgraph_server.assistants', gone.id, gone.image FROM gone

-- still_named: which of these ids something still names, and where
SELECT DISTINCT named.id, named.place
FROM  (
-- (places)
) AS named
WHERE  named.id = ANY (%(ids)s)
ORDER  BY named.id, named.place

-- still_written_back: which of these ids the write-back of an agent in use still names
SELECT DISTINCT agent.langgraph_assistant_id AS id, 'agents.langgraph_assistant_id' AS place
FROM   public.agents AS agent
WHERE  agent.langgraph_assistant_id = ANY (%(ids)s) AND agent.status = 'active' AND agent.deleted_at IS NULL
ORDER  BY agent.langgraph_assistant_id

-- remember_spellings: ids that no assistant has, and that are an agent's id in another spelling
INSERT INTO assistant_repair.id_map (old_id, run_id, agent_id, new_id)
SELECT DISTINCT named.id, %(run_id)s, agent.id::uuid, agent.id
FROM  (
-- (places)
      ) AS named
       JOIN unnest(%(agent_ids)s::text[]) AS agent (id)
         ON replace(agent.id, '-', '') = translate(replace(lower(named.id), 'urn:uuid:', ''), '{}-', '') AND agent.id <> named.id
WHERE  NOT EXISTS (SELECT FROM langgraph_server.assistants AS assistant WHERE assistant.id = named.id)
ON CONFLICT DO NOTHING

-- move_references: in one place, the canonical id in place of old ones; a row whose target is taken stays
WITH replaced AS (
    SELECT DISTINCT ON (map.old_id) map.old_id, map.new_id
    FROM   assistant_repair.id_map AS map
           JOIN langgraph_server.assistants AS target ON target.id = map.new_id AND target.metadata->>'owner' = 'system'
    WHERE  map.agent_id = ANY (%(agent_ids)s::uuid[])
    ORDER  BY map.old_id, substr(map.run_id, 5)::int DESC
), hit AS (
    SELECT stored.ctid AS row_id, replaced.old_id, replaced.new_id,
           row_number() OVER (PARTITION BY {target} ORDER BY {newest}) AS rank
    FROM   {table} AS stored JOIN replaced ON replaced.old_id = {id}
    WHERE  {target_is_free}
), moved AS (
    UPDATE {table} AS stored
    SET    {column} = {rewritten}
    FROM   hit
    WHERE  stored.ctid = hit.row_id AND hit.rank = 1
    RETURNING {key} AS key, hit.old_id, hit.new_id
), kept AS (
    INSERT INTO assistant_repair.moves (run_id, place, key, old_id, new_id)
    SELECT %(run_id)s, {name}, moved.key, moved.old_id, moved.new_id FROM moved
)
SELECT count(*) AS rows FROM moved
