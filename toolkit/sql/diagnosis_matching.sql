-- spelled_uuid (fragment): the UUID that the text `spelling` is in any dashes, braces and case, or null
--
-- Two branches of one meaning: the first is quick and is taken a million times. No subquery, so that workers can run it.
CASE WHEN length(spelling) IN (32, 36) AND spelling !~ '[^0-9a-f-]' AND length(replace(spelling, '-', '')) = 32
     THEN replace(spelling, '-', '')::uuid
     WHEN length(translate(replace(lower(spelling), 'urn:uuid:', ''), '{}-', '')) = 32
      AND translate(replace(lower(spelling), 'urn:uuid:', ''), '{}-', '') !~ '[^0-9a-f]'
     THEN translate(replace(lower(spelling), 'urn:uuid:', ''), '{}-', '')::uuid END

-- every_assistant (langgraph; fills: considered): all assistants are matched
SELECT stored.* FROM langgraph_server.assistants AS stored

-- assistants_named (fragment; fills: considered): only the assistants in `used` are matched
SELECT stored.* FROM langgraph_server.assistants AS stored WHERE stored.id IN (SELECT used.id FROM used)

-- agent_links_read (fragment; fills: agent_links): the id, organization and write-back of every agent, from `lean_agent`, which the statement has read already
SELECT agent.agent_id, agent.organization_id, agent.write_back FROM lean_agent AS agent

