-- fingerprint: which database of which cluster is this?
SELECT (SELECT system_identifier FROM pg_catalog.pg_control_system())::text || ':' || database.oid AS fingerprint
FROM   pg_catalog.pg_database AS database
WHERE  database.datname = pg_catalog.current_database()

-- server: who are we, and where?
SELECT current_setting('server_version_num')::int  AS version,
       pg_catalog.pg_is_in_recovery()               AS is_replica,
       current_user::text                           AS role,
       pg_catalog.pg_backend_pid()                  AS process,
       extract(epoch FROM clock_timestamp())::float8 AS epoch

-- has_journal: did an earlier repair leave its id map, and can we read it?
SELECT EXISTS (SELECT
               FROM   pg_catalog.pg_class AS stored
                      JOIN pg_catalog.pg_namespace AS schema ON schema.oid = stored.relnamespace
               WHERE  schema.nspname = 'assistant_repair' AND stored.relname = 'id_map'
               AND    (SELECT count(*) FROM pg_catalog.pg_attribute AS attribute
                       WHERE  attribute.attrelid = stored.oid AND attribute.attname IN ('old_id', 'run_id', 'agent_id', 'new_id')) = 4
               AND    pg_catalog.has_schema_privilege(schema.oid, 'USAGE')
               AND    pg_catalog.has_table_privilege(stored.oid, 'SELECT')) AS has_journal

-- unreadable_supabase: what of the Supabase side this role cannot read, and why
WITH needed (place, columns) AS (
    VALUES ('public.agents', '{id,organization_id,name,status,langgraph_assistant_id,graph_id,engine_id,system_prompt,deleted_at}'::text[]),
           ('public.agent_mcp_tools', '{agent_id,mcp_tool_id}'),
           ('public.mcp_tools', '{id,tool_name,endpoint_url,auth_required}'),
           ('public.global_ai_engines', '{id,language_model_id}'),
           ('public.ai_models', '{id,runtime_model_name}'),
           ('public.chat_sessions', '{agent_id,thread_id}')
)
-- include: unreadable

-- unreadable_langgraph: what of the LangGraph side this role cannot read, and why
WITH needed (place, columns) AS (
    VALUES ('langgraph_server.assistants', '{id,graph_id,config,context,metadata,name,description,version,created_at,updated_at}'::text[]),
           ('langgraph_server.runs', '{thread_id,assistant_id,metadata}'),
           ('langgraph_server.threads', '{id,metadata}')
)
-- include: unreadable

-- unreadable: of the needed tables and columns, those that are missing, not granted, or hidden by row security
SELECT needed.place, reason.problem
FROM   needed
       -- not to_regclass(), which raises where the schema is not granted
       LEFT JOIN (SELECT stored.oid AS table_id, schema.oid AS schema_id, schema.nspname || '.' || stored.relname AS place
                  FROM   pg_catalog.pg_class AS stored
                         JOIN pg_catalog.pg_namespace AS schema ON schema.oid = stored.relnamespace
                  WHERE  stored.relkind IN ('r', 'p', 'v', 'm', 'f')) AS found ON found.place = needed.place
       CROSS JOIN LATERAL (
           SELECT 'there is no such table' AS problem
           WHERE  found.table_id IS NULL
           UNION ALL
           SELECT 'no USAGE on its schema'
           WHERE  NOT pg_catalog.has_schema_privilege(found.schema_id, 'USAGE')
           UNION ALL
           SELECT 'no SELECT on the table'
           WHERE  found.table_id IS NOT NULL AND NOT pg_catalog.has_table_privilege(found.table_id, 'SELECT')
           UNION ALL
           SELECT 'row security hides rows from this role'
           WHERE  found.table_id IS NOT NULL AND pg_catalog.row_security_active(found.table_id)
           UNION ALL
           SELECT 'there is no column ' || missing.name
           FROM   unnest(needed.columns) AS missing (name)
           WHERE  found.table_id IS NOT NULL
           AND    NOT EXISTS (SELECT FROM pg_catalog.pg_attribute AS attribute
                              WHERE  attribute.attrelid = found.table_id AND attribute.attname = missing.name
                              AND    NOT attribute.attisdropped)
       ) AS reason
ORDER  BY needed.place, reason.problem

-- set_off_by_writes: what else happens when a repair writes to these tables
SELECT effect.what, effect.name, tables.place
FROM   unnest(%(tables)s::text[]) AS tables (place)
       CROSS JOIN LATERAL (SELECT to_regclass(tables.place) AS table_id) AS found
       CROSS JOIN LATERAL (
           SELECT 'trigger' AS what, trigger.tgname::text AS name
           FROM   pg_catalog.pg_trigger AS trigger
           WHERE  trigger.tgrelid = found.table_id AND NOT trigger.tgisinternal AND trigger.tgenabled <> 'D'
           UNION ALL
           SELECT 'generated column', attribute.attname::text
           FROM   pg_catalog.pg_attribute AS attribute
           WHERE  attribute.attrelid = found.table_id AND attribute.attgenerated <> '' AND NOT attribute.attisdropped
           UNION ALL
           SELECT 'publication', published.pubname::text
           FROM   pg_catalog.pg_publication_tables AS published
           WHERE  format('%%I.%%I', published.schemaname, published.tablename)::regclass = found.table_id
       ) AS effect
ORDER  BY tables.place, effect.what, effect.name

-- foreign_keys: those that lead to a column, and what they do when its row goes or its value changes; not those of partitions
SELECT constrained.conname AS name, holder_schema.nspname || '.' || holder.relname AS "table",
       ARRAY(SELECT attribute.attname::text
             FROM   unnest(constrained.conkey) WITH ORDINALITY AS key (number, position)
                    JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = holder.oid AND attribute.attnum = key.number
             ORDER  BY key.position) AS columns,
       schema.nspname || '.' || target.relname AS target,
       constrained.confdeltype::text AS on_delete, constrained.confupdtype::text AS on_update
FROM   pg_catalog.pg_namespace AS schema
       JOIN pg_catalog.pg_class AS target ON target.relnamespace = schema.oid AND target.relname = %(table)s
       JOIN pg_catalog.pg_attribute AS aimed ON aimed.attrelid = target.oid AND aimed.attname = %(column)s
       JOIN pg_catalog.pg_constraint AS constrained ON constrained.contype = 'f' AND constrained.confrelid = target.oid
                                                   AND aimed.attnum = ANY (constrained.confkey) AND constrained.conparentid = 0
       JOIN pg_catalog.pg_class AS holder ON holder.oid = constrained.conrelid
       JOIN pg_catalog.pg_namespace AS holder_schema ON holder_schema.oid = holder.relnamespace
WHERE  schema.nspname = %(schema)s
ORDER  BY holder_schema.nspname, holder.relname, constrained.conname

-- unknown_columns: columns named assistant_id in tables that the catalog of places does not know
SELECT schema.nspname || '.' || stored.relname || '.' || attribute.attname AS place
FROM   pg_catalog.pg_attribute AS attribute
       JOIN pg_catalog.pg_class AS stored ON stored.oid = attribute.attrelid AND stored.relkind IN ('r', 'p', 'f', 'm')
       JOIN pg_catalog.pg_namespace AS schema ON schema.oid = stored.relnamespace
WHERE  attribute.attname = 'assistant_id' AND NOT attribute.attisdropped
AND    schema.nspname NOT IN ('pg_catalog', 'information_schema', 'assistant_repair') AND schema.nspname !~ '^pg_(toast|temp)'
AND    schema.nspname || '.' || stored.relname <> ALL (%(known)s)
ORDER  BY place
