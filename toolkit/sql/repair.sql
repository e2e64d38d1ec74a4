-- row_hash (fragment): the hash of an assistant that a plan expects, without metadata.synced_at and updated_at
md5(jsonb_build_array(stored.id, stored.graph_id, stored.config, stored.context,
                      CASE jsonb_typeof(stored.metadata) WHEN 'object' THEN stored.metadata - 'synced_at' ELSE stored.metadata END,
                      stored.name, stored.description, stored.version, extract(epoch FROM stored.created_at))::text)

-- desired_hash (fragment): the hash of an agent's desired content that a plan expects
md5(jsonb_build_array(agent.name, agent.graph_id, agent.config_hash)::text)

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
