-- agents_now (supabase; fills: now; slots: tool_sets = tool_sets_of_steps): the current content of the agents in Supabase that a batch asks for
SELECT asked.agent_id, asked.write_back, wanted.name, wanted.graph_id, wanted.config, wanted.metadata, wanted.hash
FROM  (SELECT DISTINCT step.agent_id, /* include: write_back_before */ AS write_back
       FROM   assistant_repair.steps AS step
              JOIN public.agents AS agent ON agent.id = step.agent_id::uuid
       WHERE  step.run_id = %(run_id)s AND step.number >= %(first)s AND step.number < %(last)s
       AND    step.kind IN ('create', 'adopt', 'update', 'write_back')) AS asked
       LEFT JOIN (
           SELECT agent.assistant_id, agent.name, agent.graph_id, agent.config, agent.metadata, /* include: desired_hash */ AS hash
           FROM  (SELECT desired.*, /* include: config_read */ AS config_hash
                  FROM  (/* include: desired_assistants */) AS desired
                  WHERE  desired.agent_id IN (/* include: agents_of_steps */)
                  AND    desired.in_scope AND desired.problem IS NULL) AS agent
       ) AS wanted ON wanted.assistant_id = asked.agent_id

-- agents_of_steps (fragment): the agents of a batch whose content comes from Supabase
SELECT step.agent_id::uuid
FROM   assistant_repair.steps AS step
WHERE  step.run_id = %(run_id)s AND step.number >= %(first)s AND step.number < %(last)s AND step.kind IN ('create', 'adopt', 'update')

-- tool_sets_of_steps (supabase; fills: tool_sets): the tools of these agents
SELECT used.agent_id, array_agg(used.mcp_tool_id ORDER BY used.mcp_tool_id) AS tool_ids
FROM   public.agent_mcp_tools AS used
WHERE  used.agent_id IN (/* include: agents_of_steps */)
GROUP  BY used.agent_id

-- leave_stale (langgraph; slots: now): lock the rows that a batch writes, and leave alone the agents that no longer fit the plan
--
-- A row that another transaction holds is skipped; its agent is retried last. Copies to remove are only read.
WITH step AS MATERIALIZED (/* include: batch */), wanted AS (
    SELECT step.assistant_id AS id FROM step WHERE step.kind IN ('rekey', 'adopt', 'update')
    UNION
    SELECT step.canonical_id FROM step WHERE step.kind IN ('rekey', 'create')
), there AS MATERIALIZED (
    SELECT stored.id FROM langgraph_server.assistants AS stored JOIN wanted ON wanted.id = stored.id
), locked AS MATERIALIZED (
    SELECT stored.id, /* include: row_hash */ AS hash
    FROM   langgraph_server.assistants AS stored
    WHERE  stored.id IN (SELECT wanted.id FROM wanted)
    FOR UPDATE SKIP LOCKED
), seen AS (
    SELECT locked.id, locked.hash FROM locked
    UNION
    SELECT stored.id, /* include: row_hash */
    FROM   langgraph_server.assistants AS stored
    WHERE  stored.id IN (SELECT step.assistant_id FROM step WHERE step.kind = 'remove')
), now AS MATERIALIZED (/* slot: now */), judged AS (
    SELECT step.*, there.id IS NOT NULL AND seen.id IS NULL AS is_held,
           CASE WHEN step.kind IN ('rekey', 'create') AND EXISTS (SELECT FROM there AS taken WHERE taken.id = step.canonical_id)
                THEN 'a row with its canonical id has appeared since the plan'
                WHEN there.id IS NOT NULL AND seen.id IS NULL
                THEN 'another transaction holds its rows; run the repair again'
                WHEN step.kind IN ('rekey', 'remove') AND seen.hash IS DISTINCT FROM step.expects
                THEN format('assistant %%s changed since the plan', step.assistant_id)
                WHEN step.kind = 'create' AND now.hash IS DISTINCT FROM step.expects
                THEN 'the agent changed in Supabase since the plan'
                WHEN step.kind IN ('adopt', 'update') AND seen.hash || ' ' || now.hash IS DISTINCT FROM step.expects
                THEN format('assistant %%s, or the agent in Supabase, changed since the plan', step.assistant_id)
                WHEN step.kind = 'write_back' AND (now.agent_id IS NULL OR now.write_back IS DISTINCT FROM step.expects)
                THEN 'its write-back changed since the plan' END AS reason
    FROM   step
           LEFT JOIN there ON there.id = step.assistant_id
           LEFT JOIN seen ON seen.id = step.assistant_id
           LEFT JOIN now ON now.agent_id = step.agent_id
)
INSERT INTO assistant_repair.left_alone (run_id, agent_id, agent_name, finding, assistant_id, reason, number, is_held)
SELECT DISTINCT ON (judged.number) judged.run_id, judged.agent_id, judged.agent_name, judged.finding, judged.assistant_id,
       judged.reason, judged.number, judged.is_held AND NOT %(is_last)s
