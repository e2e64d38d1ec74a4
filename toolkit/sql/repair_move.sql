-- know_references (langgraph; holes: name, key, table, id): record the rows of one place that name an assistant before the run makes it
INSERT INTO assistant_repair.known (run_id, place, key, agent_id)
SELECT step.run_id, {name}, {key}, step.canonical_id
FROM   {table} AS stored
       JOIN assistant_repair.steps AS step ON step.canonical_id = {id}
WHERE  step.run_id = %(run_id)s AND step.number >= %(first)s AND step.number < %(last)s AND step.kind IN ('rekey', 'create')

-- moving_agents (fragment): the agents whose references a run moves
SELECT DISTINCT step.agent_id AS id
FROM  (/* include: open_steps */) AS step
WHERE  step.kind IN ('rekey', 'remove', 'move') AND step.canonical_id IS NOT NULL

-- leave_unmade (langgraph): leave alone the agents whose assistant was deleted or taken over after the plan
INSERT INTO assistant_repair.left_alone (run_id, agent_id, agent_name, finding, reason, number)
SELECT DISTINCT ON (step.number) step.run_id, step.agent_id, step.agent_name, step.finding,
       'its assistant was deleted or taken over after the plan', step.number
FROM  (/* include: open_steps */) AS step
WHERE  step.kind IN ('rekey', 'remove', 'move', 'reroute') AND step.canonical_id IS NOT NULL
AND    NOT EXISTS (SELECT FROM langgraph_server.assistants AS target
                   WHERE  target.id = step.canonical_id AND target.metadata->>'owner' = 'system')
ORDER  BY step.number, step.kind

-- remember_earlier_ids (langgraph): record the ids that earlier repairs replaced, for the agents whose references move
INSERT INTO assistant_repair.id_map (old_id, run_id, agent_id, new_id)
SELECT DISTINCT ON (map.old_id) map.old_id, %(run_id)s, map.agent_id, map.new_id
FROM   assistant_repair.id_map AS map
       JOIN (/* include: moving_agents */) AS agent ON agent.id = map.agent_id::text
WHERE  map.run_id <> %(run_id)s
ORDER  BY map.old_id, substr(map.run_id, 5)::int DESC
ON CONFLICT DO NOTHING

-- remember_spellings (langgraph; slots: places): record the ids without an assistant that spell an agent's id in another way
INSERT INTO assistant_repair.id_map (old_id, run_id, agent_id, new_id)
SELECT DISTINCT named.id, %(run_id)s, agent.id::uuid, agent.id
FROM  (SELECT text.spelling AS id, /* include: spelled_uuid */ AS agent_id
       FROM  (SELECT place.id AS spelling
              FROM  (/* slot: places */) AS place) AS text) AS named
       JOIN (/* include: moving_agents */) AS agent ON agent.id::uuid = named.agent_id AND agent.id <> named.id
WHERE  NOT EXISTS (SELECT FROM langgraph_server.assistants AS assistant WHERE assistant.id = named.id)
ON CONFLICT DO NOTHING

-- rerouting (fragment; slots: rerouted, crons): everything on users' rows that belongs to the agents of `step`
--
-- A user's memories on such a row move where all of that user's own conversations on it belong to one agent. They get an
-- entry `user <id>`, and crons `cron <id>`, in place of a thread.
stray AS MATERIALIZED (
    SELECT DISTINCT step.assistant_id AS id, stored.metadata->>'owner' AS owner
    FROM   step LEFT JOIN langgraph_server.assistants AS stored ON stored.id = step.assistant_id
), held AS MATERIALIZED (
    SELECT DISTINCT conversation.thread_id, conversation.assistant_id FROM conversation JOIN stray ON stray.id = conversation.assistant_id
), /* include: whose */
, every AS (
    SELECT DISTINCT step.run_id, conversation.thread_id, step.assistant_id AS old_id, step.canonical_id AS new_id, true AS counts
    FROM   step
           JOIN held AS conversation ON conversation.assistant_id = step.assistant_id AND conversation.thread_id <> ''
           JOIN verdict ON verdict.thread_id = conversation.thread_id AND verdict.agent_id = step.agent_id
    WHERE  conversation.thread_id !~ '^(user|cron) '
    UNION ALL
    SELECT step.run_id, 'user ' || whole.user_id, step.assistant_id, step.canonical_id, false
    FROM   step JOIN whole ON whole.assistant_id = step.assistant_id AND whole.agent_id = step.agent_id
    UNION ALL
    SELECT step.run_id, 'cron ' || whose_cron.id, step.assistant_id, step.canonical_id, NOT whose_cron.goes_along
    FROM   step JOIN whose_cron ON whose_cron.assistant_id = step.assistant_id AND whose_cron.agent_id = step.agent_id
)

