-- findings (langgraph; slots: agent_links, id_map, lean_agents): every mismatch of agents and rows, under the first kind that fits, by agent; as kind, openness and a line of JSON
--
-- COPY and not SELECT: for the client the rows of a result cost more than their content. JSON escapes the control
-- characters that stand for comma and quote, so that COPY changes no line. Sorting by UUIDs before the rows become
-- JSON takes half the time.
COPY (
WITH
-- include: matching
SELECT finding.kind, finding.is_open, row_to_json(finding)
FROM  (
    SELECT mismatch.*
    FROM  (
        SELECT agent.kind,
               agent.kind <> 'missing' OR agent.is_expected AS is_open,
               agent.agent_id, agent.organization_id, agent.name AS agent_name,
               CASE WHEN agent.kind = 'wrong_id' OR agent.kept_link = 1 THEN agent.kept_id END AS assistant_id,
               jsonb_strip_nulls(jsonb_build_object(
                   'canonical_id', agent.assistant_id,
                   'owner', CASE WHEN agent.kept_link = 1 THEN agent.kept_owner END,
                   'names_agent', CASE WHEN agent.kept_link = 1 AND agent.kept_names <> agent.agent_id THEN agent.kept_names END,
                   'link', CASE agent.kind WHEN 'wrong_id' THEN agent.kept_link END,
                   'since', CASE WHEN agent.kind = 'wrong_id' OR agent.kept_link = 1 THEN agent.kept_since END,
                   'startup_sync', CASE WHEN agent.kind = 'missing' AND agent.at_startup AND NOT agent.is_expected
                                         AND %(startup_sync)s = '' THEN 'not seen' END,
                   'problem', agent.problem))::json AS evidence
        FROM   agent
        WHERE  agent.kind IS NOT NULL
        UNION ALL
        SELECT 'duplicate', true, agent.agent_id, agent.organization_id, agent.name, assistant.id,
               json_build_object(  -- keys in the order jsonb has them; jsonb itself takes twice as long
                   'link', assistant.strength,
                   'since', assistant.created_at,
                   'differs', CASE WHEN assistant.config_hash = agent.kept_hash AND assistant.graph_id = agent.kept_graph_id THEN '[]'
                                   ELSE (
-- include: differing_parts
                                   ) END,
                   'kept_id', agent.kept_id,
                   'canonical_id', agent.assistant_id)
        FROM   assistant
               JOIN agent ON agent.agent_id = assistant.agent_id AND agent.in_scope
        WHERE  assistant.is_system AND assistant.id <> agent.kept_id AND NOT assistant.is_contested
        UNION ALL
        SELECT 'not_written_back', agent.kind IS DISTINCT FROM 'missing' OR agent.is_expected,
               agent.agent_id, agent.organization_id, agent.name, NULL,
               jsonb_build_object('canonical_id', agent.assistant_id, 'write_back', agent.write_back)::json
        FROM   agent
        WHERE  agent.in_scope AND agent.write_back IS DISTINCT FROM agent.assistant_id
        UNION ALL
        SELECT 'drift', false, agent.agent_id, agent.organization_id, agent.name, agent.kept_id,
               jsonb_strip_nulls(jsonb_build_object(
                   'canonical_id', agent.assistant_id,
                   'problem', agent.problem,
                   'columns', to_jsonb(array_remove(ARRAY[
                       CASE WHEN agent.name_differs THEN 'name' END,
                       CASE WHEN agent.graph_differs THEN 'graph_id' END,
                       CASE WHEN agent.config_differs THEN 'config' END], NULL))))::json
        FROM   agent
        WHERE  agent.in_scope AND agent.kind IS DISTINCT FROM 'conflict' AND agent.kept_is_system
        AND   (agent.name_differs OR agent.graph_differs OR agent.config_differs)
        UNION ALL
        SELECT 'orphan', false, unused.agent_id, unused.organization_id, unused.name, assistant.id,
               jsonb_strip_nulls(jsonb_build_object(
                   'names_agent', assistant.claimed_agent,
                   'agent_is', CASE WHEN unused.agent_id IS NULL THEN 'unknown' ELSE 'not in use' END,
                   'since', assistant.created_at))::json
        FROM   assistant
               LEFT JOIN agent AS unused ON unused.agent_id = assistant.agent_id AND NOT unused.active
        WHERE  assistant.is_system
        AND   (unused.agent_id IS NOT NULL OR (assistant.agent_id IS NULL AND assistant.claimed_agent IS NOT NULL))
        AND   (%(organizations)s::uuid[] IS NULL
               OR COALESCE(unused.organization_id::text, assistant.claimed_organization) = ANY (%(organizations)s::uuid[]::text[]))
        UNION ALL
        SELECT 'stray', NULL, agent.agent_id, agent.organization_id, agent.name, assistant.id,
               jsonb_strip_nulls(jsonb_build_object(
                   'owner', assistant.owner,
                   'names_agent', assistant.claimed_agent,
                   'is_empty', assistant.is_bare,
                   'since', assistant.created_at))::json
        FROM   assistant
               LEFT JOIN agent ON agent.agent_id = assistant.claimed_agent
        WHERE  NOT assistant.is_system AND assistant.strength IS NULL
        AND   (assistant.is_bare OR assistant.claimed_agent IS NOT NULL)
        AND   (%(organizations)s::uuid[] IS NULL
               OR COALESCE(agent.organization_id::text, assistant.claimed_organization, '') = ''
               OR COALESCE(agent.organization_id::text, assistant.claimed_organization) = ANY (%(organizations)s::uuid[]::text[]))
    ) AS mismatch
    ORDER  BY mismatch.agent_id NULLS FIRST, mismatch.assistant_id COLLATE "C"
) AS finding
) TO STDOUT (FORMAT csv, DELIMITER E'\x1F', QUOTE E'\x1E')

