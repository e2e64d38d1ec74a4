-- agents_to_undo: the agents of a run of which something is not taken back
SELECT found.agent_id
FROM  (SELECT image.agent_id FROM assistant_repair.images AS image WHERE image.run_id = %(run_id)s AND image.undone_at IS NULL
       UNION
       SELECT move.new_id FROM assistant_repair.moves AS move WHERE move.run_id = %(run_id)s AND move.undone_at IS NULL) AS found
ORDER  BY found.agent_id COLLATE "C"

-- images_of_batch: what a run changed in rows of some agents, and is not taken back
SELECT image.*
FROM   assistant_repair.images AS image
WHERE  image.run_id = %(run_id)s AND image.undone_at IS NULL
AND    image.agent_id COLLATE "C" BETWEEN %(first)s AND %(last)s AND image.agent_id <> ALL (%(refused)s)

-- moves_of_batch: the references to some agents' assistants that a run moved, and are not taken back
SELECT move.*
FROM   assistant_repair.moves AS move
WHERE  move.run_id = %(run_id)s AND move.undone_at IS NULL
AND    move.new_id COLLATE "C" BETWEEN %(first)s AND %(last)s AND move.new_id <> ALL (%(refused)s)

-- hold_assistants: hold the assistants of a batch still
SELECT stored.id
FROM   langgraph_server.assistants AS stored
WHERE  stored.id IN (SELECT image.key
                     FROM  (
-- include: images_of_batch
                     ) AS image
                     WHERE image.place = 'langgraph_server.assistants')
ORDER  BY stored.id
FOR UPDATE

-- hold_write_backs: hold the agents of a batch still
SELECT agent.id
FROM   public.agents AS agent
WHERE  agent.id IN (SELECT image.key::uuid
                    FROM  (
-- include: images_of_batch
                    ) AS image
                    WHERE image.place = 'public.agents')
ORDER  BY agent.id
FOR UPDATE

-- hold_references: hold the references of a batch in one place still
SELECT count(*) AS held
FROM  (SELECT stored.ctid
       FROM   {table} AS stored
       WHERE  {key} IN (SELECT move.key
                        FROM  (
-- include: moves_of_batch
                        ) AS move
                        WHERE move.place = {name})
       FOR UPDATE) AS held

-- changed_assistants: rows of a run that are not what the run left, by the agent they belong to
SELECT image.agent_id, image.key AS id
FROM  (
-- include: images_of_batch
      ) AS image
       LEFT JOIN (SELECT stored.id,
-- include: row_hash
                         AS hash
                  FROM   langgraph_server.assistants AS stored
                  WHERE  stored.id IN (SELECT image.key
                                       FROM  (
-- include: images_of_batch
                                       ) AS image
                                       WHERE image.place = 'langgraph_server.assistants')
       ) AS stored ON stored.id = image.key
WHERE  image.place = 'langgraph_server.assistants' AND stored.hash IS DISTINCT FROM image.after_hash
ORDER  BY image.agent_id, image.key

-- changed_write_backs: write-backs of a run that are not what the run wrote
SELECT image.agent_id, image.key AS id
FROM  (
-- include: images_of_batch
      ) AS image
       LEFT JOIN public.agents AS agent ON agent.id = image.key::uuid
WHERE  image.place = 'public.agents' AND agent.langgraph_assistant_id IS DISTINCT FROM image.after_hash
ORDER  BY image.agent_id

-- used_since: agents whose assistant the run made, and that a row of one place names which did not before the run, nor did the run move it
SELECT DISTINCT {id} AS agent_id
FROM   {table} AS stored
WHERE  {id} IN (SELECT image.key
                FROM  (
-- include: images_of_batch
                ) AS image
                WHERE image.place = 'langgraph_server.assistants' AND image.before IS NULL)
AND    NOT EXISTS (SELECT FROM assistant_repair.moves AS move
                   WHERE  move.run_id = %(run_id)s AND move.new_id = {id} AND move.place = {name} AND move.key = {key}
                   AND    move.undone_at IS NULL)
AND    NOT EXISTS (SELECT FROM assistant_repair.known AS known
                   WHERE  known.run_id = %(run_id)s AND known.place = {name} AND known.key = {key} AND known.agent_id = {id})
ORDER  BY agent_id

-- moved_since: agents with a reference in one place that names something else by now
SELECT DISTINCT move.new_id AS agent_id
FROM  (
-- include: moves_of_batch
      ) AS move
       JOIN {table} AS stored ON {key} = move.key AND {id} IS DISTINCT FROM move.new_id
WHERE  move.place = {name}
ORDER  BY agent_id

-- taken_since: agents with a reference in one place that cannot go back, because another row has its old key
SELECT DISTINCT move.new_id AS agent_id
FROM  (
-- include: moves_of_batch
      ) AS move
       JOIN {table} AS stored ON {key} = move.key AND {id} = move.new_id
WHERE  move.place = {name} AND NOT {target_is_free}
ORDER  BY agent_id