-- find_conversations (langgraph; slots: agent_links, sessions, memberships, crons, rerouted = rerouted_of_repairs): record what `rerouting` finds for the agents of a run; returns the number of conversations and crons
WITH
-- include: conversations_and_evidence
, step AS MATERIALIZED (
    SELECT step.run_id, step.agent_id, step.assistant_id, step.canonical_id
    FROM  (/* include: open_steps */) AS step
    WHERE  step.kind = 'reroute'
), /* include: rerouting */
, found AS (  -- a run that tries again knows those that it found before
    SELECT every.* FROM every
    WHERE  NOT EXISTS (SELECT FROM assistant_repair.rerouted AS known WHERE known.run_id = every.run_id
                       AND known.old_id = every.old_id AND known.thread_id = every.thread_id)
), made AS (
    INSERT INTO assistant_repair.rerouted (run_id, thread_id, old_id, new_id)
    SELECT found.run_id, found.thread_id, found.old_id, found.new_id FROM found
)
SELECT count(*) FILTER (WHERE found.counts)::int AS conversations FROM found

-- pages (either): the number of pages of a table
SELECT pg_catalog.pg_relation_size(%(table)s::regclass) / current_setting('block_size')::int AS pages

-- reference_before (fragment; holes: column_name, expected): a row with its new reference, where a trigger may change it
CASE WHEN stored.tableoid IN (/* include: stamping_tables */) THEN to_jsonb(stored.*) || jsonb_build_object({column_name}, {expected}) END AS before

-- moving_references (fragment; slots: replaced; holes: table, id, thread, target_is_free, is_newest, column_name, expected): the rows in one part of some pages of a place that name an old id and may move
--
-- A row stays where another row has its new key. Of two rows that would become one, the newer moves. ONLY, since rows of
-- a child table that is made meanwhile have the same ctid.
SELECT stored.ctid AS row_id, replaced.old_id, replaced.new_id, /* include: reference_before */
FROM   ONLY {table} AS stored
-- slot: replaced
WHERE  replaced.run_id = %(run_id)s
AND    stored.ctid >= %(first_row)s::tid AND stored.ctid < %(last_row)s::tid
AND   (%(only)s::text IS NULL OR replaced.new_id = %(only)s)
AND   (%(parts)s = 1 OR mod(hashtid(stored.ctid)::bigint + 2147483648, %(parts)s) = %(part)s)
AND    NOT EXISTS (SELECT FROM assistant_repair.left_alone AS left_alone
                   WHERE  left_alone.run_id = replaced.run_id AND left_alone.agent_id = replaced.new_id)
AND    {target_is_free}
AND    {is_newest}

-- replaced_ids (fragment; fills: replaced; holes: id): the old ids that the run replaces
JOIN assistant_repair.id_map AS replaced ON replaced.old_id = {id}

-- rerouted_conversations (fragment; fills: replaced; holes: id, thread): the conversations on a user's row that belong to an agent
JOIN assistant_repair.rerouted AS replaced ON replaced.old_id = {id} AND replaced.thread_id = {thread}

-- rows_waited_for (fragment; fills: locking): wait for rows that another transaction holds, until lock_timeout

-- rows_passed_over (fragment; fills: locking): skip rows that another transaction holds
FOR UPDATE OF stored SKIP LOCKED

-- move_references (langgraph; slots: replaced, locking; holes: table, column, column_name, expected, name, key, id, thread, rewritten, target_is_free, is_newest): replace old ids by canonical ones on some pages of one place
--
-- `is_altered`: a trigger stored neither the old id nor the new one.
WITH hit AS MATERIALIZED (
-- include: moving_references
-- slot: locking
), written AS (
    UPDATE ONLY {table} AS stored
    SET    {column} = {rewritten}
    FROM   hit
    WHERE  stored.ctid = hit.row_id AND stored.ctid >= %(first_row)s::tid AND stored.ctid < %(last_row)s::tid
    RETURNING {key} AS key, {id} AS id, hit.old_id, hit.new_id, stored.tableoid AS table_id, hit.before,
              CASE WHEN hit.before IS NOT NULL THEN to_jsonb(stored.*) END AS after
), kept AS (
    INSERT INTO assistant_repair.moves (run_id, place, key, old_id, new_id)
    SELECT %(run_id)s, {name}, written.key, written.old_id, written.new_id FROM written WHERE written.id = written.new_id
)
SELECT count(*) FILTER (WHERE written.id = written.new_id)::int AS rows,
       COALESCE(bool_or(COALESCE(written.id, '') NOT IN (written.old_id, written.new_id)), false) AS is_altered, ARRAY(/* include: stamped */) AS stamped
FROM   written

-- references_waiting (langgraph; slots: replaced, locking; holes: table, id, thread, target_is_free, is_newest, column_name, expected): the agents with references in one place that have not moved yet
SELECT DISTINCT waiting.new_id AS agent_id
FROM  (
-- include: moving_references
-- slot: locking
      ) AS waiting
ORDER  BY waiting.new_id
