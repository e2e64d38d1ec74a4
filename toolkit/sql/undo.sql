-- begin_undo (either): record that an undo of this run has begun
UPDATE assistant_repair.runs SET undoing_since = COALESCE(undoing_since, now()) WHERE run_id = %(run_id)s

-- agents_to_undo (either): the agents of a run with something left to undo
SELECT found.agent_id
FROM  (SELECT image.agent_id FROM assistant_repair.images AS image WHERE image.run_id = %(run_id)s AND image.undone_at IS NULL
       UNION
       SELECT move.new_id FROM assistant_repair.moves AS move WHERE move.run_id = %(run_id)s AND move.undone_at IS NULL) AS found
ORDER  BY found.agent_id COLLATE "C"

-- images_of_batch (fragment): the changed rows of some agents that are left to undo
SELECT image.*
FROM   assistant_repair.images AS image
WHERE  image.run_id = %(run_id)s AND image.undone_at IS NULL
AND    image.agent_id COLLATE "C" BETWEEN %(first)s AND %(last)s AND image.agent_id <> ALL (%(refused)s)

-- moves_of_batch (fragment): the moved references of some agents that are left to undo
SELECT move.*
FROM   assistant_repair.moves AS move
WHERE  move.run_id = %(run_id)s AND move.undone_at IS NULL
AND    move.new_id COLLATE "C" BETWEEN %(first)s AND %(last)s AND move.new_id <> ALL (%(refused)s)

-- hold_assistants (langgraph): lock the assistants of a batch
SELECT stored.id
FROM   langgraph_server.assistants AS stored
WHERE  stored.id IN (SELECT image.key
                     FROM  (/* include: images_of_batch */) AS image
                     WHERE image.place = 'langgraph_server.assistants')
ORDER  BY stored.id
FOR UPDATE

-- hold_write_backs (supabase): lock the agents of a batch
SELECT agent.id
FROM   public.agents AS agent
WHERE  agent.id IN (SELECT image.key::uuid
                    FROM  (/* include: images_of_batch */) AS image
                    WHERE image.place = 'public.agents')
ORDER  BY agent.id
FOR UPDATE

-- hold_references (langgraph; holes: table, key, name): lock the references of a batch in one place
SELECT count(*) AS held
FROM  (SELECT stored.ctid
       FROM   {table} AS stored
       WHERE  {key} IN (SELECT move.key
                        FROM  (/* include: moves_of_batch */) AS move
                        WHERE move.place = {name})
       FOR UPDATE) AS held

-- changed_images (either): the before-images of a batch that no longer fit their hash; an earlier version's run has images without
SELECT image.agent_id, image.key AS id
FROM  (/* include: images_of_batch */) AS image
       JOIN assistant_repair.runs AS run ON run.run_id = image.run_id
WHERE (run.hashed OR image.hash IS NOT NULL) AND image.hash IS DISTINCT FROM /* include: image_hash */
ORDER  BY image.agent_id, image.key

-- changed_assistants (langgraph): the rows of a batch that changed after the run
SELECT image.agent_id, image.key AS id
FROM  (/* include: images_of_batch */) AS image
       LEFT JOIN langgraph_server.assistants AS stored ON stored.id = image.key
WHERE  image.place = 'langgraph_server.assistants'
AND    CASE WHEN stored.id IS NOT NULL THEN /* include: row_hash */ END IS DISTINCT FROM image.after_hash
ORDER  BY image.agent_id, image.key

-- changed_write_backs (supabase): the write-backs of a batch that changed after the run
SELECT image.agent_id, image.key AS id
FROM  (/* include: images_of_batch */) AS image
       LEFT JOIN public.agents AS agent ON agent.id = image.key::uuid
WHERE  image.place = 'public.agents' AND agent.langgraph_assistant_id IS DISTINCT FROM image.after_hash
ORDER  BY image.agent_id

