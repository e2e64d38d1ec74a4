-- desired_assistants (supabase; fills: desired; slots: tool_sets = every_tool_set): every agent's desired assistant
--
-- Sync, diagnosis and repair read it. It reads both generations of public.agents: a column that does not exist comes
-- from `absent`, since an unqualified name means the nearest relation that has it. (to_jsonb(agent) costs three times
-- as much.) The parameter `organizations`, a uuid[], narrows the scope; null means all.
--   active      the agent is in use, by status and deleted_at
--   in_scope    the agent is active, and of an organization asked for
--   at_startup  the startup sync makes its assistant; if false, that is done on demand
--   problem     why JSON cannot hold the content, or null; the sync refuses such an agent
SELECT agent.id                                       AS agent_id,
       agent.id::text                                 AS assistant_id,
       agent.organization_id,
       COALESCE(agent.name, '')                       AS name,
       COALESCE(NULLIF(agent.graph_id, ''), 'agent')  AS graph_id,
       jsonb_build_object('configurable',
           (CASE WHEN agent.misfit IS NOT NULL THEN '{}'
                 WHEN jsonb_strip_nulls(agent.sampling_params) = agent.sampling_params THEN agent.sampling_params
                 ELSE (SELECT COALESCE(jsonb_object_agg(given.key, given.value), '{}')
                       FROM   jsonb_each(agent.sampling_params) AS given (key, value)
                       WHERE  given.value <> 'null') END  -- a null within a parameter's value stays
            - '{supabase_organization_id,model_name,system_prompt,agent_tools,mcp_config}'::text[])
           || jsonb_strip_nulls(jsonb_build_object(
               'supabase_organization_id', agent.organization_id,
               'model_name', COALESCE(NULLIF(model.runtime_model_name, ''), 'openai:gpt-4o'),
               'system_prompt', agent.system_prompt,
               'temperature', agent.temperature,
               'max_tokens', agent.max_tokens,
               'agent_tools', CASE WHEN agent.assistant_tool_ids <> '{}' THEN NULLIF(ARRAY(
                   SELECT called.id FROM unnest(agent.assistant_tool_ids) AS called (id)
                   WHERE  called.id IS NOT NULL), '{}') END,
               'mcp_config', tools.mcp_config))
       )                                              AS config,
       jsonb_build_object(
           'owner', 'system',
           'supabase_agent_id', agent.id,
           'supabase_organization_id', agent.organization_id)
                                                      AS metadata,
       agent.langgraph_assistant_id                   AS write_back,
       agent.is_active AND agent.deleted_at IS NULL   AS active,
       agent.is_active AND agent.deleted_at IS NULL
           AND (%(organizations)s::uuid[] IS NULL OR agent.organization_id = ANY (%(organizations)s::uuid[]))
                                                      AS in_scope,
       COALESCE(agent.is_global, true)                AS at_startup,
       CASE WHEN agent.temperature IN ('NaN', 'Infinity', '-Infinity')
            THEN 'temperature is ' || agent.temperature || ', which JSON cannot hold'
            ELSE agent.misfit END                     AS problem