-- repaired_since: agents that a newer run repaired again, and that was not taken back
SELECT later.agent_id, max(substr(later.run_id, 5)::int) AS number
FROM  (SELECT image.agent_id, image.run_id FROM assistant_repair.images AS image WHERE image.undone_at IS NULL
       UNION ALL
       SELECT move.new_id, move.run_id FROM assistant_repair.moves AS move WHERE move.undone_at IS NULL) AS later
WHERE  substr(later.run_id, 5)::int > substr(%(run_id)s, 5)::int
AND    later.agent_id COLLATE "C" BETWEEN %(first)s AND %(last)s
GROUP  BY later.agent_id
ORDER  BY later.agent_id

-- run_agents: what of a run is not taken back, by agent: rows that it changed, made or removed, and references that it moved
SELECT COALESCE(image.agent_id, move.agent_id) AS agent_id, COALESCE(image.removed, 0) AS removed, COALESCE(image.made, 0) AS made,
       COALESCE(image.changed, 0) AS changed, COALESCE(move."references", 0) AS "references"
FROM  (SELECT image.agent_id,
              count(*) FILTER (WHERE image.before IS NOT NULL AND image.after_hash IS NULL)     AS removed,
              count(*) FILTER (WHERE image.before IS NULL)                                      AS made,
              count(*) FILTER (WHERE image.before IS NOT NULL AND image.after_hash IS NOT NULL) AS changed
       FROM   assistant_repair.images AS image
       WHERE  image.run_id = %(run_id)s AND image.undone_at IS NULL
       GROUP  BY image.agent_id) AS image
       FULL JOIN
      (SELECT move.new_id AS agent_id, count(*) AS "references"
       FROM   assistant_repair.moves AS move
       WHERE  move.run_id = %(run_id)s AND move.undone_at IS NULL
       GROUP  BY move.new_id) AS move ON move.agent_id = image.agent_id
ORDER  BY COALESCE(image.agent_id, move.agent_id) COLLATE "C"

-- put_back_write_backs: the write-backs as they were; tell of whom that was suppressed
WITH image AS (
    UPDATE assistant_repair.images AS image
    SET    undone_at = now()
    FROM  (
-- include: images_of_batch
          ) AS mine
    WHERE  image.image_id = mine.image_id AND image.place = 'public.agents'
    RETURNING image.agent_id, image.key, image.before
), changed AS (
    UPDATE public.agents AS agent
    SET    langgraph_assistant_id = image.before->>'langgraph_assistant_id'
    FROM   image
    WHERE  agent.id = image.key::uuid
    RETURNING image.key
)
SELECT image.agent_id FROM image WHERE image.key NOT IN (SELECT changed.key FROM changed)

-- put_back_references: in one place, the old ids; tell of whom that was suppressed
WITH move AS (
    UPDATE assistant_repair.moves AS move
    SET    undone_at = now()
    WHERE  move.run_id = %(run_id)s AND move.undone_at IS NULL AND move.place = {name}
    AND    move.new_id COLLATE "C" BETWEEN %(first)s AND %(last)s AND move.new_id <> ALL (%(refused)s)
    RETURNING move.key, move.old_id, move.new_id
), there AS MATERIALIZED (
    SELECT stored.ctid AS row_id, move.old_id, move.new_id
    FROM   move JOIN {table} AS stored ON {key} = move.key AND {id} = move.new_id
), changed AS (
    UPDATE {table} AS stored
    SET    {column} = {rewritten}
    FROM   there AS move
    WHERE  stored.ctid = move.row_id
    RETURNING move.row_id
)
SELECT DISTINCT there.new_id AS agent_id
FROM   there LEFT JOIN changed ON changed.row_id = there.row_id
WHERE  changed.row_id IS NULL

-- take_away: rows that the run made, and those it changed, which come back whole; tell of whom that was suppressed
--
-- Not updated but put in again: a trigger that stamps updated_at at every update would spoil it.
WITH image AS MATERIALIZED (
    SELECT image.agent_id, image.key
    FROM  (
-- include: images_of_batch
          ) AS image
    WHERE  image.place = 'langgraph_server.assistants' AND image.after_hash IS NOT NULL
), gone AS (
    DELETE FROM langgraph_server.assistants AS stored USING image WHERE stored.id = image.key
    RETURNING stored.id
)
SELECT DISTINCT image.agent_id FROM image WHERE image.key NOT IN (SELECT gone.id FROM gone)

-- put_back: rows that the run changed or removed, whole, out of the journal; tell of whom that was suppressed
WITH image AS (
    UPDATE assistant_repair.images AS image
    SET    undone_at = now()
    FROM  (
-- include: images_of_batch
          ) AS mine
    WHERE  image.image_id = mine.image_id AND image.place = 'langgraph_server.assistants'
    RETURNING image.agent_id, image.key, image.before
), back AS (
    INSERT INTO langgraph_server.assistants AS stored (id, {columns}) OVERRIDING SYSTEM VALUE
    SELECT old.id, {old_columns}
    FROM   image
           CROSS JOIN LATERAL jsonb_populate_record(NULL::langgraph_server.assistants, image.before) AS old
    WHERE  image.before IS NOT NULL
    RETURNING stored.id
)
SELECT DISTINCT image.agent_id FROM image WHERE image.before IS NOT NULL AND image.key NOT IN (SELECT back.id FROM back)
