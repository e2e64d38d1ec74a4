-- present_in_place (langgraph; fills: present): the columns of every assistant that the sync compares
--
-- `content` is the config.
SELECT assistant.id                                                  AS assistant_id,
       COALESCE(assistant.metadata->>'owner' = 'system', false)      AS is_system,
       lower(assistant.metadata->>'supabase_agent_id')               AS claimed_agent,
       lower(assistant.metadata->>'supabase_organization_id')        AS claimed_organization,
       assistant.name,
       assistant.graph_id,
       assistant.config                                              AS content
FROM   langgraph_server.assistants AS assistant

-- lean_assistants (langgraph): the assistants that the sync copies to the agents' server
--
-- Of users' rows these are the ones whose id can be an agent's.
SELECT present.assistant_id, present.is_system, present.claimed_agent, present.claimed_organization, present.name,
       present.graph_id, jsonb_hash_extended(/* include: comparable_config */, 0)
FROM  (SELECT present.*, present.content AS config FROM (/* include: present_in_place */) AS present) AS present
WHERE (present.is_system OR length(present.assistant_id) = 36)
AND    (%(agent_id)s::uuid IS NULL OR present.assistant_id = %(agent_id)s::uuid::text)

-- content_in_place_differs (fragment; fills: content_differs): whether the config differs from the desired one
--
-- The cheap comparison of the stored bytes (*<>) comes first. The second one takes 1.0 and 1 for the same number, and
-- every shape that a server writes. In the join it would decide the plan, so it is a subquery.
ROW(decided.content)::record *<> ROW(decided.config)::record AND decided.config <> (
    SELECT /* include: comparable_config */
    FROM  (SELECT decided.content AS config) AS stored)

-- content_copied_differs (fragment; fills: content_differs): whether the hash of the config differs
decided.content <> decided.config_hash

-- no_content_differs (fragment; fills: content_differs): false, since there is no assistant to compare with
false

-- desired_hashed (supabase; fills: desired): the agents to be synced, with the hash of the desired config
--
-- For two servers. OFFSET 0 lets parallel workers hash the configs; they cannot read the temporary table.
SELECT desired.*, jsonb_hash_extended(desired.config, 0) AS config_hash
FROM  (/* include: desired_assistants */) AS desired
WHERE /* include: selected_agents */
OFFSET 0

-- sync_decisions (supabase; slots: desired, present, content_differs, tool_sets = tool_sets_of_sync): the outcome for every agent to be synced
--
-- Plan and sync both read it. The sync never writes a user's row, whatever its metadata claims. It never writes a row
-- of the system that names another agent.
SELECT decided.*,
       CASE WHEN decided.problem IS NOT NULL THEN 'failed'
            WHEN decided.conflict IS NOT NULL THEN 'conflict'
            WHEN decided.is_new THEN 'created'
            WHEN decided.stored_name IS DISTINCT FROM decided.name
              OR decided.stored_graph_id <> decided.graph_id
              OR decided.claimed_agent IS DISTINCT FROM decided.assistant_id
              OR decided.claimed_organization IS DISTINCT FROM decided.organization_id::text
              OR /* slot: content_differs */
              THEN 'updated'
            ELSE 'skipped' END AS outcome
FROM  (SELECT desired.*,
              desired.write_back IS DISTINCT FROM desired.assistant_id                      AS is_not_written_back,
              present.assistant_id IS NULL                                                 AS is_new,
              CASE WHEN NOT present.is_system THEN 'a row that is not the system''s has its id'
                   WHEN present.claimed_agent <> desired.assistant_id AND claimed.id IS DISTINCT FROM desired.agent_id
                   THEN 'the system''s row with its id names agent ' || present.claimed_agent
              END                                                                           AS conflict,
              present.is_system, present.name AS stored_name, present.graph_id AS stored_graph_id,
              present.claimed_agent, present.claimed_organization, present.content
       FROM  (/* slot: desired */) AS desired
             LEFT JOIN (/* slot: present */) AS present ON present.assistant_id = desired.assistant_id
             CROSS JOIN LATERAL (SELECT /* include: spelled_uuid */ AS id
                                 FROM  (SELECT present.claimed_agent AS spelling) AS text) AS claimed
       WHERE /* include: selected_agents */
      ) AS decided