FROM   judged
WHERE  judged.reason IS NOT NULL
ORDER  BY judged.number, judged.is_held, judged.kind, judged.assistant_id

-- image_hash (fragment): the hash of a before-image
encode(sha256(convert_to(jsonb_build_array(image.agent_id, image.place, image.key, image.before, image.after_hash)::text, 'UTF8')), 'hex')

-- keep_images (fragment): write before-images into the journal, with their hashes
INSERT INTO assistant_repair.images (run_id, agent_id, place, key, before, after_hash, hash)
SELECT %(run_id)s, image.agent_id, image.place, image.key, image.before, image.after_hash, /* include: image_hash */

-- rekey (langgraph; slots: columns, kept_columns): insert the kept row under its canonical id; the old row stays until `remove`
WITH made AS (
    INSERT INTO langgraph_server.assistants AS stored (id, /* slot: columns */)
    SELECT step.canonical_id, /* slot: kept_columns */
    FROM  (/* include: batch */) AS step
           JOIN langgraph_server.assistants AS kept ON kept.id = step.assistant_id
    WHERE  step.kind = 'rekey'
    RETURNING stored.id, /* include: row_hash */ AS hash
)
-- include: keep_images
FROM  (SELECT made.id AS agent_id, 'langgraph_server.assistants' AS place, made.id AS key, NULL::jsonb AS before, made.hash AS after_hash FROM made) AS image

-- create (langgraph; slots: now): insert the missing assistants of a batch
WITH made AS (
    INSERT INTO langgraph_server.assistants AS stored (id, graph_id, name, config, metadata, created_at, updated_at)
    SELECT step.canonical_id, now.graph_id, now.name, now.config,
           now.metadata || jsonb_build_object('synced_at', to_jsonb(run.started_at)), run.started_at, run.started_at
    FROM  (/* include: batch */) AS step
           JOIN (/* slot: now */) AS now ON now.agent_id = step.agent_id
           JOIN assistant_repair.runs AS run ON run.run_id = step.run_id
    WHERE  step.kind = 'create'
    RETURNING stored.id, /* include: row_hash */ AS hash
)
-- include: keep_images
FROM  (SELECT made.id AS agent_id, 'langgraph_server.assistants' AS place, made.id AS key, NULL::jsonb AS before, made.hash AS after_hash FROM made) AS image

