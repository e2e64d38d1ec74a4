-- present_in_place: every assistant, lean: whose it is, whom it names, and what the sync compares
SELECT assistant.id                                                  AS assistant_id,
       COALESCE(assistant.metadata->>'owner' = 'system', false)      AS is_system,
       lower(assistant.metadata->>'supabase_agent_id')               AS claimed_agent,
       lower(assistant.metadata->>'supabase_organization_id')        AS claimed_organization,
       assistant.name,
       assistant.graph_id,
       jsonb_hash_extended(
-- include: comparable_config
       , 0)                                                          AS config_hash
FROM   langgraph_server.assistants AS assistant

-- present_copied: every assistant, lean, as copied from the other server
SELECT * FROM pg_temp.sync_present

-- make_present_copy: room for the lean assistants beside the agents, gone with the transaction
CREATE TEMPORARY TABLE sync_present (
    assistant_id text, is_system boolean, claimed_agent text, claimed_organization text, name text, graph_id text,
    config_hash bigint
) ON COMMIT DROP

-- copy_present_out: the lean assistants, out of the LangGraph side; of users' rows only those an agent's id could have
COPY (SELECT * FROM (
-- include: present_in_place
) AS present
WHERE (present.is_system OR length(present.assistant_id) = 36)
AND    present.assistant_id = COALESCE(%(agent_id)s::uuid::text, present.assistant_id)) TO STDOUT (FORMAT binary)

-- copy_present_in: the lean assistants, into the Supabase side
COPY pg_temp.sync_present FROM STDIN (FORMAT binary)

-- sync_decisions: every agent to be synced, and what becomes of its assistant; the one decision, planned or done
--
-- A row that is not the system's is never written, whatever its metadata claims; nor is one of the system's that
-- names another agent. Parameters: on_demand takes agents that startup leaves alone, agent_id or first and last
-- narrow down to one agent or a range.
SELECT decided.*,
       CASE WHEN decided.problem IS NOT NULL THEN 'failed'
            WHEN decided.conflict IS NOT NULL THEN 'conflict'
            WHEN decided.is_new THEN 'created'
            WHEN decided.stored_name IS DISTINCT FROM decided.name
              OR decided.stored_graph_id <> decided.graph_id
              OR decided.claimed_agent IS DISTINCT FROM decided.assistant_id
              OR decided.claimed_organization IS DISTINCT FROM decided.organization_id::text
              OR decided.config_hash <> jsonb_hash_extended(decided.config, 0) THEN 'updated'
            ELSE 'skipped' END AS outcome
FROM  (SELECT desired.*,
              desired.write_back IS DISTINCT FROM desired.assistant_id                      AS is_not_written_back,
              present.assistant_id IS NULL                                                 AS is_new,
              CASE WHEN NOT present.is_system THEN 'a row that is not the system''s has its id'
                   WHEN present.claimed_agent <> desired.assistant_id
                    AND translate(replace(present.claimed_agent, 'urn:uuid:', ''), '{}-', '')
                        <> translate(desired.assistant_id, '-', '')
                   THEN 'the system''s row with its id names agent ' || present.claimed_agent
              END                                                                           AS conflict,
              present.name AS stored_name, present.graph_id AS stored_graph_id,
              present.claimed_agent, present.claimed_organization, present.config_hash
       FROM  (
-- include: desired_assistants
             ) AS desired
             LEFT JOIN (
-- include: present
             ) AS present ON present.assistant_id = desired.assistant_id
       WHERE  desired.in_scope AND (desired.at_startup OR %(on_demand)s)
       AND    desired.agent_id = COALESCE(%(agent_id)s::uuid, desired.agent_id)
       AND    desired.agent_id BETWEEN %(first)s::uuid AND %(last)s::uuid) AS decided

-- sync_outcomes: how many agents the sync creates, updates and skips; refused ones are counted by sync_refusals
SELECT count(*) FILTER (WHERE decision.outcome = 'created') AS created,
       count(*) FILTER (WHERE decision.outcome = 'updated') AS updated
FROM  (
-- include: sync_decisions
      ) AS decision

-- sync_refusals: how many agents there are, whom the sync cannot take and why; reads no content
SELECT count(*)                                                             AS total,
       count(*) FILTER (WHERE decision.is_not_written_back AND decision.problem IS NULL AND decision.conflict IS NULL)
                                                                            AS write_backs,
       COALESCE(jsonb_agg(jsonb_build_object('agent_id', decision.agent_id, 'name', decision.name, 'reason', decision.conflict)
           ORDER BY decision.agent_id) FILTER (WHERE decision.problem IS NULL AND decision.conflict IS NOT NULL), '[]')
                                                                            AS conflicts,
       COALESCE(jsonb_agg(jsonb_build_object('agent_id', decision.agent_id, 'name', decision.name, 'reason', decision.problem)
           ORDER BY decision.agent_id) FILTER (WHERE decision.problem IS NOT NULL), '[]')
                                                                            AS failures
FROM  (
-- include: sync_decisions
      ) AS decision

-- sync_changes: the agents that the sync does something to, or cannot, as many as are shown
SELECT decision.agent_id, decision.name, decision.outcome, decision.is_not_written_back AS writes_back,
       COALESCE(decision.problem, decision.conflict) AS reason
FROM  (
-- include: sync_decisions
      ) AS decision
WHERE  decision.outcome <> 'skipped' OR decision.is_not_written_back
ORDER  BY decision.outcome, decision.agent_id
LIMIT  %(shown)s

-- sync_orphans: how many assistants of the system name an agent that is not in use, whatever the scope
SELECT count(*) AS orphans
FROM  (
-- include: present
      ) AS present
      LEFT JOIN public.agents AS agent ON agent.id::text = COALESCE(present.claimed_agent, present.assistant_id)
