-- spelled_uuid (fragment): the UUID that the text `spelling` is in any dashes, braces and case, or null
--
-- Two branches of one meaning: the first is quick and is taken a million times. No subquery, so that workers can run it.
CASE WHEN octet_length(spelling) IN (32, 36) AND spelling COLLATE "C" !~ '[^0-9a-f-]' AND octet_length(replace(spelling, '-', '')) = 32
     THEN replace(spelling, '-', '')::uuid
     WHEN length(translate(replace(lower(spelling), 'urn:uuid:', ''), '{}-', '')) = 32
      AND translate(replace(lower(spelling), 'urn:uuid:', ''), '{}-', '') !~ '[^0-9a-f]'
     THEN translate(replace(lower(spelling), 'urn:uuid:', ''), '{}-', '')::uuid END

-- every_assistant (langgraph; fills: considered): all assistants
SELECT stored.* FROM langgraph_server.assistants AS stored

-- assistants_named (fragment; fills: considered): only the assistants in `used`
SELECT stored.* FROM langgraph_server.assistants AS stored WHERE stored.id IN (SELECT used.id FROM used)

-- agent_links_read (fragment; fills: agent_links): the id, organization and write-back of every agent, from `lean_agent`, which the statement has read already
SELECT agent.agent_id, agent.organization_id, agent.write_back FROM lean_agent AS agent

-- lean_rows (fragment; slots: considered = every_assistant, config_hash = config_read): the compared columns of assistants, and the agent that each claims
--
-- clock_timestamp() is volatile, so that the planner reads the JSON once, below every join. Unlike OFFSET 0 it lets
-- workers do the joins.
SELECT stored.id, stored.name AS row_name, stored.graph_id AS row_graph_id, stored.created_at, stored.updated_at,
       stored.metadata->>'owner'                               AS owner,
       stored.metadata->>'supabase_agent_id'                   AS claim,
       claimed.uuid                                            AS claimed_agent,
       stored.metadata->>'supabase_organization_id'            AS claimed_organization,
       -- of users' rows alone: to read the system's JSON for it would not pay
       stored.metadata->>'owner' IS DISTINCT FROM 'system'
           AND stored.config IN ('{}', '{"configurable": {}}') AS is_bare,
       stored.metadata->>'owner' IS DISTINCT FROM 'system'
           AND stored.context = '{}' AND stored.description IS NULL AS has_only_config, /* slot: config_hash */ AS row_hash,
       clock_timestamp()                                       AS read_at
FROM  (/* slot: considered */) AS stored
       CROSS JOIN LATERAL (SELECT
-- include: spelled_uuid
                           AS uuid FROM (SELECT stored.metadata->>'supabase_agent_id' AS spelling) AS text) AS claimed

-- every_row (fragment; fills: suspected): all rows
true

-- bucket (fragment): the bucket of 4,096 that a row is in, by the agent that it claims, else by its id; the same on every server
(hashtextextended(COALESCE(NULLIF(claim, ''), id), 0) & 4095)::int

-- sums_of_agents (supabase; slots: lean_agents, config_hash = config_read): the number of the agents in use and a sum over them, by bucket
SELECT agent.bucket, count(*) AS rows,
       bit_xor(hash_record_extended(ROW(agent.claim, agent.claim, agent.write_back, 'system'::text, agent.organization_id::text,
                                        agent.name::text, agent.graph_id::text, agent.config_hash), 0)) AS sum
FROM  (SELECT *, /* include: bucket */ AS bucket
       FROM  (SELECT agent.*, agent.assistant_id AS claim, NULL::text AS id
              FROM  (/* include: agents */) AS agent) AS agent
       WHERE  agent.active) AS agent
GROUP  BY agent.bucket

-- agents_of_buckets (supabase; slots: lean_agents, config_hash = config_read): the compared columns of the agents in `buckets`, of all where that is null, and of those not in use
--
-- OFFSET 0 lets workers build the configs.
SELECT lean.*
FROM  (/* slot: lean_agents */) AS lean
WHERE  %(buckets)s::int[] IS NULL OR NOT lean.active OR (
           SELECT
-- include: bucket
           FROM  (SELECT lean.agent_id::text AS claim, NULL AS id) AS agent) = ANY (%(buckets)s::int[])
OFFSET 0

-- sums_of_rows (langgraph; slots: considered = every_assistant, config_hash = config_read): the same over the assistants that may matter to an agent; equal where all are pairs in order
SELECT stored.bucket, count(*) AS rows,
       bit_xor(hash_record_extended(ROW(stored.id, stored.claim, stored.id, stored.owner, stored.claimed_organization,
                                        stored.row_name::text, stored.row_graph_id::text, stored.row_hash), 0)) AS sum