-- sync_outcomes (supabase; slots: desired, present, content_differs): the number of agents by outcome
--
-- `write_backs` counts the wrong write-backs among them. `owning` counts the agents that own their row. OFFSET 0 keeps
-- the outcome from being computed for every count.
SELECT count(*)                                                             AS total,
       count(*) FILTER (WHERE decision.outcome = 'created')                 AS created,
       count(*) FILTER (WHERE decision.outcome = 'updated')                 AS updated,
       count(*) FILTER (WHERE decision.outcome = 'skipped')                 AS skipped,
       count(*) FILTER (WHERE decision.outcome IN ('conflict', 'failed'))   AS failed,
       count(*) FILTER (WHERE decision.is_not_written_back
                        AND   decision.outcome NOT IN ('conflict', 'failed')) AS write_backs,
       count(*) FILTER (WHERE decision.is_system
                        AND   COALESCE(decision.claimed_agent, decision.assistant_id) = decision.assistant_id) AS owning
FROM  (/* include: sync_decisions */ OFFSET 0) AS decision

-- sync_changes (supabase; slots: desired, present, content_differs): agents that the sync changes or refuses
SELECT decision.agent_id, decision.name, decision.outcome, decision.is_not_written_back AS writes_back,
       COALESCE(decision.problem, decision.conflict) AS reason
FROM  (/* include: sync_decisions */) AS decision
WHERE  decision.outcome IN ('conflict', 'failed')
OR     NOT %(refused_alone)s AND (decision.outcome <> 'skipped' OR decision.is_not_written_back)
ORDER  BY decision.outcome, decision.agent_id
LIMIT  %(shown)s

-- sync_orphans (supabase; slots: present): the number of the system's assistants whose agent is not in use
--
-- The first condition ends the search where all of the system's rows are among the `owning` ones.
SELECT count(*) AS orphans
FROM  (SELECT present.assistant_id, present.claimed_agent
       FROM  (/* slot: present */) AS present
       WHERE  %(owning)s <> (SELECT count(*) FROM (/* slot: present */) AS present WHERE present.is_system)
       AND    present.is_system
       AND    NOT EXISTS (SELECT FROM public.agents AS agent
                          WHERE  agent.id::text = COALESCE(present.claimed_agent, present.assistant_id)
                          AND    agent.status::text = 'active' AND agent.deleted_at IS NULL)) AS idle
WHERE  idle.claimed_agent IS NOT NULL
OR     EXISTS (SELECT FROM public.agents AS agent WHERE agent.id::text = idle.assistant_id)

-- assistants_to_write (supabase; fills: wanted; slots: desired, present, content_differs): rows of one outcome
SELECT decision.assistant_id AS id, decision.graph_id, decision.config,
       decision.metadata || jsonb_build_object('synced_at', /* include: now_as_synced_at */) AS metadata,
       decision.name
FROM  (/* include: sync_decisions */) AS decision
WHERE  decision.outcome = %(outcome)s