WHERE  present.is_system
AND    COALESCE(agent.status <> 'active' OR agent.deleted_at IS NOT NULL, present.claimed_agent IS NOT NULL)

-- assistants_to_write: the rows that the sync writes
SELECT decision.assistant_id, decision.graph_id, decision.config, decision.metadata, decision.name
FROM  (
-- include: sync_decisions
      ) AS decision
WHERE  decision.outcome IN ('created', 'updated')

-- make_incoming: room for the rows to be written, as they come from the other server, gone with the transaction
CREATE TEMPORARY TABLE sync_incoming (assistant_id text, graph_id text, config jsonb, metadata jsonb, name text) ON COMMIT DROP

-- copy_incoming_out: the rows to be written, out of the Supabase side
COPY (
-- include: assistants_to_write
) TO STDOUT

-- copy_incoming_in: the rows to be written, into the LangGraph side
COPY pg_temp.sync_incoming FROM STDIN

-- assistants_incoming: the rows to be written, as they came from the other server
SELECT * FROM pg_temp.sync_incoming

-- now_as_synced_at: this moment, as metadata.synced_at has it
to_jsonb(to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'))

-- write_assistants: insert or update what differs, never a row that is not the system's; count both
--
-- A row that another sync wrote since this one compared is left as it is, and counts as skipped.
WITH written AS (
    INSERT INTO langgraph_server.assistants AS assistant (id, graph_id, config, metadata, name)
    SELECT wanted.assistant_id, wanted.graph_id, wanted.config,
           wanted.metadata || jsonb_build_object('synced_at',
-- include: now_as_synced_at
           ), wanted.name
    FROM  (
-- include: wanted
          ) AS wanted
    ON CONFLICT (id) DO UPDATE
    SET    graph_id = EXCLUDED.graph_id,
           config = EXCLUDED.config,
           metadata = assistant.metadata || EXCLUDED.metadata,
           name = EXCLUDED.name,
           version = assistant.version + 1,
           updated_at = now()
    WHERE  assistant.metadata->>'owner' = 'system'
    AND   ((assistant.graph_id, assistant.name, assistant.config) IS DISTINCT FROM (EXCLUDED.graph_id, EXCLUDED.name, EXCLUDED.config)
           OR NOT assistant.metadata @> EXCLUDED.metadata - 'synced_at')
    RETURNING assistant.version
)
SELECT count(*) FILTER (WHERE written.version = 1) AS created,
       count(*) FILTER (WHERE written.version > 1) AS updated
FROM   written

-- incoming_lost: of the rows that came, those that somebody else's row kept out meanwhile
SELECT wanted.assistant_id AS agent_id, wanted.name, 'a row that is not the system''s has its id' AS reason
FROM   pg_temp.sync_incoming AS wanted
       JOIN langgraph_server.assistants AS assistant ON assistant.id = wanted.assistant_id
WHERE  assistant.metadata->>'owner' IS DISTINCT FROM 'system'
ORDER  BY wanted.assistant_id

-- write_back: name the canonical id in every agent that is synced and does not name it yet
--
-- The CTE keeps the content, which is not needed here, out of the update's plan.
WITH pending AS MATERIALIZED (
    SELECT decision.agent_id
    FROM  (
-- include: sync_decisions
          ) AS decision
    WHERE  decision.is_not_written_back AND decision.problem IS NULL AND decision.conflict IS NULL
)
UPDATE public.agents AS agent
SET    langgraph_assistant_id = agent.id::text
FROM   pending
WHERE  pending.agent_id = agent.id

-- refresh_synced_at: note that a lazy sync looked and found nothing to do
UPDATE langgraph_server.assistants AS assistant
SET    metadata = assistant.metadata || jsonb_build_object('synced_at',
-- include: now_as_synced_at
       )
WHERE  assistant.id = %(assistant_id)s AND assistant.metadata->>'owner' = 'system'

-- last_synced: when the system's row with this id was synced, and what time it is
SELECT assistant.metadata->>'synced_at' AS synced_at, now() AS now
FROM   langgraph_server.assistants AS assistant
WHERE  assistant.id = %(assistant_id)s AND assistant.metadata->>'owner' = 'system'

-- lock_sync: let one sync of this subject at a time compare and write
SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('sync ' || %(subject)s, 0))

-- for_one_row: wait no longer than this for a row that somebody holds
SET LOCAL jit = off;
SET LOCAL lock_timeout = '2s'

-- for_many_rows: the same, and fit for reading every row once, also where the tables were never analyzed
SET LOCAL jit = off;
SET LOCAL lock_timeout = '2s';
SET LOCAL work_mem = '64MB';
SET LOCAL enable_nestloop = off

-- read_only: from here on nothing but temporary tables may be written
SET TRANSACTION READ ONLY

-- middle_agent: how many agents this range of ids holds, and which stands in the middle
SELECT ranked.agents, ranked.id AS agent_id, ranked.name
FROM  (SELECT agent.id, agent.name, count(*) OVER () AS agents, row_number() OVER (ORDER BY agent.id) AS position
       FROM   public.agents AS agent
       WHERE  agent.id BETWEEN %(first)s::uuid AND %(last)s::uuid) AS ranked
WHERE  ranked.position = (ranked.agents + 1) / 2

-- active_agents: the agents in scope, and the assistant each ought to have
SELECT desired.agent_id, desired.organization_id, desired.name, desired.graph_id, desired.config, desired.metadata,
       desired.write_back, desired.at_startup, desired.problem
FROM  (
-- include: desired_assistants
      ) AS desired
WHERE  desired.in_scope AND desired.agent_id = COALESCE(%(agent_id)s::uuid, desired.agent_id)
ORDER  BY desired.agent_id
