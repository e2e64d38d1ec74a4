-- row_hash (fragment): the hash of an assistant that a plan expects, without metadata.synced_at and updated_at
md5(jsonb_build_array(stored.id, stored.graph_id, stored.config, stored.context,
                      CASE jsonb_typeof(stored.metadata) WHEN 'object' THEN stored.metadata - 'synced_at' ELSE stored.metadata END,
                      stored.name, stored.description, stored.version, extract(epoch FROM stored.created_at))::text)

-- desired_hash (fragment): the hash of an agent's desired content that a plan expects
md5(jsonb_build_array(agent.name, agent.graph_id, agent.config_hash)::text)

-- steps (langgraph; slots: agent_links, id_map, lean_agents): each step that a repair could take, with the kind of its finding
WITH
-- include: matching
, row_hash AS (
    SELECT stored.id, /* include: row_hash */ AS hash
    FROM   langgraph_server.assistants AS stored
    WHERE  stored.id IN (SELECT assistant.id FROM assistant WHERE assistant.agent_id IS NOT NULL OR assistant.claimed_agent IS NOT NULL)
)
SELECT step.kind, step.finding, step.agent_id, step.agent_name, step.assistant_id, step.canonical_id, step.expects
FROM  (
    SELECT 'rekey' AS kind, agent.kind AS finding, agent.agent_id::text, agent.name AS agent_name,
           agent.kept_id AS assistant_id, agent.assistant_id AS canonical_id, row_hash.hash AS expects
    FROM   agent JOIN row_hash ON row_hash.id = agent.kept_id
    WHERE  agent.kind = 'wrong_id' OR (agent.kind = 'conflict' AND agent.kept_id <> agent.assistant_id)
    UNION ALL
    SELECT 'create', agent.kind, agent.agent_id::text, agent.name, NULL, agent.assistant_id, /* include: desired_hash */
    FROM   agent
    WHERE  agent.kind IN ('missing', 'conflict') AND agent.kept_id IS NULL AND agent.is_mendable
    UNION ALL
    SELECT 'adopt', agent.kind, agent.agent_id::text, agent.name, agent.assistant_id, agent.assistant_id,
           row_hash.hash || ' ' || /* include: desired_hash */
    FROM   agent JOIN row_hash ON row_hash.id = agent.assistant_id
    WHERE  agent.kind IN ('hidden', 'conflict') AND agent.problem IS NULL
    UNION ALL
    SELECT 'update', 'drift', agent.agent_id::text, agent.name, kept.id, agent.assistant_id,
           row_hash.hash || ' ' || /* include: desired_hash */
    FROM   agent
           JOIN assistant AS kept ON kept.id = agent.kept_id AND kept.is_system
           JOIN row_hash ON row_hash.id = kept.id
    WHERE  agent.in_scope AND agent.kind IS DISTINCT FROM 'conflict' AND agent.problem IS NULL
    AND   (agent.name_differs OR agent.graph_differs OR agent.config_differs)
    UNION ALL
    SELECT 'write_back', 'not_written_back', agent.agent_id::text, agent.name, NULL, agent.assistant_id, agent.write_back
    FROM   agent
    WHERE  agent.in_scope AND agent.write_back IS DISTINCT FROM agent.assistant_id
    AND    agent.is_mendable
    UNION ALL
    SELECT 'remove', 'duplicate', copy.agent_id::text, copy.name, row_hash.id, copy.assistant_id, row_hash.hash
    FROM   copy JOIN row_hash ON row_hash.id = copy.id
    WHERE  copy.is_mendable
    UNION ALL
    SELECT 'remove', 'orphan', COALESCE(agent.agent_id, assistant.claimed_agent)::text, COALESCE(agent.name, ''), assistant.id, NULL, row_hash.hash
    FROM   assistant
           LEFT JOIN agent ON agent.agent_id = assistant.agent_id AND NOT agent.active
           JOIN row_hash ON row_hash.id = assistant.id
    WHERE  assistant.is_system
    AND   (agent.agent_id IS NOT NULL OR (assistant.agent_id IS NULL AND assistant.claimed_agent IS NOT NULL))
    AND   (%(organizations)s::uuid[] IS NULL
           OR COALESCE(agent.organization_id::text, assistant.claimed_organization) = ANY (%(organizations)s::uuid[]::text[]))
) AS step
ORDER  BY step.agent_id, step.kind, step.assistant_id

-- users_rows (langgraph): of these assistants, those that are not the system's
SELECT stored.id
FROM   langgraph_server.assistants AS stored
WHERE  stored.id = ANY (%(ids)s) AND stored.metadata->>'owner' IS DISTINCT FROM 'system'
ORDER  BY stored.id

-- sizes (either): the bytes that a row of each of these tables takes, with TOAST and indexes, and when WAL was last archived
SELECT jsonb_object_agg(schema.nspname || '.' || stored.relname,
                        CASE WHEN stored.reltuples > 0
                             THEN (pg_catalog.pg_total_relation_size(stored.oid) / stored.reltuples)::bigint
                             ELSE 1000 END) AS row_bytes,
      (SELECT archiver.last_archived_time FROM pg_catalog.pg_stat_archiver AS archiver
       WHERE  current_setting('archive_mode') <> 'off') AS last_archived
FROM   pg_catalog.pg_class AS stored JOIN pg_catalog.pg_namespace AS schema ON schema.oid = stored.relnamespace
WHERE  schema.nspname || '.' || stored.relname = ANY (%(tables)s)