FROM  (SELECT NULL::double precision AS temperature, NULL::integer AS max_tokens, '{}'::jsonb AS sampling_params,
              NULL::uuid[] AS assistant_tool_ids, true AS is_global) AS absent
       CROSS JOIN LATERAL (
           SELECT stored.id, stored.organization_id, stored.name, stored.graph_id, stored.engine_id,
                  stored.system_prompt, stored.langgraph_assistant_id,
                  COALESCE(stored.status::text = 'active', false) AS is_active, stored.deleted_at,
                  temperature, max_tokens, COALESCE(NULLIF(sampling_params, 'null'), '{}') AS sampling_params,
                  assistant_tool_ids, is_global,
                  CASE WHEN jsonb_typeof(sampling_params) NOT IN ('object', 'null')
                       THEN 'sampling_params is of type ' || jsonb_typeof(sampling_params) || ', expected an object'
                       WHEN length(sampling_params::text) > 200  -- else it can be neither, and this is quick
                            AND sampling_params @? '$ ? (exists(@.** ? (@ > 1e308 || @ < -1e308)) || exists(@.**{100}))'
                       THEN 'sampling_params holds a number beyond 1e308, or is 100 levels deep: JSON readers fail'
                  END AS misfit
           FROM   public.agents AS stored) AS agent
       LEFT JOIN public.global_ai_engines AS engine ON engine.id = agent.engine_id
       LEFT JOIN public.ai_models AS model ON model.id = engine.language_model_id
       LEFT JOIN (/* slot: tool_sets */) AS tool_set ON tool_set.agent_id = agent.id
       LEFT JOIN (
           SELECT server.tool_ids,
                  jsonb_build_object('servers', jsonb_agg(
                      jsonb_build_object('name', server.name, 'url', server.url, 'auth_required', server.auth_required)
                      ORDER BY server.url COLLATE "C")) AS mcp_config
           FROM  (SELECT used.tool_ids,
                         tool.endpoint_url                                AS url,
                         min(tool.tool_name COLLATE "C")                  AS name,
                         COALESCE(bool_or(tool.auth_required), false)     AS auth_required
                  FROM  (SELECT given.tool_ids, unnest(given.tool_ids) AS tool_id
                         FROM  (SELECT DISTINCT tool_set.tool_ids
                                FROM  (/* slot: tool_sets */) AS tool_set) AS given) AS used
                         JOIN public.mcp_tools AS tool ON tool.id = used.tool_id
                  WHERE  tool.endpoint_url <> '' AND tool.tool_name <> ''
                  GROUP  BY used.tool_ids, tool.endpoint_url) AS server
           GROUP  BY server.tool_ids) AS tools ON tools.tool_ids = tool_set.tool_ids

-- unused_agents (supabase): how many agents are draft, disabled or deleted, and no diagnosis compares
SELECT count(*) AS agents
FROM   public.agents AS agent
WHERE (agent.status::text IS DISTINCT FROM 'active' OR agent.deleted_at IS NOT NULL)
AND   (%(organizations)s::uuid[] IS NULL OR agent.organization_id = ANY (%(organizations)s::uuid[]))

-- every_tool_set (supabase; fills: tool_sets): the tools of every agent that has any
--
-- One value for each agent: mcp_config is built once for all agents with the same tools.
SELECT used.agent_id, array_agg(used.mcp_tool_id ORDER BY used.mcp_tool_id) AS tool_ids
FROM   public.agent_mcp_tools AS used
GROUP  BY used.agent_id

-- comparable_config (fragment): the column `config` in the one shape that is compared
--
-- An older server wrote the same servers in another shape: {name: "server-1", url, tools: [names], auth_required}. The
-- first condition is cheap; to rebuild every config would cost more than the rest of a comparison. Python's
-- `drift.comparable` does the same for a config from a server's answer.
CASE WHEN config @? '$.configurable.mcp_config.servers[*].tools'
      AND jsonb_typeof(config #> '{configurable,mcp_config,servers}') = 'array'
     THEN jsonb_set(config, '{configurable,mcp_config,servers}', (
              SELECT COALESCE(jsonb_agg(
                         CASE WHEN jsonb_typeof(server.entry) = 'object'
                               AND jsonb_typeof(server.entry->'tools') = 'array'
                              THEN (server.entry - 'tools') || jsonb_build_object('name', (
                                       SELECT min(tool.name COLLATE "C")
                                       FROM   jsonb_array_elements_text(server.entry->'tools') AS tool (name)))
                              ELSE server.entry END
                         ORDER BY server.entry->>'url' COLLATE "C", server.entry), '[]')
              FROM jsonb_array_elements(config #> '{configurable,mcp_config,servers}') AS server (entry)))
     ELSE config END