-- overwrite (langgraph; slots: now, image): give the row under the canonical id the desired content
WITH wanted AS MATERIALIZED (
    SELECT step.canonical_id, now.graph_id, now.name, now.config, now.metadata, run.started_at
    FROM  (/* include: batch */) AS step
           JOIN (/* slot: now */) AS now ON now.agent_id = step.agent_id
           JOIN assistant_repair.runs AS run ON run.run_id = step.run_id
    WHERE  step.kind IN ('adopt', 'update')
), before AS (
    SELECT stored.id, /* slot: image */ AS before
    FROM   langgraph_server.assistants AS stored
    WHERE  stored.id IN (SELECT wanted.canonical_id FROM wanted)
), changed AS (
    UPDATE langgraph_server.assistants AS stored
    SET    graph_id = wanted.graph_id, name = wanted.name, config = wanted.config,
           context = CASE WHEN stored.metadata->>'owner' = 'system' THEN stored.context ELSE '{}' END,
           description = CASE WHEN stored.metadata->>'owner' = 'system' THEN stored.description END,
           metadata = CASE WHEN stored.metadata->>'owner' = 'system' THEN stored.metadata ELSE '{}' END
                      || wanted.metadata || jsonb_build_object('synced_at', to_jsonb(wanted.started_at)),
           version = stored.version + 1, updated_at = wanted.started_at
    FROM   wanted
    WHERE  stored.id = wanted.canonical_id
    RETURNING stored.id, /* include: row_hash */ AS hash
), made AS (
    DELETE FROM assistant_repair.images AS image  -- the run made this row: nothing was there before
    USING  changed
    WHERE  image.run_id = %(run_id)s AND image.agent_id = changed.id AND image.place = 'langgraph_server.assistants' AND image.key = changed.id
    RETURNING image.key
)
-- include: keep_images
FROM  (SELECT changed.id AS agent_id, 'langgraph_server.assistants' AS place, changed.id AS key,
              CASE WHEN made.key IS NULL THEN before.before END AS before, changed.hash AS after_hash
       FROM   changed
              JOIN before ON before.id = changed.id
              LEFT JOIN made ON made.key = changed.id) AS image

-- leave_unwritten (langgraph): leave alone the agents whose assistants the database did not write
INSERT INTO assistant_repair.left_alone (run_id, agent_id, agent_name, finding, assistant_id, reason, number)
SELECT DISTINCT ON (step.number) step.run_id, step.agent_id, step.agent_name, step.finding, step.canonical_id,
       'a trigger or rule on langgraph_server.assistants suppressed the write of its assistant', step.number
FROM  (/* include: batch */) AS step
WHERE  step.kind IN ('rekey', 'create', 'adopt', 'update')
AND   (SELECT image.key FROM assistant_repair.images AS image  -- looked up by key: a join would read the whole journal
       WHERE  image.run_id = step.run_id AND image.agent_id = step.agent_id
       AND    image.place = 'langgraph_server.assistants' AND image.key = step.canonical_id) IS NULL
ORDER  BY step.number, step.kind

-- remember_ids (langgraph): record the canonical id that replaces each old id
INSERT INTO assistant_repair.id_map (old_id, run_id, agent_id, new_id)
SELECT step.assistant_id, step.run_id, step.agent_id::uuid, step.canonical_id
FROM  (/* include: batch */) AS step
WHERE  step.kind IN ('rekey', 'remove') AND step.assistant_id <> step.canonical_id
ON CONFLICT DO NOTHING

-- write_back_before (fragment): an agent's write-back, or the one that the run has set NULL to free it
COALESCE(agent.langgraph_assistant_id,
        (SELECT image.before->>'langgraph_assistant_id' FROM assistant_repair.images AS image
         WHERE  image.run_id = %(run_id)s AND image.agent_id = agent.id::text AND image.place = 'public.agents' AND image.after_hash IS NULL))

-- is_unique (fragment): whether a unique index holds write-backs
EXISTS (SELECT FROM pg_catalog.pg_index AS unique_index
               JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = unique_index.indrelid AND attribute.attnum = ANY (unique_index.indkey)
        WHERE  unique_index.indrelid = 'public.agents'::regclass AND unique_index.indisunique AND attribute.attname = 'langgraph_assistant_id')

-- write_backs_to_free (supabase): the agents whose write-back another agent of the run is to get, where a unique index holds them
SELECT step.agent_id
FROM   assistant_repair.steps AS step
       JOIN assistant_repair.steps AS other ON other.run_id = step.run_id AND other.kind = 'write_back'
                                           AND other.canonical_id = step.expects AND other.agent_id <> step.agent_id