FROM  (SELECT *, /* include: bucket */ AS bucket
       FROM  (/* include: lean_rows */) AS stored
       WHERE  stored.owner = 'system' OR stored.is_bare OR stored.claim <> '') AS stored
GROUP  BY stored.bucket

-- spelled_id (fragment): the UUID that an assistant's id is
       CROSS JOIN LATERAL (SELECT
-- include: spelled_uuid
                           AS uuid FROM (SELECT stored.id AS spelling) AS text) AS own

-- none_settled (fragment; fills: settled): no agents, where all are compared
SELECT NULL::uuid AS agent_id WHERE false

-- settled_agents (langgraph; slots: suspected, considered = every_assistant, config_hash = config_unread): the agents of the buckets whose sums are equal, from their assistants
SELECT own.uuid AS agent_id,
       CASE WHEN stored.claimed_organization ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN stored.claimed_organization::uuid END
                                                                       AS organization_id,
       stored.row_name AS name, stored.row_graph_id AS graph_id, NULL::bigint AS config_hash, stored.id AS write_back, true AS active,
       %(organizations)s::uuid[] IS NULL OR stored.claimed_organization = ANY (%(organizations)s::uuid[]::text[]) AS in_scope,
       NULL::boolean AS at_startup, NULL::text AS problem
FROM  (/* include: lean_rows */) AS stored
-- include: spelled_id
WHERE  stored.owner = 'system' AND stored.claim = stored.id AND NOT (/* slot: suspected */)

