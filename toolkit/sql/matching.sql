-- agents_in_place: every agent, lean: what is compared, and no prompt
SELECT desired.agent_id, desired.assistant_id, desired.organization_id, desired.name, desired.graph_id,
-- include: config_hash
       AS config_hash,
       desired.write_back, desired.active, desired.in_scope, desired.at_startup, desired.problem
FROM  (
-- include: desired_assistants
      ) AS desired

-- config_hash: what the column `config` says, in the shape in which two of them are compared
jsonb_hash_extended(
-- include: comparable_config
, 0)

-- config_unread: stands in for `config_hash` where only ids are asked for; building a config costs more than all else
0::bigint

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

-- analyze_agents_copy: let the planner know how many agents there are, and how they look
ANALYZE pg_temp.agents_copy

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

-- analyze_sessions_copy: let the planner know how many sessions there are
ANALYZE pg_temp.sessions_copy

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
--
-- Written for a million agents: each of the big joins is there once, by text as it stands. Only a row that no agent is
-- found for is tried in other spellings, by what costs as much as all of the joins. A write-back ties a row only where
-- it differs from its agent's own id, which is rare, and is the one link that can name several agents.
agent AS MATERIALIZED (
-- include: agents
),
id_map AS (
-- include: id_map
),
written_back AS (
    SELECT agent.write_back AS id, (array_agg(agent.agent_id ORDER BY agent.agent_id))[1] AS agent_id, count(*) > 1 AS is_contested
    FROM   agent
    WHERE  agent.write_back <> agent.assistant_id
    GROUP  BY agent.write_back
),
assistant AS MATERIALIZED (
    SELECT stored.id, stored.graph_id, stored.name, stored.created_at, stored.updated_at,
           stored.is_system, stored.owner,
           stored.config IN ('{}', '{"configurable": {}}')              AS is_bare,
           stored.context = '{}' AND stored.description IS NULL         AS has_only_config,
-- include: config_hash
                                                                        AS config_hash,
           stored.spelled_id,
           stored.claimed_agent,
           stored.metadata->>'supabase_organization_id'                 AS claimed_organization,
           COALESCE(stored.named_agent, spelled.agent_id, claimed.agent_id, mapped.agent_id, written_back.agent_id) AS agent_id,
           CASE WHEN stored.named_agent IS NOT NULL THEN 1
                WHEN spelled.agent_id IS NOT NULL THEN 2
                WHEN claimed.agent_id IS NOT NULL THEN 3
                WHEN mapped.agent_id IS NOT NULL THEN 4
                WHEN written_back.agent_id IS NOT NULL THEN 5 END       AS strength,
           COALESCE(written_back.is_contested, false)
           AND COALESCE(stored.named_agent, spelled.agent_id, claimed.agent_id, mapped.agent_id) IS NULL AS is_contested
    FROM  (SELECT assistant.id, assistant.graph_id, assistant.name, assistant.created_at, assistant.updated_at,
                  assistant.config, assistant.context, assistant.description, assistant.metadata,
                  COALESCE(assistant.metadata->>'owner' = 'system', false) AS is_system,
                  assistant.metadata->>'owner'                             AS owner,
                  named.agent_id                                           AS named_agent,
                  CASE WHEN named.agent_id IS NOT NULL THEN named.agent_id
                       WHEN length(assistant.id) = 32 AND assistant.id !~ '[^0-9a-f]' THEN assistant.id::uuid
                       ELSE (
                           SELECT CASE WHEN length(text.digits) = 32 AND text.digits !~ '[^0-9a-f]' THEN text.digits::uuid END
                           FROM  (SELECT translate(replace(lower(assistant.id), 'urn:uuid:', ''), '{}-', '') AS digits) AS text)
                       END                                                 AS spelled_id,
                  CASE WHEN meant.agent_id IS NULL THEN (
                           SELECT CASE WHEN length(text.digits) = 32 AND text.digits !~ '[^0-9a-f]' THEN text.digits::uuid END
                           FROM  (SELECT translate(replace(lower(assistant.metadata->>'supabase_agent_id'), 'urn:uuid:', ''),
                                                   '{}-', '') AS digits) AS text)
                       ELSE meant.agent_id END                             AS claimed_agent
           FROM   langgraph_server.assistants AS assistant
                  LEFT JOIN agent AS named ON named.assistant_id = assistant.id
                  LEFT JOIN agent AS meant ON meant.assistant_id = assistant.metadata->>'supabase_agent_id'
           OFFSET 0  -- so that the other spellings are worked out once a row, not once a use
          ) AS stored
           LEFT JOIN agent AS spelled ON spelled.agent_id = stored.spelled_id AND stored.is_system
           LEFT JOIN agent AS claimed ON claimed.agent_id = stored.claimed_agent AND stored.is_system
           LEFT JOIN id_map ON id_map.old_id = stored.id AND stored.is_system
           LEFT JOIN agent AS mapped ON mapped.agent_id = id_map.agent_id
           LEFT JOIN written_back ON written_back.id = stored.id AND stored.is_system
),
whose AS NOT MATERIALIZED (
    SELECT assistant.id, assistant.agent_id, assistant.strength, assistant.is_contested
    FROM   assistant
    WHERE  assistant.agent_id IS NOT NULL
),
contested AS (
    SELECT agent.agent_id
    FROM   assistant JOIN agent ON agent.write_back = assistant.id
    WHERE  assistant.is_contested
),
newest AS (
    SELECT DISTINCT ON (copy.agent_id) copy.*
    FROM   assistant AS copy
    WHERE  copy.is_system AND copy.agent_id IS NOT NULL AND NOT copy.is_contested
    AND    NOT EXISTS (SELECT FROM assistant AS holder WHERE holder.agent_id = copy.agent_id AND holder.strength = 1)
    ORDER  BY copy.agent_id, copy.created_at DESC, copy.updated_at DESC, copy.id
),
kept AS (
    SELECT * FROM assistant WHERE assistant.strength = 1
    UNION ALL
    SELECT * FROM newest
),
state AS MATERIALIZED (
    SELECT agent.*,
           kept.id                                                       AS kept_id,
           kept.strength                                                 AS kept_link,
           kept.is_system                                                AS kept_is_system,
           kept.owner                                                    AS kept_owner,
           kept.claimed_agent                                            AS kept_names,
           kept.created_at                                               AS kept_since,
           kept.name                                                     AS kept_name,
           kept.graph_id                                                 AS kept_graph_id,
           kept.config_hash                                              AS kept_hash,
           CASE WHEN NOT agent.in_scope THEN NULL
                WHEN kept.strength = 1 AND NOT kept.is_system AND kept.has_only_config
                     AND kept.graph_id = agent.graph_id AND kept.config_hash = agent.config_hash THEN 'hidden'
                WHEN kept.strength = 1 AND NOT kept.is_system THEN 'conflict'
                WHEN kept.strength = 1 AND kept.claimed_agent <> agent.agent_id THEN 'conflict'
                WHEN contested.agent_id IS NOT NULL THEN 'conflict'
                WHEN kept.strength = 1 THEN NULL
                WHEN kept.id IS NOT NULL THEN 'wrong_id'
                ELSE 'missing' END                                       AS kind,
           -- a row of the system stands under the canonical id, or a step can bring it there
           CASE WHEN kept.strength > 1 THEN true
                WHEN kept.id IS NULL THEN agent.at_startup AND agent.problem IS NULL
                WHEN kept.is_system AND kept.claimed_agent = agent.agent_id THEN true
                ELSE agent.problem IS NULL END                           AS is_mendable
    FROM   agent
           LEFT JOIN kept ON kept.agent_id = agent.agent_id
           LEFT JOIN contested ON contested.agent_id = agent.agent_id
)
