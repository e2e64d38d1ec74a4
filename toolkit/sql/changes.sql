-- planned_changes (langgraph; slots: told, hits, agent_links, sessions, memberships, rerouted, crons): what is told of the rows that a plan changes
--
-- PostgreSQL evaluates only those parts of a WITH that something reads.
WITH
-- include: conversations_and_evidence
, step AS MATERIALIZED (
    SELECT '' AS run_id, step.agent_id, step.assistant_id, step.agent_id AS canonical_id
    FROM   unnest(%(agent_ids)s::text[], %(assistant_ids)s::text[]) AS step (agent_id, assistant_id)
), /* include: rerouting */
, rerouted AS MATERIALIZED (
    SELECT every.thread_id, every.old_id, every.new_id FROM every
), id_map AS MATERIALIZED (
    SELECT replaced.old_id, replaced.new_id FROM unnest(%(old_ids)s::text[], %(new_ids)s::text[]) AS replaced (old_id, new_id)
), hit AS MATERIALIZED (/* slot: hits */)
-- slot: told

-- journaled_changes (langgraph; slots: told, hits): what is told of the rows that a run moved
WITH hit AS MATERIALIZED (/* slot: hits */)
-- slot: told

-- rows_by_table (fragment; fills: told): how many rows change in each table, in how many conversations, of how many users; last for all
SELECT changed.relation AS "table", count(*)::int AS changed, count(DISTINCT changed.thread_id)::int AS threads,
       count(DISTINCT NULLIF(COALESCE(thread.metadata->>'owner', changed.user_id), ''))::int AS users,
       ARRAY(SELECT DISTINCT hit.old_id FROM hit WHERE NOT hit.moves) AS still_named
FROM  (SELECT hit.relation, hit.row_id, min(hit.thread_id) AS thread_id, min(hit.user_id) AS user_id
       FROM   hit
       WHERE  hit.moves
       GROUP  BY hit.relation, hit.row_id) AS changed
       LEFT JOIN langgraph_server.threads AS thread ON thread.id = changed.thread_id
GROUP  BY GROUPING SETS ((changed.relation), ())
ORDER  BY changed.relation NULLS LAST

-- threads_that_move (fragment; fills: told): the conversations that change, each with its user and both ids
SELECT DISTINCT hit.thread_id AS conversation, COALESCE(thread.metadata->>'owner', hit.user_id) AS "user", hit.old_id, hit.new_id
FROM   hit LEFT JOIN langgraph_server.threads AS thread ON thread.id = hit.thread_id
WHERE  hit.moves AND hit.thread_id IS NOT NULL
ORDER  BY conversation, hit.old_id, hit.new_id, "user"

-- memories_on_users_rows (fragment): the memories on users' rows that no agent out of scope owns, and whether they move
--
-- `is_decided`: one that stays has an agent, which has a memory of this key.
SELECT hit.relation, hit.row_id, bool_or(hit.moves) AS moves, bool_or(hit.new_id IS NOT NULL) AS is_decided,
       min(hit.user_id) AS user_id, min(hit.old_id) AS old_id, min(hit.target->>1) AS key
FROM   hit
GROUP  BY hit.relation, hit.row_id

-- memories_by_table (fragment; fills: told): how many memories stand on users' rows, how many stay there, and whose; last for all
--
-- `taken` are those that stay though they are decided; `entries` counts a memory that is in both tables once.
SELECT memory.relation AS name, count(*)::int AS rows, count(*) FILTER (WHERE NOT memory.moves)::int AS stay,
       count(*) FILTER (WHERE NOT memory.moves AND memory.is_decided)::int AS taken,
       count(DISTINCT (memory.user_id, memory.old_id, memory.key))::int AS entries,
       count(DISTINCT (memory.user_id, memory.old_id, memory.key)) FILTER (WHERE NOT memory.moves)::int AS entries_that_stay,
       count(DISTINCT NULLIF(memory.user_id, '')) FILTER (WHERE NOT memory.moves)::int AS users,
       CASE GROUPING(memory.relation) WHEN 1
            THEN array_agg(DISTINCT memory.user_id) FILTER (WHERE NOT memory.moves AND memory.user_id <> '') END AS user_ids
FROM  (/* include: memories_on_users_rows */) AS memory
GROUP  BY GROUPING SETS ((memory.relation), ())
ORDER  BY memory.relation NULLS LAST

-- memories_by_user (fragment; fills: told): how many memory rows of each user stay on users' rows
SELECT memory.user_id AS "user", count(*)::int AS rows
FROM  (/* include: memories_on_users_rows */) AS memory
WHERE  NOT memory.moves
GROUP  BY memory.user_id
ORDER  BY memory.user_id

-- planned_references (fragment; slots: replaced; holes: relation, table, thread_id, user_id, id, thread, target, target_is_free, newest, column): the rows of one place that name an id which a plan replaces
--
-- `target` is the new key where the id is part of the key: of several rows with one target only the first moves.
SELECT {relation} AS relation, stored.ctid AS row_id, {thread_id} AS thread_id, {user_id} AS user_id, replaced.old_id, replaced.new_id,
       {target} AS target, {target_is_free} AS is_free, {newest} AS newest, stored.{column} AS own
FROM   ONLY {table} AS stored
-- slot: replaced

-- planned_ids (fragment; fills: replaced; holes: id): the old ids that a plan replaces
JOIN id_map AS replaced ON replaced.old_id = {id}

-- planned_conversations (fragment; fills: replaced; holes: id, thread): the conversations that a plan moves off a user's row
JOIN rerouted AS replaced ON replaced.old_id = {id} AND replaced.thread_id = {thread}

-- planned_memories (fragment; fills: replaced; holes: id, thread): the memories on users' rows, with the id that a plan gives them, if any; not those of agents out of scope
JOIN stray ON stray.id = {id}
LEFT JOIN rerouted ON rerouted.old_id = stray.id AND rerouted.thread_id = {thread}
CROSS JOIN LATERAL (SELECT stray.id AS old_id, rerouted.new_id) AS replaced
WHERE NOT EXISTS (SELECT FROM whole JOIN agent_link AS elsewhere ON elsewhere.agent_id::text = whole.agent_id
                  WHERE  whole.assistant_id = stray.id AND 'user ' || whole.user_id = {thread}
                  AND    elsewhere.organization_id <> ALL (%(organizations)s::uuid[]))

-- moved_references (fragment; holes: relation, table, thread_id, user_id, key, name): the rows of one place that a run moved, without those of some agents
SELECT {relation} AS relation, move.key AS row_id, {thread_id} AS thread_id, {user_id} AS user_id, move.old_id, move.new_id, true AS moves
FROM   assistant_repair.moves AS move LEFT JOIN {table} AS stored ON {key} = move.key
WHERE  move.run_id = %(run_id)s AND move.undone_at IS NULL AND move.place = {name} AND move.new_id <> ALL (%(refused)s)

-- images_by_table (either): how many rows of each table a run changed, made and removed, without those of some agents
SELECT image.place AS "table",
       count(*) FILTER (WHERE image.before IS NOT NULL AND (image.after_hash IS NOT NULL OR image.place = 'public.agents'))::int AS changed,
       count(*) FILTER (WHERE image.before IS NULL)::int                                                                         AS made,
       count(*) FILTER (WHERE image.before IS NOT NULL AND image.after_hash IS NULL AND image.place <> 'public.agents')::int     AS removed
FROM   assistant_repair.images AS image
WHERE  image.run_id = %(run_id)s AND image.undone_at IS NULL AND image.agent_id <> ALL (%(refused)s)
GROUP  BY image.place
ORDER  BY image.place
