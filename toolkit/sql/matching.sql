-- agents_in_place: every agent, lean: what is compared, and no prompt
SELECT desired.agent_id, desired.assistant_id, desired.organization_id, desired.name, desired.graph_id,
       jsonb_hash_extended(
-- include: comparable_config
       , 0) AS config_hash,
       desired.write_back, desired.active, desired.in_scope, desired.at_startup, desired.problem
FROM  (
-- include: desired_assistants
      ) AS desired

-- make_agents_copy: room for the lean agents beside the assistants, gone with the transaction
CREATE TEMPORARY TABLE agents_copy (
    agent_id uuid, assistant_id text, organization_id uuid, name text, graph_id text, config_hash bigint,
    write_back text, active boolean, in_scope boolean, at_startup boolean, problem text
) ON COMMIT DROP

-- copy_agents_out: the lean agents, out of the Supabase side
COPY (
-- include: agents_in_place
) TO STDOUT

-- copy_agents_in: the lean agents, into the LangGraph side
COPY pg_temp.agents_copy FROM STDIN

-- agents_copied: every agent, lean, as copied from the other server
SELECT * FROM pg_temp.agents_copy

-- sessions_in_place: which agent a conversation was opened with
SELECT session.thread_id, session.agent_id
FROM   public.chat_sessions AS session
WHERE  session.thread_id <> '' AND session.agent_id IS NOT NULL

-- make_sessions_copy: room for the sessions beside the assistants, gone with the transaction
CREATE TEMPORARY TABLE sessions_copy (thread_id text, agent_id uuid) ON COMMIT DROP

-- copy_sessions_out: the sessions, out of the Supabase side
COPY (
-- include: sessions_in_place
) TO STDOUT

-- copy_sessions_in: the sessions, into the LangGraph side
COPY pg_temp.sessions_copy FROM STDIN

-- sessions_copied: which agent a conversation was opened with, as copied from the other server
SELECT * FROM pg_temp.sessions_copy

-- id_map_of_repairs: old assistant ids that earlier repairs replaced, each once, as the last one had it
SELECT DISTINCT ON (replaced.old_id) replaced.old_id, replaced.agent_id
FROM   assistant_repair.id_map AS replaced
ORDER  BY replaced.old_id, substr(replaced.run_id, 5)::int DESC

-- id_map_empty: no repair was made yet
SELECT NULL::text AS old_id, NULL::uuid AS agent_id WHERE false

