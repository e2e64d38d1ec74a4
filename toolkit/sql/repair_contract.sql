-- named_in_place (supabase; fills: named): the ids that Supabase names: write-backs of agents in use, and tools in both spellings
SELECT agent.langgraph_assistant_id AS id, 'agents.langgraph_assistant_id' AS place
FROM   public.agents AS agent
WHERE  agent.langgraph_assistant_id <> agent.id::text AND agent.status::text = 'active' AND agent.deleted_at IS NULL
UNION
SELECT spelled.id, 'public.agents.assistant_tool_ids'
FROM  (/* include: tools_in_place */) AS tool
       CROSS JOIN LATERAL (VALUES (tool.tool_id::text), (replace(tool.tool_id::text, '-', ''))) AS spelled (id)

-- still_named (langgraph; slots: places, named): the old rows of a batch that a reference still names, each with the place
SELECT step.number, named.id, min(named.place) AS place
FROM  (/* include: batch */) AS step
      JOIN (
          SELECT place.id, place.place
          FROM  (/* slot: places */) AS place
          UNION ALL
          SELECT supabase.id, supabase.place
          FROM  (/* slot: named */) AS supabase
      ) AS named ON named.id = step.assistant_id
WHERE  step.kind IN ('rekey', 'remove')
GROUP  BY step.number, named.id
ORDER  BY step.number, named.id

-- remove (langgraph; slots: image): delete the unchanged old rows that nothing names, and journal them; returns their number
--
-- The agents of other rows are left alone, with the reason. A row that another transaction holds is skipped.
WITH step AS MATERIALIZED (
    SELECT step.*
    FROM  (/* include: batch */) AS step
    WHERE  step.kind IN ('rekey', 'remove')
), locked AS MATERIALIZED (
    SELECT stored.id, /* include: row_hash */ AS hash
    FROM   langgraph_server.assistants AS stored
    WHERE  stored.id IN (SELECT step.assistant_id FROM step)
    FOR UPDATE SKIP LOCKED
), named AS MATERIALIZED (
    SELECT named.id, named.place FROM unnest(%(named_ids)s::text[], %(named_in)s::text[]) AS named (id, place)
), gone AS (
    DELETE FROM langgraph_server.assistants AS stored
    USING  step JOIN locked ON locked.id = step.assistant_id AND locked.hash = step.expects
    WHERE  stored.id = step.assistant_id
    AND    NOT EXISTS (SELECT FROM named WHERE named.id = step.assistant_id)
    RETURNING step.kind, step.agent_id, stored.id, /* slot: image */ AS before
), kept AS (
-- include: keep_images
    FROM  (SELECT gone.agent_id, 'langgraph_server.assistants' AS place, gone.id AS key, gone.before, NULL AS after_hash FROM gone) AS image
), still AS (
    SELECT step.*, locked.hash, named.place,
           -- looked up by key for the few that stay: a join would read all assistants and the whole journal
           locked.id IS NULL AND (SELECT stored.id FROM langgraph_server.assistants AS stored WHERE stored.id = step.assistant_id) IS NOT NULL AS is_held,
           (SELECT image.key FROM assistant_repair.images AS image
            WHERE  image.run_id = step.run_id AND image.agent_id = step.agent_id AND image.place = 'langgraph_server.assistants'
            AND    image.key = step.assistant_id AND image.after_hash IS NULL) IS NOT NULL AS is_gone_already
    FROM   step
           LEFT JOIN locked ON locked.id = step.assistant_id
           LEFT JOIN named ON named.id = step.assistant_id
    WHERE  NOT EXISTS (SELECT FROM gone WHERE gone.id = step.assistant_id)
), stays AS (
    INSERT INTO assistant_repair.left_alone (run_id, agent_id, agent_name, finding, assistant_id, reason, number, is_held)
    SELECT still.run_id, still.agent_id, still.agent_name, still.finding, still.assistant_id,
           CASE WHEN still.is_held THEN 'another transaction holds it; run the repair again'
                WHEN still.hash IS DISTINCT FROM still.expects THEN format('%%s changed since the plan', still.assistant_id)
                WHEN still.place IS NOT NULL THEN format('%%s still names %%s', still.place, still.assistant_id)
                ELSE format('a trigger, rule or policy suppressed the removal of %%s', still.assistant_id) END,
           still.number, still.is_held AND NOT %(is_last)s
    FROM   still
    WHERE  NOT still.is_gone_already
)
SELECT count(*) FILTER (WHERE gone.kind = 'remove')::int AS removed FROM gone