-- differing_parts (fragment): the names of the parts in which a copy differs from the row that is kept, without their content
SELECT CASE WHEN this.config = other.config AND assistant.graph_id = agent.kept_graph_id THEN '[]'
            ELSE COALESCE(jsonb_agg(part.name ORDER BY part.name) FILTER (WHERE part.name IS NOT NULL), '["config"]') END
FROM  (SELECT
-- include: comparable_config
              AS config FROM langgraph_server.assistants AS stored WHERE stored.id = assistant.id) AS this
       CROSS JOIN
      (SELECT
-- include: comparable_config
              AS config FROM langgraph_server.assistants AS stored WHERE stored.id = agent.kept_id) AS other
       LEFT JOIN LATERAL (
           SELECT 'graph_id' AS name WHERE assistant.graph_id <> agent.kept_graph_id
           UNION ALL
           SELECT COALESCE(mine.key, its.key)
           FROM   jsonb_each(CASE jsonb_typeof(this.config->'configurable') WHEN 'object' THEN this.config->'configurable' ELSE '{}' END) AS mine
                  FULL JOIN
                  jsonb_each(CASE jsonb_typeof(other.config->'configurable') WHEN 'object' THEN other.config->'configurable' ELSE '{}' END) AS its
                  ON its.key = mine.key
           WHERE  mine.value IS DISTINCT FROM its.value) AS part ON true
GROUP  BY this.config, other.config

-- references (langgraph; slots: places, lean_agents, tools, id_map, agent_links = agent_links_read, considered = assistants_named, config_hash = config_unread): the stored ids that are not canonical, with their number and the agent they mean
--
-- Nearly all stored ids are canonical: these are left out first, and only the rest is matched. A word in a namespace,
-- which spells no UUID, is an id only where an assistant has it, or had it before a repair.
WITH lean_agent AS MATERIALIZED (
    SELECT agent.agent_id, agent.assistant_id, agent.organization_id, agent.name, agent.write_back, agent.active, agent.in_scope
    FROM  (
-- include: agents
          ) AS agent
), tool AS (
-- slot: tools
), named AS (
-- slot: places
    UNION ALL
    -- a uuid[] prints with dashes; the assistant's id may have none
    SELECT 'public.agents.assistant_tool_ids', COALESCE(twin.id, tool.tool_id::text), count(*), NULL, false
    FROM   tool
           LEFT JOIN (SELECT text.spelling AS id,
-- include: spelled_uuid
                             AS uuid
                      FROM  (SELECT stored.id AS spelling FROM langgraph_server.assistants AS stored
                             WHERE  stored.metadata->>'owner' = 'system' AND EXISTS (SELECT FROM tool)) AS text) AS twin
             ON twin.uuid = tool.tool_id AND twin.id <> tool.tool_id::text
    GROUP  BY 2
), used AS MATERIALIZED (
    SELECT named.*, spelled.agent_id AS spelled_agent, named.may_be_word AND uuid.spelled IS NULL AS is_word
    FROM   named
           CROSS JOIN LATERAL (SELECT named.id AS spelling) AS text
           CROSS JOIN LATERAL (SELECT
-- include: spelled_uuid
                               AS spelled) AS uuid
           LEFT JOIN lean_agent AS spelled ON spelled.agent_id = uuid.spelled
    WHERE  spelled.assistant_id IS DISTINCT FROM named.id OR NOT spelled.active
),
-- include: matching
SELECT used.place, used.id AS assistant_id, used.rows, used.since,
       assistant.id IS NULL AS is_dangling,
       target.agent_id::text, target.organization_id::text, target.name AS agent_name,
       COALESCE(target.in_scope, %(organizations)s::uuid[] IS NULL) AS in_scope