-- now_as_synced_at (fragment): the time now in the format of metadata.synced_at
--
-- PostgreSQL evaluates a subquery once, and not for every row.
(SELECT to_jsonb(to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')))

-- create_assistants (langgraph; slots: wanted): insert the new rows
--
-- ON CONFLICT would take twice as long. On a conflict the sync compares again.
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, name)
-- slot: wanted

-- create_assistants_copied (langgraph): insert the new rows that come by COPY from the other server
COPY langgraph_server.assistants (id, graph_id, config, metadata, name) FROM STDIN

-- update_assistants (langgraph; slots: wanted): give the system's rows the desired content, unless they have it
UPDATE langgraph_server.assistants AS assistant
SET    graph_id = wanted.graph_id,
       config = wanted.config,
       metadata = assistant.metadata || wanted.metadata,
       name = wanted.name,
       version = assistant.version + 1,
       updated_at = now()
FROM  (/* slot: wanted */) AS wanted
WHERE  assistant.id = wanted.id
AND    assistant.metadata->>'owner' = 'system'
AND   ((assistant.graph_id, assistant.name, assistant.config)
       IS DISTINCT FROM (wanted.graph_id, wanted.name, wanted.config)
       OR NOT assistant.metadata @> wanted.metadata - 'synced_at')

-- write_back (supabase; slots: tool_sets = tool_sets_of_sync): set every wrong write-back of an agent that has its assistant
--
-- The update needs no content; the CTE keeps it out of the plan.
WITH pending AS MATERIALIZED (
    SELECT desired.agent_id
    FROM  (/* include: desired_assistants */) AS desired
    WHERE /* include: selected_agents */
    AND    desired.write_back IS DISTINCT FROM desired.assistant_id
    AND    desired.agent_id <> ALL (%(refused)s::uuid[])
)
UPDATE public.agents AS agent
SET    langgraph_assistant_id = agent.id::text
FROM   pending
WHERE  pending.agent_id = agent.id

-- selected_agents (fragment): the agents to be synced: the one named, or those from the first to the last
--
-- An agent that is named is synced also if startup leaves it out. The client puts the values into the text, so the
-- planner sees only the conditions that count.
desired.in_scope
AND   (desired.at_startup OR %(agent_id)s::uuid IS NOT NULL)
AND   (%(agent_id)s::uuid IS NULL OR desired.agent_id = %(agent_id)s::uuid)
AND    desired.agent_id BETWEEN %(first)s::uuid AND %(last)s::uuid

-- tool_sets_of_sync (supabase; fills: tool_sets): the tools of the agent named, or of every agent
SELECT used.agent_id, array_agg(used.mcp_tool_id ORDER BY used.mcp_tool_id) AS tool_ids
FROM   public.agent_mcp_tools AS used
WHERE  %(agent_id)s::uuid IS NULL OR used.agent_id = %(agent_id)s::uuid
GROUP  BY used.agent_id

-- refresh_synced_at (langgraph): record that a lazy sync found nothing to do, unless another transaction holds the row
UPDATE langgraph_server.assistants AS assistant
SET    metadata = assistant.metadata || jsonb_build_object('synced_at', /* include: now_as_synced_at */)
WHERE  assistant.id = (SELECT free.id FROM langgraph_server.assistants AS free
                       WHERE  free.id = %(assistant_id)s AND free.metadata->>'owner' = 'system'
                       FOR NO KEY UPDATE SKIP LOCKED)

-- last_synced (langgraph): the last sync of the system's row with this id, and the time now
SELECT assistant.metadata->>'synced_at' AS synced_at, now() AS now
FROM   langgraph_server.assistants AS assistant
WHERE  assistant.id = %(assistant_id)s AND assistant.metadata->>'owner' = 'system'

-- middle_agent (supabase): the number of agents in a range of ids, and the agent in the middle
SELECT ranked.agents, ranked.id AS agent_id, ranked.name
FROM  (SELECT agent.id, COALESCE(agent.name, '') AS name, count(*) OVER () AS agents, row_number() OVER (ORDER BY agent.id) AS position
       FROM   public.agents AS agent
       WHERE  agent.id BETWEEN %(first)s::uuid AND %(last)s::uuid) AS ranked
WHERE  ranked.position = (ranked.agents + 1) / 2

-- active_agents (supabase; slots: tool_sets = tool_sets_of_sync): the agents in scope, each with its desired assistant and its tools
SELECT desired.agent_id, desired.organization_id, desired.name, desired.graph_id, desired.config, desired.metadata,
       desired.write_back, desired.at_startup, desired.problem,
      (SELECT COALESCE(jsonb_agg(jsonb_build_object(
                  'tool_id', tool.id, 'tool_name', tool.tool_name, 'endpoint_url', tool.endpoint_url,
                  'is_builtin', to_jsonb(tool)->'is_builtin', 'auth_required', tool.auth_required)
                  ORDER BY tool.tool_name COLLATE "C", tool.id), '[]')
       FROM   public.agent_mcp_tools AS used
              JOIN public.mcp_tools AS tool ON tool.id = used.mcp_tool_id
       WHERE  used.agent_id = desired.agent_id)       AS mcp_tools
FROM  (/* include: desired_assistants */) AS desired
WHERE  desired.in_scope AND (%(agent_id)s::uuid IS NULL OR desired.agent_id = %(agent_id)s::uuid)
ORDER  BY desired.agent_id