-- links (fragment; slots: agent_links, id_map): which of the assistants in `considered` is whose; `writer` has the agents whose write-back names another id
--
-- Links, strongest first: 1 the id is the canonical id, 2 it is the same UUID in another spelling, 3 a row of the
-- system names the agent in its metadata, 4 an earlier repair replaced it, 5 the agent's write-back names a row of
-- the system that names no agent, and no other organization: many can set a write-back. Any client can set metadata, so
-- a user's row is linked by its id alone, and never gives content.
--
-- Rows are joined to agents by UUID, which the planner knows to be unique. A write-back is the one link that can name
-- several agents.
agent_link AS NOT MATERIALIZED (/* slot: agent_links */),
id_map AS (
    SELECT replaced.old_id, agent.agent_id
    FROM  (/* slot: id_map */) AS replaced
           JOIN agent_link AS agent ON agent.agent_id = replaced.agent_id
),
written_back AS (
    SELECT named.id, (array_agg(agent.agent_id ORDER BY agent.agent_id))[1] AS agent_id, array_agg(agent.agent_id) AS agent_ids,
           count(*) > 1 AS is_contested
    FROM   considered AS named
           JOIN writer AS agent ON agent.write_back = named.id
           JOIN langgraph_server.assistants AS stored ON stored.id = named.id
    WHERE  COALESCE(named.claim, '') = ''
    AND    agent.organization_id::text = ALL (array_remove(ARRAY[
               lower(named.claimed_organization), lower(stored.config #>> '{configurable,supabase_organization_id}')], NULL))
    GROUP  BY named.id
),
assistant AS MATERIALIZED (
    SELECT stored.*,
           CASE WHEN stored.is_system THEN COALESCE(same.agent_id, stored.named_agent, id_map.agent_id, written_back.agent_id)
                WHEN same.agent_id::text = stored.id THEN same.agent_id END AS agent_id,
           CASE WHEN same.agent_id::text = stored.id THEN 1
                WHEN NOT stored.is_system THEN NULL
                WHEN same.agent_id IS NOT NULL THEN 2
                WHEN stored.named_agent IS NOT NULL THEN 3
                WHEN id_map.agent_id IS NOT NULL THEN 4
                WHEN written_back.agent_id IS NOT NULL THEN 5 END           AS strength,
           COALESCE(stored.is_system AND written_back.is_contested, false)
               AND COALESCE(same.agent_id, stored.named_agent, id_map.agent_id) IS NULL AS is_contested
    FROM   considered AS stored
           LEFT JOIN agent_link AS same ON same.agent_id = stored.spelled_id
           LEFT JOIN id_map ON id_map.old_id = stored.id
           LEFT JOIN written_back ON written_back.id = stored.id
)

-- matching (fragment; slots: agent_links, id_map, lean_agents, config_hash = config_read, suspected = every_row, settled = none_settled): agents and assistants that are not a pair in order, and which assistant is whose; the basis of findings and plan
--
-- Written for a million agents: one parallel hash join, by the UUID that a row claims, reads every config, and the pairs in
-- order leave before anything else is done. Of texts inside JSON the planner has no statistics. PostgreSQL 15 does the join in one process, below it workers read.
-- Most agents that are left have a copy beside a pair in order: of them the copy's own row knows all, and only the others are judged.
odd AS MATERIALIZED (
    SELECT agent.*, stored.*, stored.owner IS NOT DISTINCT FROM 'system' AS is_system,
           own.uuid AS spelled_id, holder.id AS holder_id
    FROM  (SELECT *
           FROM  (/* include: agents */) AS agent
           WHERE  agent.at_startup IS NOT NULL) AS agent  -- settled agents have null
           FULL JOIN (
               SELECT *
               FROM  (/* include: lean_rows */) AS stored
               WHERE
-- slot: suspected
           ) AS stored ON stored.claimed_agent = agent.agent_id
-- include: spelled_id
           LEFT JOIN langgraph_server.assistants AS holder ON holder.id = agent.assistant_id
    WHERE (agent.active AND agent.write_back = agent.assistant_id AND stored.id = agent.assistant_id AND stored.owner = 'system'
           AND stored.row_name = agent.name AND stored.row_graph_id = agent.graph_id AND stored.row_hash = agent.config_hash) IS NOT TRUE
),
writer AS (
    SELECT DISTINCT odd.agent_id, odd.organization_id, odd.write_back FROM odd WHERE odd.write_back <> odd.assistant_id
),
considered AS NOT MATERIALIZED (
    SELECT odd.id, odd.row_name AS name, odd.row_graph_id AS graph_id, odd.row_hash AS config_hash, odd.created_at, odd.updated_at,
           odd.owner, odd.claim, odd.claimed_organization, odd.is_bare, odd.has_only_config,
           odd.is_system, odd.spelled_id, odd.claimed_agent, COALESCE(odd.agent_id, settled.agent_id) AS named_agent,
           odd.agent_id AS joined_agent, odd.organization_id AS joined_organization,
           odd.name AS joined_name, odd.graph_id AS joined_graph_id, odd.config_hash AS joined_hash, odd.in_scope AS joined_in_scope
    FROM   odd
           LEFT JOIN (/* slot: settled */) AS settled ON settled.agent_id = odd.claimed_agent
    WHERE  odd.id IS NOT NULL
), /* include: links */
, contested AS (
    SELECT DISTINCT unnest(written_back.agent_ids) AS agent_id
    FROM   assistant JOIN written_back ON written_back.id = assistant.id
    WHERE  assistant.is_contested
),
startup AS (  -- a startup sync makes several assistants at once, a lazy one makes one when its agent is opened
    SELECT EXISTS (SELECT FROM assistant WHERE assistant.is_system AND assistant.strength IS DISTINCT FROM 1)
           OR EXISTS (SELECT
                      FROM  (SELECT made.created_at - lag(made.created_at) OVER (ORDER BY made.created_at) AS pause
                             FROM   langgraph_server.assistants AS made
                             WHERE  made.metadata->>'owner' = 'system') AS made
                      WHERE  made.pause < interval '10 seconds') AS is_seen
),
judged AS MATERIALIZED (  -- without a row under the canonical id, or with one that is odd
    SELECT DISTINCT ON (odd.agent_id) odd.agent_id, odd.assistant_id, odd.organization_id, odd.name, odd.graph_id,
           odd.config_hash, odd.write_back, odd.active, odd.in_scope, odd.at_startup, odd.problem, odd.holder_id
    FROM   odd
    WHERE  odd.holder_id IS NULL OR odd.write_back IS DISTINCT FROM odd.assistant_id
    OR     odd.agent_id IN (SELECT assistant.agent_id FROM assistant WHERE assistant.strength = 1)
),
meant AS (  -- agents that a row means, though their own pairs are in order, and of which the row knows nothing
   (SELECT assistant.agent_id FROM assistant WHERE assistant.agent_id IS DISTINCT FROM assistant.joined_agent
    UNION SELECT assistant.named_agent FROM assistant WHERE assistant.named_agent IS DISTINCT FROM assistant.joined_agent)
    EXCEPT
    SELECT judged.agent_id FROM judged
),
found AS MATERIALIZED (
    SELECT * FROM judged WHERE judged.agent_id IS NOT NULL
    UNION ALL
    SELECT agent.agent_id, agent.assistant_id, agent.organization_id, agent.name, agent.graph_id,
           NULL, agent.write_back, agent.active, agent.in_scope, agent.at_startup, agent.problem, holder.id
    FROM  (/* include: agents */) AS agent
           LEFT JOIN langgraph_server.assistants AS holder ON holder.id = agent.assistant_id
    WHERE  agent.agent_id = ANY (ARRAY(SELECT meant.agent_id FROM meant))
),
kept AS (
    SELECT * FROM assistant WHERE assistant.strength = 1
    UNION ALL
   (SELECT DISTINCT ON (copy.agent_id) copy.*
    FROM   assistant AS copy
           JOIN found AS agent ON agent.agent_id = copy.agent_id AND agent.holder_id IS NULL
    WHERE  copy.is_system AND copy.strength > 1 AND NOT copy.is_contested
    ORDER  BY copy.agent_id, copy.created_at DESC, copy.updated_at DESC, copy.id)
),
agent AS MATERIALIZED (
    SELECT agent.*,
           CASE WHEN COALESCE(kept.id, agent.holder_id) IS NULL THEN expected.by_startup END AS is_expected,
           COALESCE(kept.id, agent.holder_id)                                AS kept_id,
           kept.strength                                                 AS kept_link,
           kept.is_system                                                AS kept_is_system,
           kept.owner                                                    AS kept_owner,
           kept.claimed_agent                                            AS kept_names,
           kept.created_at                                               AS kept_since,
           COALESCE(kept.graph_id, agent.graph_id)                       AS kept_graph_id,
           COALESCE(kept.config_hash, agent.config_hash)                 AS kept_hash,
           differs.name                                                  AS name_differs,
           differs.graph                                                 AS graph_differs,
           differs.config                                                AS config_differs,
           CASE WHEN NOT agent.in_scope OR (kept.id IS NULL AND agent.holder_id IS NOT NULL) THEN NULL
                WHEN kept.strength = 1 AND NOT kept.is_system AND kept.has_only_config
                     AND NOT differs.graph AND NOT differs.config THEN 'hidden'
                WHEN kept.strength = 1 AND NOT kept.is_system THEN 'conflict'
                WHEN kept.strength = 1 AND kept.claimed_agent <> agent.agent_id THEN 'conflict'
                WHEN contested.agent_id IS NOT NULL THEN 'conflict'
                WHEN kept.strength = 1 THEN NULL
                WHEN kept.id IS NOT NULL THEN 'wrong_id'
                ELSE 'missing' END                                       AS kind,
           -- a row of the system stands under the canonical id, or a step can bring it there
           CASE WHEN kept.strength > 1 OR (kept.id IS NULL AND agent.holder_id IS NOT NULL) THEN true
                WHEN kept.id IS NULL THEN expected.by_startup AND agent.problem IS NULL
                WHEN kept.is_system AND kept.claimed_agent = agent.agent_id THEN true
                ELSE agent.problem IS NULL END                           AS is_mendable
    FROM   found AS agent
           LEFT JOIN kept ON kept.agent_id = agent.agent_id
           LEFT JOIN contested ON contested.agent_id = agent.agent_id
           CROSS JOIN LATERAL (
               SELECT CASE %(startup_sync)s WHEN 'all' THEN true WHEN 'none' THEN false WHEN 'global' THEN agent.at_startup
                      ELSE agent.at_startup AND (SELECT startup.is_seen FROM startup) END AS by_startup
               ) AS expected
           CROSS JOIN LATERAL (
               SELECT kept.name IS DISTINCT FROM agent.name AS name,
                      kept.graph_id <> agent.graph_id       AS graph,
                      kept.config_hash IS NOT NULL AND kept.config_hash <> agent.config_hash
                      -- an older server wrote the same in another shape
                      AND agent.config_hash <> (
                          SELECT jsonb_hash_extended(
-- include: comparable_config
                          , 0) FROM langgraph_server.assistants AS stored WHERE stored.id = kept.id) AS config
               ) AS differs
)
, copy AS NOT MATERIALIZED (  -- the system's further rows of the agents in scope, and which row is kept
    SELECT assistant.id, assistant.strength, assistant.created_at, assistant.graph_id, assistant.config_hash,
           agent.agent_id, agent.organization_id, agent.name, agent.assistant_id, agent.kept_id, agent.kept_graph_id, agent.kept_hash, agent.is_mendable
    FROM   assistant
           JOIN agent ON agent.agent_id = assistant.agent_id AND agent.in_scope
    WHERE  assistant.is_system AND NOT assistant.is_contested AND assistant.id <> agent.kept_id
    UNION ALL
    SELECT assistant.id, assistant.strength, assistant.created_at, assistant.graph_id, assistant.config_hash,
           assistant.agent_id, assistant.joined_organization, assistant.joined_name, assistant.agent_id::text,
           assistant.agent_id::text, assistant.joined_graph_id, assistant.joined_hash, true
    FROM   assistant
           LEFT JOIN agent ON agent.agent_id = assistant.agent_id
    WHERE  assistant.is_system AND NOT assistant.is_contested AND assistant.joined_in_scope AND agent.agent_id IS NULL
)
