-- present_in_place: every assistant: whose it is, whom it names, and what the sync compares; its content is the config
SELECT assistant.id                                                  AS assistant_id,
       COALESCE(assistant.metadata->>'owner' = 'system', false)      AS is_system,
       lower(assistant.metadata->>'supabase_agent_id')               AS claimed_agent,
       lower(assistant.metadata->>'supabase_organization_id')        AS claimed_organization,
       assistant.name,
       assistant.graph_id,
       assistant.config                                              AS content
FROM   langgraph_server.assistants AS assistant

-- present_copied: every assistant, as copied from the other server; its content is a hash of the config
SELECT * FROM pg_temp.sync_present

-- content_in_place_differs: is the config another than desired, also in the shape that an older server wrote?
--
-- The cheap comparison comes first, of the bytes that are stored (*<>); the other one, which knows that 1.0 is 1, too,
-- is out of the way of the join, since it would decide its plan.
ROW(decided.content)::record *<> ROW(decided.config)::record AND decided.config <> (
    SELECT
-- include: comparable_config
    FROM (SELECT decided.content AS config) AS stored)

-- content_copied_differs: is the config's hash another than the desired one's?
decided.content <> decided.config_hash

-- no_content_differs: there is nothing to compare with
false

-- desired_hashed: the agents to be synced, with the hash of the config that each ought to have
--
-- For the comparison across two servers, where nothing else is left to the workers: a temporary table is not for them.
SELECT desired.*, jsonb_hash_extended(desired.config, 0) AS config_hash
FROM  (
-- include: desired_assistants
      ) AS desired
WHERE
-- include: selected_agents
OFFSET 0

-- make_present_copy: room for the lean assistants beside the agents, gone with the transaction
CREATE TEMPORARY TABLE sync_present (
    assistant_id text, is_system boolean, claimed_agent text, claimed_organization text, name text, graph_id text,
    content bigint
) ON COMMIT DROP

-- copy_present_out: the lean assistants, out of the LangGraph side; of users' rows only those an agent's id could have
COPY (
SELECT present.assistant_id, present.is_system, present.claimed_agent, present.claimed_organization, present.name,
       present.graph_id, jsonb_hash_extended(
-- include: comparable_config
       , 0)
FROM  (SELECT present.*, present.content AS config FROM (
-- include: present_in_place
      ) AS present) AS present
WHERE (present.is_system OR length(present.assistant_id) = 36)
AND    (%(agent_id)s::uuid IS NULL OR present.assistant_id = %(agent_id)s::uuid::text)) TO STDOUT (FORMAT binary)

-- copy_present_in: the lean assistants, into the Supabase side
COPY pg_temp.sync_present FROM STDIN (FORMAT binary)

-- analyze_present_copy: tell the planner how many came, which nobody else does for a temporary table
ANALYZE pg_temp.sync_present (assistant_id)

-- sync_decisions: every agent to be synced, and what becomes of its assistant; the one decision, planned or done
--
-- A row that is not the system's is never written, whatever its metadata claims; nor is one of the system's that
-- names another agent.
SELECT decided.*,
       CASE WHEN decided.problem IS NOT NULL THEN 'failed'
            WHEN decided.conflict IS NOT NULL THEN 'conflict'
            WHEN decided.is_new THEN 'created'
            WHEN decided.stored_name IS DISTINCT FROM decided.name
              OR decided.stored_graph_id <> decided.graph_id
              OR decided.claimed_agent IS DISTINCT FROM decided.assistant_id
              OR decided.claimed_organization IS DISTINCT FROM decided.organization_id::text
              OR
-- include: content_differs
              THEN 'updated'
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
              present.is_system, present.name AS stored_name, present.graph_id AS stored_graph_id,
              present.claimed_agent, present.claimed_organization, present.content
       FROM  (
-- include: desired
             ) AS desired
             LEFT JOIN (
-- include: present
             ) AS present ON present.assistant_id = desired.assistant_id
       WHERE
-- include: selected_agents
      ) AS decided

-- sync_outcomes: how many agents the sync creates, updates, skips, cannot take; and of these how many write-backs are wrong
--
-- Counts the agents that have their row of the system's, too: where that is all of them, there are no orphans to look for.
SELECT decision.outcome, decision.is_not_written_back, count(*) AS agents,
       count(*) FILTER (WHERE decision.is_system
                        AND   COALESCE(decision.claimed_agent, decision.assistant_id) = decision.assistant_id) AS owning
FROM  (
-- include: sync_decisions
      ) AS decision
GROUP  BY decision.outcome, decision.is_not_written_back

-- sync_refusals: whom the sync cannot take, and why; reads no content
SELECT decision.agent_id, decision.name, COALESCE(decision.problem, decision.conflict) AS reason,
       decision.problem IS NULL AS is_conflict
FROM  (
-- include: sync_decisions
      ) AS decision
WHERE  decision.problem IS NOT NULL OR decision.conflict IS NOT NULL
ORDER  BY decision.agent_id

-- sync_changes: the agents that the sync does something to, or cannot, as many as are shown
SELECT decision.agent_id, decision.name, decision.outcome, decision.is_not_written_back AS writes_back,
       COALESCE(decision.problem, decision.conflict) AS reason