-- changed_in_place (langgraph; holes: id, table, name, key, target_is_free): the agents with rows of one place that changed after the run, each with the reason
SELECT DISTINCT found.agent_id, found.reason
FROM  (SELECT {id} AS agent_id, 'names its assistant in rows that are newer than the repair' AS reason
       FROM   {table} AS stored
       WHERE  {id} IN (SELECT image.key
                       FROM  (/* include: images_of_batch */) AS image
                       WHERE image.place = 'langgraph_server.assistants' AND image.before IS NULL)
       AND    NOT EXISTS (SELECT FROM assistant_repair.moves AS move
                          WHERE  move.run_id = %(run_id)s AND move.new_id = {id} AND move.place = {name} AND move.key = {key}
                          AND    move.undone_at IS NULL)
       AND    NOT EXISTS (SELECT FROM assistant_repair.known AS known
                          WHERE  known.run_id = %(run_id)s AND known.place = {name} AND known.key = {key} AND known.agent_id = {id})
       UNION ALL
       SELECT move.new_id, CASE WHEN {id} = move.new_id THEN 'has a newer row under the old key of a moved one'
                                ELSE 'has a row that was changed since the repair to name another assistant' END
       FROM  (/* include: moves_of_batch */) AS move JOIN {table} AS stored ON {key} = move.key
       WHERE  move.place = {name} AND ({id} IS DISTINCT FROM move.new_id OR NOT {target_is_free})) AS found
ORDER  BY found.agent_id, found.reason DESC

-- repaired_since (langgraph): the agents that a newer run repaired, if that run was not taken back
SELECT later.agent_id, max(substr(later.run_id, 5)::int) AS number
FROM  (SELECT image.agent_id, image.run_id FROM assistant_repair.images AS image WHERE image.undone_at IS NULL
       UNION ALL
       SELECT move.new_id, move.run_id FROM assistant_repair.moves AS move WHERE move.undone_at IS NULL) AS later
WHERE  substr(later.run_id, 5)::int > substr(%(run_id)s, 5)::int
AND    later.agent_id COLLATE "C" BETWEEN %(first)s AND %(last)s
GROUP  BY later.agent_id
ORDER  BY later.agent_id

-- free_old_write_backs (supabase): set write-backs NULL that others of the batch had, where a unique index holds them; returns what a trigger stamped
WITH image AS MATERIALIZED (
    SELECT agent.id, image.before->>'langgraph_assistant_id' AS write_back, image.after_hash, /* include: agent_before */
    FROM  (/* include: images_of_batch */) AS image JOIN public.agents AS agent ON agent.id = image.key::uuid
    WHERE  image.place = 'public.agents'
), written AS (
    UPDATE public.agents AS agent
    SET    langgraph_assistant_id = NULL
    FROM   image JOIN image AS other ON other.write_back = image.after_hash AND other.id <> image.id
    WHERE  agent.id = image.id AND /* include: is_unique */
    RETURNING agent.tableoid AS table_id, image.before, to_jsonb(agent.*) AS after
)
SELECT NULL AS agent_id, found.stamped FROM (/* include: stamped */) AS found

-- put_back_write_backs (supabase): restore write-backs; returns the agents whose writes were suppressed, and what a trigger stamped
WITH image AS (
    UPDATE assistant_repair.images AS image
    SET    undone_at = now()
    FROM  (/* include: images_of_batch */) AS mine
    WHERE  image.image_id = mine.image_id AND image.place = 'public.agents'
    RETURNING image.agent_id, image.key, image.before
), written AS (
    UPDATE public.agents AS agent
    SET    langgraph_assistant_id = held.write_back
    FROM  (SELECT agent.id, image.before->>'langgraph_assistant_id' AS write_back, /* include: agent_before */
           FROM   image JOIN public.agents AS agent ON agent.id = image.key::uuid) AS held
    WHERE  agent.id = held.id
    RETURNING agent.id, agent.langgraph_assistant_id IS NOT DISTINCT FROM held.write_back AS is_back, agent.tableoid AS table_id,
              held.before, CASE WHEN held.before IS NOT NULL THEN to_jsonb(agent.*) END AS after
)
SELECT image.agent_id, NULL AS stamped FROM image WHERE image.key::uuid NOT IN (SELECT written.id FROM written WHERE written.is_back)
UNION ALL
SELECT NULL, found.stamped FROM (/* include: stamped */) AS found

-- put_back_references (langgraph; holes: name, table, key, id, column, column_name, expected, rewritten): restore the old ids in one place; returns as put_back_write_backs
WITH move AS (
    UPDATE assistant_repair.moves AS move
    SET    undone_at = now()
    WHERE  move.run_id = %(run_id)s AND move.undone_at IS NULL AND move.place = {name}
    AND    move.new_id COLLATE "C" BETWEEN %(first)s AND %(last)s AND move.new_id <> ALL (%(refused)s)
    RETURNING move.key, move.old_id, move.new_id
), there AS MATERIALIZED (
    SELECT stored.ctid AS row_id, move.old_id, move.new_id, /* include: reference_before */
    FROM   move JOIN ONLY {table} AS stored ON {key} = move.key AND {id} = move.new_id
), written AS (
    UPDATE ONLY {table} AS stored
    SET    {column} = {rewritten}
    FROM   there AS move
    WHERE  stored.ctid = move.row_id
    RETURNING move.row_id, {id} = move.old_id AS is_back, stored.tableoid AS table_id, move.before,
              CASE WHEN move.before IS NOT NULL THEN to_jsonb(stored.*) END AS after
)
SELECT DISTINCT there.new_id AS agent_id, NULL AS stamped
FROM   there LEFT JOIN written ON written.row_id = there.row_id
WHERE  written.is_back IS NOT TRUE
UNION ALL
SELECT NULL, found.stamped FROM (/* include: stamped */) AS found

