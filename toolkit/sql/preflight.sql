-- fingerprint: which database of which cluster is this?
SELECT (SELECT system_identifier FROM pg_catalog.pg_control_system())::text || ':' || database.oid AS fingerprint
FROM   pg_catalog.pg_database AS database
WHERE  database.datname = pg_catalog.current_database()

-- server: who are we, and where?
SELECT current_setting('server_version_num')::int  AS version,
       pg_catalog.pg_is_in_recovery()               AS is_replica,
       current_user::text                           AS role

-- has_journal: did an earlier repair leave its id map, and can we read it?
SELECT COALESCE(pg_catalog.has_table_privilege(to_regclass('assistant_repair.id_map'), 'SELECT'), false) AS has_journal

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
    VALUES ('langgraph_server.assistants', '{id,graph_id,config,context,metadata,name,description,version,created_at,updated_at}'::text[])
)
-- include: unreadable

-- unreadable: of the needed tables and columns, those that are missing, not granted, or hidden by row security
SELECT needed.place, reason.problem
FROM   needed
       CROSS JOIN LATERAL (SELECT to_regclass(needed.place) AS table_id) AS found
       CROSS JOIN LATERAL (
           SELECT 'there is no such table, or its schema is not granted' AS problem
           WHERE  found.table_id IS NULL
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
