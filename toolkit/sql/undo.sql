-- changed_assistants: rows of a run that are not what the run left, by the agent they belong to
SELECT image.agent_id, image.key AS id
FROM   assistant_repair.images AS image
       LEFT JOIN (SELECT stored.id,
-- include: row_hash
                         AS hash
                  FROM   langgraph_server.assistants AS stored
                  WHERE  stored.id IN (SELECT image.key FROM assistant_repair.images AS image
                                       WHERE  image.run_id = %(run_id)s AND image.place = 'langgraph_server.assistants')
       ) AS stored ON stored.id = image.key
WHERE  image.run_id = %(run_id)s AND image.place = 'langgraph_server.assistants' AND image.undone_at IS NULL
AND    stored.hash IS DISTINCT FROM image.after_hash
ORDER  BY image.agent_id, image.key

-- changed_write_backs: write-backs of a run that are not what the run wrote
SELECT image.agent_id, image.key AS id
FROM   assistant_repair.images AS image
       LEFT JOIN public.agents AS agent ON agent.id = image.key::uuid
WHERE  image.run_id = %(run_id)s AND image.place = 'public.agents' AND image.undone_at IS NULL
AND    agent.langgraph_assistant_id IS DISTINCT FROM image.after_hash
ORDER  BY image.agent_id

-- used_since: rows of one place that name an assistant which a run made, and that the run did not move there
SELECT DISTINCT {id} AS agent_id
FROM   {table} AS stored
WHERE  {id} IN (SELECT image.key FROM assistant_repair.images AS image
                WHERE  image.run_id = %(run_id)s AND image.place = 'langgraph_server.assistants'
                AND    image.before IS NULL AND image.undone_at IS NULL)
AND    NOT EXISTS (SELECT FROM assistant_repair.moves AS move
                   WHERE  move.run_id = %(run_id)s AND move.place = {name} AND move.key = {key} AND move.undone_at IS NULL)
ORDER  BY agent_id

-- taken_since: agents with a reference in one place that cannot go back, because another row has its old key
SELECT DISTINCT move.new_id AS agent_id
FROM   assistant_repair.moves AS move
       JOIN {table} AS stored ON {key} = move.key AND {id} = move.new_id
WHERE  move.run_id = %(run_id)s AND move.place = {name} AND move.undone_at IS NULL
AND    NOT {target_is_free}
ORDER  BY agent_id

-- repaired_since: agents that a newer run repaired again, and that was not taken back
SELECT later.agent_id, max(substr(later.run_id, 5)::int) AS number
FROM  (SELECT image.agent_id, image.run_id FROM assistant_repair.images AS image WHERE image.undone_at IS NULL
       UNION ALL
       SELECT move.new_id, move.run_id FROM assistant_repair.moves AS move WHERE move.undone_at IS NULL) AS later
WHERE  substr(later.run_id, 5)::int > substr(%(run_id)s, 5)::int
GROUP  BY later.agent_id
ORDER  BY later.agent_id

-- run_agents: the agents of a run, and how many of their rows it changed, made or removed and are not taken back
SELECT image.agent_id,
       count(*) FILTER (WHERE image.before IS NOT NULL AND image.after_hash IS NULL) AS removed,
       count(*) FILTER (WHERE image.before IS NULL)                                  AS made,
       count(*) FILTER (WHERE image.before IS NOT NULL AND image.after_hash IS NOT NULL) AS changed
FROM   assistant_repair.images AS image
WHERE  image.run_id = %(run_id)s AND image.undone_at IS NULL
GROUP  BY image.agent_id
ORDER  BY image.agent_id

-- run_moves: the references that a run moved and that are not taken back, by the agent they moved to
SELECT move.new_id AS agent_id, move.place, count(*) AS rows
FROM   assistant_repair.moves AS move
WHERE  move.run_id = %(run_id)s AND move.undone_at IS NULL
GROUP  BY move.new_id, move.place
ORDER  BY move.new_id, move.place

-- put_back_removed: old rows, whole, out of the journal
WITH image AS (
    UPDATE assistant_repair.images AS image
    SET    undone_at = now()
    WHERE  image.run_id = %(run_id)s AND image.agent_id = ANY (%(agent_ids)s) AND image.undone_at IS NULL
    AND    image.place = 'langgraph_server.assistants' AND image.after_hash IS NULL
    RETURNING image.before
)
INSERT INTO langgraph_server.assistants
SELECT (jsonb_populate_record(NULL::langgraph_server.assistants, image.before)).* FROM image

-- put_back_references: in one place, the old ids
WITH move AS (
    UPDATE assistant_repair.moves AS move
    SET    undone_at = now()
    WHERE  move.run_id = %(run_id)s AND move.place = {name} AND move.new_id = ANY (%(agent_ids)s) AND move.undone_at IS NULL
    RETURNING move.key, move.old_id, move.new_id
)
UPDATE {table} AS stored
SET    {column} = {rewritten}
FROM   move
WHERE  {key} = move.key AND {id} = move.new_id

-- put_back_write_backs: the write-backs as they were
WITH image AS (
    UPDATE assistant_repair.images AS image
    SET    undone_at = now()
    WHERE  image.run_id = %(run_id)s AND image.agent_id = ANY (%(agent_ids)s) AND image.undone_at IS NULL
    AND    image.place = 'public.agents'
    RETURNING image.key, image.before, image.after_hash
)
UPDATE public.agents AS agent
SET    langgraph_assistant_id = image.before->>'langgraph_assistant_id'
FROM   image
WHERE  agent.id = image.key::uuid AND agent.langgraph_assistant_id IS NOT DISTINCT FROM image.after_hash

-- put_back_made: take away the rows that the run made
WITH image AS (
    UPDATE assistant_repair.images AS image
    SET    undone_at = now()
    WHERE  image.run_id = %(run_id)s AND image.agent_id = ANY (%(agent_ids)s) AND image.undone_at IS NULL
    AND    image.place = 'langgraph_server.assistants' AND image.before IS NULL
    RETURNING image.key
)
DELETE FROM langgraph_server.assistants AS stored USING image WHERE stored.id = image.key

-- put_back_changed: the rows that the run changed, whole, as they were
WITH image AS (
    UPDATE assistant_repair.images AS image
    SET    undone_at = now()
    WHERE  image.run_id = %(run_id)s AND image.agent_id = ANY (%(agent_ids)s) AND image.undone_at IS NULL
    AND    image.place = 'langgraph_server.assistants' AND image.before IS NOT NULL AND image.after_hash IS NOT NULL
    RETURNING image.key, image.before
)
UPDATE langgraph_server.assistants AS stored
SET    graph_id = old.graph_id, config = old.config, context = old.context, metadata = old.metadata, name = old.name,
       description = old.description, version = old.version, created_at = old.created_at, updated_at = old.updated_at
FROM   image CROSS JOIN LATERAL jsonb_populate_record(NULL::langgraph_server.assistants, image.before) AS old
WHERE  stored.id = image.key