WHERE  step.run_id = %(run_id)s AND step.kind = 'write_back' AND /* include: is_unique */
ORDER  BY step.agent_id

-- free_write_back (supabase): set an agent's write-back NULL, if it still has the plan's value, until it gets its own
WITH freed AS (
    UPDATE public.agents AS agent
    SET    langgraph_assistant_id = NULL
    FROM   assistant_repair.steps AS step
    WHERE  step.run_id = %(run_id)s AND step.kind = 'write_back' AND step.agent_id = %(agent_id)s
    AND    agent.id = step.agent_id::uuid AND agent.langgraph_assistant_id = step.expects
    RETURNING step.agent_id, step.expects
)
-- include: keep_images
FROM  (SELECT freed.agent_id, 'public.agents' AS place, freed.agent_id AS key,
              jsonb_build_object('langgraph_assistant_id', freed.expects) AS before, NULL AS after_hash FROM freed) AS image

-- set_write_backs (supabase): set the write-backs that still have the plan's value; returns the reason for each other one
--
-- A write-back that this run wrote before a crash counts as done.
WITH step AS MATERIALIZED (
    SELECT step.number, step.agent_id, step.agent_id::uuid AS id, step.canonical_id, step.expects
    FROM   assistant_repair.steps AS step
    WHERE  step.run_id = %(run_id)s AND step.number >= %(first)s AND step.number < %(last)s AND step.kind = 'write_back'
    AND    step.agent_id <> ALL (%(left_alone)s)
), locked AS MATERIALIZED (
    SELECT agent.id, /* include: write_back_before */ AS write_back, /* include: agent_before */
    FROM   public.agents AS agent
    WHERE  agent.id IN (SELECT step.id FROM step)
    ORDER  BY agent.id
    FOR UPDATE SKIP LOCKED
), written AS (
    UPDATE public.agents AS agent
    SET    langgraph_assistant_id = step.canonical_id
    FROM   locked JOIN step ON step.id = locked.id
    WHERE  agent.id = locked.id AND locked.write_back IS NOT DISTINCT FROM step.expects
    RETURNING agent.id, locked.write_back, agent.langgraph_assistant_id AS is_now, agent.tableoid AS table_id, locked.before,
              CASE WHEN locked.before IS NOT NULL THEN to_jsonb(agent.*) END AS after
), freed AS (
    DELETE FROM assistant_repair.images AS image
    USING  written
    WHERE  image.run_id = %(run_id)s AND image.agent_id = written.id::text AND image.place = 'public.agents'
), kept AS (
-- include: keep_images
    FROM  (SELECT written.id::text AS agent_id, 'public.agents' AS place, written.id::text AS key,
                  jsonb_build_object('langgraph_assistant_id', written.write_back) AS before, written.is_now AS after_hash
           FROM   written WHERE written.is_now IS DISTINCT FROM written.write_back) AS image
)
SELECT step.number, step.agent_id,
       CASE WHEN written.is_now = step.canonical_id THEN NULL
            WHEN locked.write_back = step.canonical_id  -- looked up by key: a join would read the whole journal
                 AND (SELECT image.key FROM assistant_repair.images AS image
                      WHERE  image.run_id = %(run_id)s AND image.agent_id = step.agent_id AND image.place = 'public.agents') IS NOT NULL THEN NULL
            WHEN agent.id IS NULL THEN 'its agent is gone from Supabase'
            WHEN locked.id IS NULL THEN 'another transaction holds its agent; run the repair again'
            WHEN locked.write_back IS DISTINCT FROM step.expects THEN 'its write-back changed since the plan'
            ELSE 'a trigger, rule or policy on public.agents suppressed the update of its write-back'
            END AS reason,
       agent.id IS NOT NULL AND locked.id IS NULL AS is_held,
       ARRAY(/* include: stamped */) AS stamped
FROM   step
       LEFT JOIN public.agents AS agent ON agent.id = step.id
       LEFT JOIN locked ON locked.id = step.id
       LEFT JOIN written ON written.id = step.id
ORDER  BY step.number