-- matching: agents, assistants, and which assistant is whose; the ground that findings, references and plan stand on
--
-- Links, strongest first: 1 the id is the canonical id, 2 it is the same UUID in another spelling, 3 a row of the
-- system names the agent in its metadata, 4 an earlier repair replaced it, 5 the agent's write-back names a row of
-- the system. metadata can be set by any client, so a user's row is linked by its id alone, and never gives content.
agent AS MATERIALIZED (
-- include: agents
),
id_map AS (
-- include: id_map
),
assistant AS MATERIALIZED (
    SELECT stored.id, stored.graph_id, stored.name, stored.created_at, stored.updated_at,
           COALESCE(stored.metadata->>'owner' = 'system', false)        AS is_system,
           stored.metadata->>'owner'                                    AS owner,
           stored.config IN ('{}', '{"configurable": {}}')              AS is_bare,
           stored.context = '{}' AND stored.description IS NULL         AS has_only_config,
           jsonb_hash_extended(
-- include: comparable_config
           , 0)                                                         AS config_hash,
           spelled.id                                                   AS spelled_id,
           claimed.id                                                   AS claimed_agent,
           stored.metadata->>'supabase_organization_id'                 AS claimed_organization
    FROM   langgraph_server.assistants AS stored
           CROSS JOIN LATERAL (
               SELECT CASE WHEN digits ~ '^[0-9a-f]{32}$' THEN digits::uuid END AS id
               FROM  (SELECT translate(replace(lower(stored.id), 'urn:uuid:', ''), '{}-', '') AS digits) AS text
           ) AS spelled
           CROSS JOIN LATERAL (
               SELECT CASE WHEN digits ~ '^[0-9a-f]{32}$' THEN digits::uuid END AS id
               FROM  (SELECT translate(replace(lower(stored.metadata->>'supabase_agent_id'), 'urn:uuid:', ''), '{}-', '')
                             AS digits) AS text
           ) AS claimed
),
link AS (
    SELECT assistant.id, agent.agent_id, 1 AS strength
    FROM   assistant JOIN agent ON agent.assistant_id = assistant.id
    UNION ALL
    SELECT assistant.id, agent.agent_id, 2
    FROM   assistant JOIN agent ON agent.agent_id = assistant.spelled_id
    WHERE  assistant.is_system
    UNION ALL
    SELECT assistant.id, agent.agent_id, 3
    FROM   assistant JOIN agent ON agent.agent_id = assistant.claimed_agent
    WHERE  assistant.is_system
    UNION ALL
    SELECT assistant.id, agent.agent_id, 4
    FROM   assistant JOIN id_map ON id_map.old_id = assistant.id JOIN agent ON agent.agent_id = id_map.agent_id
    WHERE  assistant.is_system
    UNION ALL
    SELECT assistant.id, agent.agent_id, 5
    FROM   assistant JOIN agent ON agent.write_back = assistant.id
    WHERE  assistant.is_system
),
whose AS MATERIALIZED (
    SELECT DISTINCT ON (link.id)
           link.id, link.agent_id, link.strength,
           count(*) OVER (PARTITION BY link.id, link.strength) > 1 AS is_contested
    FROM   link
    ORDER  BY link.id, link.strength, link.agent_id
),
contested AS (
    SELECT DISTINCT link.agent_id
    FROM   link JOIN whose ON whose.id = link.id AND whose.strength = link.strength
    WHERE  whose.is_contested
),
newest AS (
    SELECT DISTINCT ON (whose.agent_id) whose.agent_id, assistant.id
    FROM   whose JOIN assistant ON assistant.id = whose.id
    WHERE  assistant.is_system AND NOT whose.is_contested
    ORDER  BY whose.agent_id, assistant.created_at DESC, assistant.updated_at DESC, assistant.id
),
state AS MATERIALIZED (
    SELECT agent.*,
           COALESCE(holder.id, newest.id)                                AS kept_id,
           CASE WHEN NOT agent.in_scope THEN NULL
                WHEN holder.id IS NOT NULL AND NOT holder.is_system AND holder.has_only_config
                     AND holder.graph_id = agent.graph_id AND holder.config_hash = agent.config_hash THEN 'hidden'
                WHEN holder.id IS NOT NULL AND NOT holder.is_system THEN 'conflict'
                WHEN holder.id IS NOT NULL AND holder.claimed_agent <> agent.agent_id THEN 'conflict'
                WHEN contested.agent_id IS NOT NULL THEN 'conflict'
                WHEN holder.id IS NOT NULL THEN NULL
                WHEN newest.id IS NOT NULL THEN 'wrong_id'
                ELSE 'missing' END                                       AS kind,
           -- a row of the system stands under the canonical id, or a step can bring it there
           CASE WHEN holder.id IS NULL AND newest.id IS NOT NULL THEN true
                WHEN holder.id IS NULL THEN agent.at_startup AND agent.problem IS NULL
                WHEN holder.is_system AND holder.claimed_agent = agent.agent_id THEN true
                ELSE agent.problem IS NULL END                           AS is_mendable
    FROM   agent
           LEFT JOIN assistant AS holder ON holder.id = agent.assistant_id
           LEFT JOIN newest ON newest.agent_id = agent.agent_id
           LEFT JOIN contested ON contested.agent_id = agent.agent_id
)