FROM  (
-- include: sync_decisions
      ) AS decision
WHERE  decision.outcome <> 'skipped' OR decision.is_not_written_back
ORDER  BY decision.outcome, decision.agent_id
LIMIT  %(shown)s

-- system_assistants: how many assistants are the system's
SELECT count(*) AS assistants
FROM  (
-- include: present
      ) AS present
WHERE  present.is_system

-- sync_orphans: how many assistants of the system belong to an agent that is not in use, whatever the scope
SELECT count(*) AS orphans
FROM  (SELECT present.assistant_id, present.claimed_agent
       FROM  (
-- include: present
             ) AS present
       WHERE  present.is_system
       AND    NOT EXISTS (SELECT FROM public.agents AS agent
                          WHERE  agent.id::text = COALESCE(present.claimed_agent, present.assistant_id)
                          AND    agent.status = 'active' AND agent.deleted_at IS NULL)) AS idle
WHERE  idle.claimed_agent IS NOT NULL
OR     EXISTS (SELECT FROM public.agents AS agent WHERE agent.id::text = idle.assistant_id)

-- assistants_to_write: the rows that the sync writes, of one outcome
SELECT decision.assistant_id AS id, decision.graph_id, decision.config,
       decision.metadata || jsonb_build_object('synced_at',
-- include: now_as_synced_at
       ) AS metadata,
       decision.name
FROM  (
-- include: sync_decisions
      ) AS decision
WHERE  decision.outcome = %(outcome)s

-- now_as_synced_at: this moment, as metadata.synced_at has it; a query of its own, so that it is spelled once, not for every row
(SELECT to_jsonb(to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')))

-- copy_assistants_out: the rows to be written, out of the Supabase side
COPY (
-- include: assistants_to_write
) TO STDOUT

-- create_assistants: insert the new rows
--
-- Without ON CONFLICT, which takes twice as long: where a row came in between, the sync compares again.
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, name)
-- include: assistants_to_write

-- create_assistants_copied: insert the new rows as they come from the other server
COPY langgraph_server.assistants (id, graph_id, config, metadata, name) FROM STDIN

-- make_incoming: room for the changed rows as they come from the other server, gone with the transaction
CREATE TEMPORARY TABLE sync_incoming (id text, graph_id text, config jsonb, metadata jsonb, name text) ON COMMIT DROP

-- copy_incoming_in: the changed rows, into the LangGraph side
COPY pg_temp.sync_incoming FROM STDIN

-- assistants_incoming: the changed rows, as they came from the other server
SELECT * FROM pg_temp.sync_incoming

-- update_assistants: give the system's rows the content they ought to have, unless another sync just did
UPDATE langgraph_server.assistants AS assistant
SET    graph_id = wanted.graph_id,
       config = wanted.config,
       metadata = assistant.metadata || wanted.metadata,
       name = wanted.name,
       version = assistant.version + 1,
       updated_at = now()
FROM  (
-- include: wanted
      ) AS wanted
WHERE  assistant.id = wanted.id
AND    assistant.metadata->>'owner' = 'system'
AND   ((assistant.graph_id, assistant.name, assistant.config) IS DISTINCT FROM (wanted.graph_id, wanted.name, wanted.config)
       OR NOT assistant.metadata @> wanted.metadata - 'synced_at')

-- write_back: name the canonical id in every agent that has its assistant and does not name it yet
--
-- The CTE keeps the content, which is not needed here, out of the update's plan.
WITH pending AS MATERIALIZED (
    SELECT desired.agent_id
    FROM  (
-- include: desired_assistants
          ) AS desired
    WHERE
-- include: selected_agents
    AND    desired.write_back IS DISTINCT FROM desired.assistant_id
    AND    desired.agent_id <> ALL (%(refused)s::uuid[])
)
UPDATE public.agents AS agent
SET    langgraph_assistant_id = agent.id::text
FROM   pending
WHERE  pending.agent_id = agent.id

-- selected_agents: which agents are to be synced; on_demand takes those that startup leaves alone
desired.in_scope AND (desired.at_startup OR %(on_demand)s) AND
-- include: which

-- one_agent: the one named
desired.agent_id = %(agent_id)s::uuid

-- range_of_agents: those from the first to the last
desired.agent_id BETWEEN %(first)s::uuid AND %(last)s::uuid

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
SET LOCAL enable_nestloop = off;
SET LOCAL parallel_tuple_cost = 0

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
       desired.write_back, desired.at_startup, desired.problem,
      (SELECT COALESCE(jsonb_agg(jsonb_build_object(
                  'tool_id', tool.id, 'tool_name', tool.tool_name, 'endpoint_url', tool.endpoint_url,
                  'is_builtin', to_jsonb(tool)->'is_builtin', 'auth_required', tool.auth_required)
                  ORDER BY tool.tool_name COLLATE "C", tool.id), '[]')
       FROM   public.agent_mcp_tools AS used
              JOIN public.mcp_tools AS tool ON tool.id = used.mcp_tool_id
       WHERE  used.agent_id = desired.agent_id)       AS mcp_tools
FROM  (
-- include: desired_assistants
      ) AS desired
WHERE  desired.in_scope AND
-- include: which
ORDER  BY desired.agent_id