FROM   used
       LEFT JOIN assistant ON assistant.id = used.id
       LEFT JOIN id_map ON id_map.old_id = used.id
       LEFT JOIN lean_agent AS target ON target.active
                  AND target.agent_id = COALESCE(CASE WHEN NOT assistant.is_contested THEN assistant.agent_id END,
                                                 id_map.agent_id, used.spelled_agent)
WHERE (assistant.id IS NULL AND NOT (used.is_word AND target.agent_id IS NULL))
OR    (assistant.is_system AND assistant.agent_id IS NOT NULL AND NOT assistant.is_contested
       AND used.spelled_agent::text IS DISTINCT FROM used.id)
ORDER  BY target.agent_id NULLS FIRST, used.id COLLATE "C", used.place

-- conversations (langgraph; slots: lean_agents, sessions, config_hash = config_unread): the conversations on users' stray rows and on other agents' assistants, counted by agent, with the first thread
WITH agent AS NOT MATERIALIZED (
-- include: agents
), session AS (
-- slot: sessions
),
-- include: whose_conversations
, assistant AS (
    SELECT text.id, text.is_system, text.is_bare,
-- include: spelled_uuid
           AS claimed_agent
    FROM  (SELECT stored.id, COALESCE(stored.metadata->>'owner' = 'system', false) AS is_system,
                  stored.config IN ('{}', '{"configurable": {}}')                 AS is_bare,
                  stored.metadata->>'supabase_agent_id'                           AS spelling
           FROM   langgraph_server.assistants AS stored) AS text
)
SELECT conversation.assistant_id,
       CASE WHEN assistant.is_system OR wrong.agent_id IS NOT NULL THEN 'misrouted' ELSE 'stray' END AS kind,
       agent.agent_id::text, agent.organization_id::text, agent.name AS agent_name,
       wrong.agent_id::text AS ran_on_agent, count(*) AS conversations,
       min(conversation.thread_id COLLATE "C") AS first_thread
FROM   conversation
       JOIN assistant ON assistant.id = conversation.assistant_id
       LEFT JOIN agent AS wrong ON wrong.assistant_id = conversation.assistant_id
       LEFT JOIN verdict ON verdict.thread_id = conversation.thread_id
       LEFT JOIN agent ON agent.assistant_id = verdict.agent_id
WHERE (NOT assistant.is_system AND wrong.agent_id IS NULL AND (assistant.is_bare OR assistant.claimed_agent IS NOT NULL)
       AND agent.agent_id IS NOT NULL AND agent.in_scope)
OR    (wrong.agent_id <> agent.agent_id AND (agent.in_scope OR wrong.in_scope))
GROUP  BY 1, 2, 3, 4, 5, 6
ORDER  BY 3, 1

-- whose_conversations (fragment): the conversations, and the agent that each thread names
--
-- Reads the CTE `session`. The session names the agent, else the runs' metadata, else the thread's own. A thread that
-- names two agents counts for none.
conversation AS (
    SELECT run.thread_id, run.assistant_id FROM langgraph_server.runs AS run
    UNION
    SELECT thread.id, thread.metadata->>'assistant_id' FROM langgraph_server.threads AS thread
    WHERE  thread.metadata->>'assistant_id' <> ''
), said AS (
    SELECT session.thread_id, session.agent_id::text AS agent_id, 1 AS strength FROM session
    UNION ALL
    SELECT run.thread_id, lower(run.metadata->>'agent_id'), 2 FROM langgraph_server.runs AS run
    WHERE  run.metadata->>'agent_id' <> ''
    UNION ALL
    SELECT thread.id, lower(thread.metadata->>'agent_id'), 3 FROM langgraph_server.threads AS thread
    WHERE  thread.metadata->>'agent_id' <> ''
), verdict AS (
    SELECT said.thread_id, min(said.agent_id) AS agent_id
    FROM   said
           JOIN (SELECT thread_id, min(strength) AS strength FROM said GROUP BY thread_id) AS strongest
             ON strongest.thread_id = said.thread_id AND strongest.strength = said.strength
    GROUP  BY said.thread_id
    HAVING count(DISTINCT said.agent_id) = 1
)

-- totals (langgraph; slots: lean_agents, config_hash = config_unread): the number of agents in scope, and of all assistants
SELECT (SELECT count(*) FROM (
-- include: agents
       ) AS agent WHERE agent.in_scope)                             AS agents,
       (SELECT count(*) FROM langgraph_server.assistants AS stored) AS assistants