-- take_away (langgraph): delete rows that the run made or changed; returns the agents whose writes were suppressed
--
-- Undo inserts these rows again: a trigger that stamps updated_at at every update would change an updated row.
WITH image AS MATERIALIZED (
    SELECT image.agent_id, image.key
    FROM  (/* include: images_of_batch */) AS image
    WHERE  image.place = 'langgraph_server.assistants' AND image.after_hash IS NOT NULL
), gone AS (
    DELETE FROM langgraph_server.assistants AS stored USING image WHERE stored.id = image.key
    RETURNING stored.id
)
SELECT DISTINCT image.agent_id, NULL AS stamped FROM image WHERE image.key NOT IN (SELECT gone.id FROM gone)

-- put_back (langgraph; slots: all_columns, restored_columns): insert the before-images of changed or removed rows; returns as put_back_write_backs
WITH image AS (
    UPDATE assistant_repair.images AS image
    SET    undone_at = now()
    FROM  (/* include: images_of_batch */) AS mine
    WHERE  image.image_id = mine.image_id AND image.place = 'langgraph_server.assistants'
    RETURNING image.agent_id, image.key, image.before, image.hash
), wanted (id, /* slot: all_columns */) AS MATERIALIZED (
    SELECT image.key, /* slot: restored_columns */
    FROM   image  -- an image without hash is an earlier version's: its values are JSON, not text
           CROSS JOIN LATERAL jsonb_populate_record(NULL::langgraph_server.assistants,
                                                    CASE WHEN image.hash IS NULL THEN image.before END) AS kept
    WHERE  image.before IS NOT NULL
), back AS (
    INSERT INTO langgraph_server.assistants AS stored (id, /* slot: all_columns */) OVERRIDING SYSTEM VALUE
    SELECT * FROM wanted
    RETURNING stored.id, stored.tableoid AS table_id, CASE WHEN stored.tableoid IN (/* include: stamping_tables */) THEN to_jsonb(stored.*) END AS after
), written AS (
    SELECT back.table_id, to_jsonb(wanted.*) AS before, back.after FROM back JOIN wanted ON wanted.id = back.id WHERE back.after IS NOT NULL
)
SELECT DISTINCT image.agent_id, NULL AS stamped FROM image WHERE image.before IS NOT NULL AND image.key NOT IN (SELECT back.id FROM back)
UNION ALL
SELECT NULL, found.stamped FROM (/* include: stamped */) AS found

-- forget_ids (langgraph): delete the id map of the agents that undo restored
DELETE FROM assistant_repair.id_map
WHERE  run_id = %(run_id)s AND agent_id::text COLLATE "C" BETWEEN %(first)s AND %(last)s AND agent_id::text <> ALL (%(refused)s)

-- mark_undone (either): record a run as undone when nothing of it is left to undo; where all was refused, no undo has begun
UPDATE assistant_repair.runs AS run
SET    undone_at = CASE WHEN NOT found.is_left THEN now() END,
       undoing_since = CASE WHEN found.is_begun OR NOT found.is_left THEN run.undoing_since END
FROM  (SELECT EXISTS (SELECT FROM assistant_repair.images AS image WHERE image.run_id = %(run_id)s AND image.undone_at IS NULL)
              OR EXISTS (SELECT FROM assistant_repair.moves AS move WHERE move.run_id = %(run_id)s AND move.undone_at IS NULL) AS is_left,
              EXISTS (SELECT FROM assistant_repair.images AS image WHERE image.run_id = %(run_id)s AND image.undone_at IS NOT NULL)
              OR EXISTS (SELECT FROM assistant_repair.moves AS move WHERE move.run_id = %(run_id)s AND move.undone_at IS NOT NULL) AS is_begun
      ) AS found
WHERE  run.run_id = %(run_id)s AND run.undone_at IS NULL