-- matching (fragment; slots: agent_links, id_map, lean_agents, considered = every_assistant, config_hash = config_read): agents, assistants, and which assistant is whose; the basis of findings, references and plan
--
-- Links, strongest first: 1 the id is the canonical id, 2 it is the same UUID in another spelling, 3 a row of the
-- system names the agent in its metadata, 4 an earlier repair replaced it, 5 the agent's write-back names a row of
-- the system that names no agent, and no other organization: many can set a write-back. Any client can set metadata, so
-- a user's row is linked by its id alone, and never gives content.
--
-- Written for a million agents. To read every row's JSON costs most: that is done once, before the joins, where workers
-- can do it. Rows are joined to agents by UUID, which the planner knows to be unique. A write-back ties a row only where
-- it differs from its agent's own id. That is rare, and it is the one link that can name several agents.
agent_link AS NOT MATERIALIZED (
-- slot: agent_links
),
id_map AS (
    SELECT replaced.old_id, agent.agent_id
    FROM  (
-- slot: id_map
          ) AS replaced
           JOIN agent_link AS agent ON agent.agent_id = replaced.agent_id
),
written_back AS (
    SELECT named.id, (array_agg(agent.agent_id ORDER BY agent.agent_id))[1] AS agent_id, array_agg(agent.agent_id) AS agent_ids,
           count(*) > 1 AS is_contested
    FROM   agent_link AS agent
           JOIN langgraph_server.assistants AS named ON named.id = agent.write_back
    WHERE  agent.write_back <> agent.agent_id::text AND COALESCE(named.metadata->>'supabase_agent_id', '') = ''
    AND    agent.organization_id::text = ALL (array_remove(ARRAY[
               lower(named.metadata->>'supabase_organization_id'),
               lower(named.config #>> '{configurable,supabase_organization_id}')], NULL))
    GROUP  BY named.id
),
assistant AS MATERIALIZED (
    SELECT stored.id, stored.graph_id, stored.name, stored.created_at, stored.updated_at, stored.is_system, stored.owner,
           stored.is_bare, stored.has_only_config, stored.config_hash, stored.claimed_organization, stored.spelled_id, stored.claimed_agent,
           CASE WHEN stored.is_system THEN COALESCE(same.agent_id, claimed.agent_id, id_map.agent_id, written_back.agent_id)
                WHEN same.agent_id::text = stored.id THEN same.agent_id END AS agent_id,
           CASE WHEN same.agent_id::text = stored.id THEN 1
                WHEN NOT stored.is_system THEN NULL
                WHEN same.agent_id IS NOT NULL THEN 2
                WHEN claimed.agent_id IS NOT NULL THEN 3
                WHEN id_map.agent_id IS NOT NULL THEN 4
                WHEN written_back.agent_id IS NOT NULL THEN 5 END           AS strength,
           COALESCE(stored.is_system AND written_back.is_contested, false)
               AND COALESCE(same.agent_id, claimed.agent_id, id_map.agent_id) IS NULL AS is_contested
    FROM  (SELECT assistant.id, assistant.graph_id, assistant.name, assistant.created_at, assistant.updated_at,
                  COALESCE(assistant.metadata->>'owner' = 'system', false)   AS is_system,
                  assistant.metadata->>'owner'                               AS owner,
                  assistant.metadata->>'supabase_organization_id'            AS claimed_organization,
                  -- of users' rows alone: to read the system's JSON for it would not pay
                  assistant.metadata->>'owner' IS DISTINCT FROM 'system'
                      AND assistant.config IN ('{}', '{"configurable": {}}') AS is_bare,
                  assistant.metadata->>'owner' IS DISTINCT FROM 'system'
                      AND assistant.context = '{}' AND assistant.description IS NULL AS has_only_config,
                  own.id                                                     AS spelled_id,
                  claimed.id                                                 AS claimed_agent,
-- slot: config_hash
                                                                             AS config_hash,
                  -- volatile, so that the planner reads the JSON once and not for every use; unlike OFFSET 0, it lets
                  -- workers do the joins
                  clock_timestamp()                                          AS read_at
           FROM  (
-- slot: considered
                 ) AS assistant
                  CROSS JOIN LATERAL (SELECT
-- include: spelled_uuid
                                      AS id FROM (SELECT assistant.id AS spelling) AS text) AS own
                  CROSS JOIN LATERAL (SELECT
-- include: spelled_uuid
                                      AS id FROM (SELECT assistant.metadata->>'supabase_agent_id' AS spelling) AS text) AS claimed
          ) AS stored
           LEFT JOIN agent_link AS same ON same.agent_id = stored.spelled_id
           LEFT JOIN agent_link AS claimed ON claimed.agent_id = stored.claimed_agent AND stored.is_system
           LEFT JOIN id_map ON id_map.old_id = stored.id
           LEFT JOIN written_back ON written_back.id = stored.id
),
whose AS NOT MATERIALIZED (
    SELECT assistant.id, assistant.agent_id, assistant.strength, assistant.is_contested
    FROM   assistant
    WHERE  assistant.agent_id IS NOT NULL
),
contested AS (
    SELECT DISTINCT unnest(written_back.agent_ids) AS agent_id
    FROM   assistant JOIN written_back ON written_back.id = assistant.id
    WHERE  assistant.is_contested
),
kept AS (
    SELECT * FROM assistant WHERE assistant.strength = 1
    UNION ALL
   (SELECT DISTINCT ON (copy.agent_id) copy.*
    FROM   assistant AS copy
    WHERE  copy.is_system AND copy.strength > 1 AND NOT copy.is_contested
    AND    NOT EXISTS (SELECT FROM assistant AS holder WHERE holder.strength = 1 AND holder.agent_id = copy.agent_id)
    ORDER  BY copy.agent_id, copy.created_at DESC, copy.updated_at DESC, copy.id)
),
startup AS (  -- a startup sync makes several assistants at once, a lazy one makes one when its agent is opened
    SELECT EXISTS (SELECT FROM assistant WHERE assistant.is_system AND assistant.strength IS DISTINCT FROM 1)
           OR EXISTS (SELECT
                      FROM  (SELECT made.created_at - lag(made.created_at) OVER (ORDER BY made.created_at) AS pause
                             FROM   assistant AS made
                             WHERE  made.is_system) AS made
                      WHERE  made.pause < interval '10 seconds') AS is_seen
),
agent AS MATERIALIZED (
    SELECT agent.*,
           CASE WHEN kept.id IS NULL THEN expected.by_startup END        AS is_expected,
           kept.id                                                       AS kept_id,
           kept.strength                                                 AS kept_link,
           kept.is_system                                                AS kept_is_system,
           kept.owner                                                    AS kept_owner,
           kept.claimed_agent                                            AS kept_names,
           kept.created_at                                               AS kept_since,
           kept.graph_id                                                 AS kept_graph_id,
           kept.config_hash                                              AS kept_hash,
           differs.name                                                  AS name_differs,
           differs.graph                                                 AS graph_differs,
           differs.config                                                AS config_differs,
           CASE WHEN NOT agent.in_scope THEN NULL
                WHEN kept.strength = 1 AND NOT kept.is_system AND kept.has_only_config
                     AND NOT differs.graph AND NOT differs.config THEN 'hidden'
                WHEN kept.strength = 1 AND NOT kept.is_system THEN 'conflict'
                WHEN kept.strength = 1 AND kept.claimed_agent <> agent.agent_id THEN 'conflict'
                WHEN contested.agent_id IS NOT NULL THEN 'conflict'
                WHEN kept.strength = 1 THEN NULL
                WHEN kept.id IS NOT NULL THEN 'wrong_id'
                ELSE 'missing' END                                       AS kind,
           -- a row of the system stands under the canonical id, or a step can bring it there
           CASE WHEN kept.strength > 1 THEN true
                WHEN kept.id IS NULL THEN expected.by_startup AND agent.problem IS NULL
                WHEN kept.is_system AND kept.claimed_agent = agent.agent_id THEN true
                ELSE agent.problem IS NULL END                           AS is_mendable
    FROM  (
-- include: agents
           OFFSET 0  -- so that workers build the configs
          ) AS agent
           LEFT JOIN kept ON kept.agent_id = agent.agent_id
           LEFT JOIN contested ON contested.agent_id = agent.agent_id
           CROSS JOIN LATERAL (
               SELECT CASE %(startup_sync)s WHEN 'all' THEN true WHEN 'none' THEN false WHEN 'global' THEN agent.at_startup
                      ELSE agent.at_startup AND (SELECT startup.is_seen FROM startup) END AS by_startup
               ) AS expected
           CROSS JOIN LATERAL (
               SELECT kept.name IS DISTINCT FROM agent.name AS name,
                      kept.graph_id <> agent.graph_id       AS graph,
                      kept.config_hash <> agent.config_hash
                      -- an older server wrote the same in another shape
                      AND agent.config_hash <> (
                          SELECT jsonb_hash_extended(
-- include: comparable_config
                          , 0) FROM langgraph_server.assistants AS stored WHERE stored.id = kept.id) AS config
               ) AS differs
)
