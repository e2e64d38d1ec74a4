-- fingerprint (either): the database's OID and its cluster's system identifier, which a copy of the data directory keeps, and when the server started
SELECT (SELECT system_identifier FROM pg_catalog.pg_control_system())::text || ':' || database.oid AS fingerprint,
       pg_catalog.pg_postmaster_start_time()::text AS started
FROM   pg_catalog.pg_database AS database
WHERE  database.datname = pg_catalog.current_database()

-- take_lock (either): take an advisory lock of this database until the transaction's end, if it is free
SELECT pg_catalog.pg_try_advisory_xact_lock(%(key)s) AS is_taken

-- server (either): version, role, process and clock of the server
SELECT current_setting('server_version_num')::int  AS version,
       pg_catalog.pg_is_in_recovery()               AS is_replica,
       current_user::text                           AS role,
       pg_catalog.pg_backend_pid()                  AS process,
       extract(epoch FROM clock_timestamp())::float8 AS epoch

-- owner_could_repair (fragment): whether the owner of `schema` may itself change assistants and write-backs in this database
(SELECT bool_and(has_any_column_privilege(schema.nspowner, written.oid, 'UPDATE'))
 FROM   pg_catalog.pg_class AS written JOIN pg_catalog.pg_namespace AS place ON place.oid = written.relnamespace
 WHERE (place.nspname, written.relname) IN (('langgraph_server', 'assistants'), ('public', 'agents')))

-- has_journal (langgraph): whether an earlier repair left an id map that this role can believe
SELECT EXISTS (SELECT
               FROM   pg_catalog.pg_class AS stored
                      JOIN pg_catalog.pg_namespace AS schema ON schema.oid = stored.relnamespace
               WHERE  schema.nspname = 'assistant_repair' AND stored.relname = 'id_map' AND stored.relkind = 'r'
               AND    stored.relowner = schema.nspowner AND (pg_get_userbyid(schema.nspowner) = current_user OR
-- include: owner_could_repair
                      )) AS has_journal

-- is_readable (either): whether a table has these columns, and this role can read all of its rows
SELECT EXISTS (SELECT
               FROM   pg_catalog.pg_class AS stored
                      JOIN pg_catalog.pg_namespace AS schema ON schema.oid = stored.relnamespace
               WHERE  schema.nspname || '.' || stored.relname = %(table)s
               AND    (SELECT count(*) FROM pg_catalog.pg_attribute AS attribute
                       WHERE  attribute.attrelid = stored.oid AND attribute.attname = ANY (%(columns)s)) = cardinality(%(columns)s::text[])
               AND    pg_catalog.has_schema_privilege(schema.oid, 'USAGE')
               AND    pg_catalog.has_table_privilege(stored.oid, 'SELECT')
               AND    NOT pg_catalog.row_security_active(stored.oid)) AS is_readable

-- unreadable_supabase (supabase): needed tables and columns of the Supabase side that this role cannot read
WITH needed (place, columns) AS (
    VALUES ('public.agents', '{id,organization_id,name,status,langgraph_assistant_id,graph_id,engine_id,system_prompt,'
                             'deleted_at}'::text[]),
           ('public.agent_mcp_tools', '{agent_id,mcp_tool_id}'),
           ('public.mcp_tools', '{id,tool_name,endpoint_url,auth_required}'),
           ('public.global_ai_engines', '{id,language_model_id}'),
           ('public.ai_models', '{id,runtime_model_name}'),
           ('public.chat_sessions', '{organization_id,agent_id,thread_id}')
)
-- include: unreadable

-- unreadable_langgraph (langgraph): needed tables and columns of the LangGraph side that this role cannot read
WITH needed (place, columns) AS (
    VALUES ('langgraph_server.assistants', '{id,graph_id,config,context,metadata,name,description,version,created_at,'
                                           'updated_at}'::text[]),
           ('langgraph_server.runs', '{thread_id,assistant_id,metadata}'),
           ('langgraph_server.threads', '{id,metadata}')
)
-- include: unreadable

-- unreadable (fragment): needed tables and columns that are missing, not granted, or hidden by row security
SELECT needed.place, reason.problem
FROM   needed
       -- not to_regclass(), which raises where the schema is not granted
       LEFT JOIN (SELECT stored.oid AS table_id, schema.oid AS schema_id,
                         schema.nspname || '.' || stored.relname AS place
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

-- agents (langgraph; slots: lean_agents): every agent without its prompt, and the id of its assistant
SELECT lean.*, lean.agent_id::text AS assistant_id
FROM  (
-- slot: lean_agents
      ) AS lean

-- agents_in_place (supabase; fills: lean_agents; slots: config_hash = config_read): the compared columns of every agent
SELECT desired.agent_id, desired.organization_id, desired.name, desired.graph_id,
-- slot: config_hash
       AS config_hash,
       desired.write_back, desired.active, desired.in_scope, desired.at_startup, desired.problem
FROM  (
-- include: desired_assistants
      ) AS desired

-- config_read (fragment; fills: config_hash): the hash of the column `config`
jsonb_hash_extended(config, 0)

-- config_unread (fragment; fills: config_hash): 0 instead of the hash, for statements over ids
--
-- To build a config costs more than all the rest.
0::bigint

-- agent_links_in_place (supabase; fills: agent_links): the id, organization and write-back of every agent
SELECT stored.id AS agent_id, stored.organization_id, stored.langgraph_assistant_id AS write_back FROM public.agents AS stored

-- sessions_in_place (supabase; fills: sessions): the agent and the organization with which each conversation was opened
SELECT session.thread_id, session.agent_id, session.organization_id
FROM   public.chat_sessions AS session
WHERE  session.thread_id <> '' AND session.agent_id IS NOT NULL

-- tools_in_place (supabase; fills: tools): the agents that each agent has as its tools
--
-- Only the newer generation of public.agents has them.
SELECT agent.id AS agent_id, tool.id AS tool_id
FROM  (SELECT NULL::uuid[] AS assistant_tool_ids) AS absent
       CROSS JOIN LATERAL (SELECT stored.id, assistant_tool_ids FROM public.agents AS stored) AS agent
       CROSS JOIN LATERAL unnest(agent.assistant_tool_ids) AS tool (id)

-- id_map_of_repairs (langgraph; fills: id_map): the ids that repairs replaced, each with the agent of the last repair
SELECT DISTINCT ON (replaced.old_id) replaced.old_id, replaced.agent_id
FROM   assistant_repair.id_map AS replaced
ORDER  BY replaced.old_id, substr(replaced.run_id, 5)::int DESC

-- id_map_empty (langgraph; fills: id_map): no rows, before the first repair
SELECT NULL::text AS old_id, NULL::uuid AS agent_id WHERE false

-- members_in_place (supabase; fills: memberships): the organizations of each user
SELECT member.user_id::text, member.organization_id FROM public.organization_members AS member

-- members_unknown (supabase; fills: memberships): no rows, where the members cannot be read
SELECT NULL::text AS user_id, NULL::uuid AS organization_id WHERE false

-- rerouted_of_repairs (langgraph; fills: rerouted): the conversations that repairs moved off users' rows
SELECT DISTINCT moved.old_id, moved.thread_id FROM assistant_repair.rerouted AS moved

-- rerouted_empty (langgraph; fills: rerouted): no rows, before the first repair
SELECT NULL::text AS old_id, NULL::text AS thread_id WHERE false

-- crons_in_place (langgraph; fills: crons): every cron and the assistants it names, with its user and the agents that its metadata and that of its runs name
SELECT stored.id, named.id AS assistant_id, stored.thread_id,
       COALESCE(NULLIF(stored.user_id, ''), NULLIF(stored.metadata->>'owner', '')) AS user_id,
       NULLIF(lower(stored.metadata->>'agent_id'), '')                             AS says,
       NULLIF(lower(stored.payload #>> '{metadata,agent_id}'), '')                 AS runs_say
FROM   langgraph_server.crons AS stored
       CROSS JOIN LATERAL (
           SELECT stored.assistant_id AS id
           UNION SELECT stored.payload->>'assistant_id'
           UNION SELECT stored.payload #>> '{config,configurable,assistant_id}') AS named

-- crons_unknown (langgraph; fills: crons): no rows, where there are no crons
SELECT NULL::text AS id, NULL::text AS assistant_id, NULL::text AS thread_id, NULL::text AS user_id, NULL::text AS says,
       NULL::text AS runs_say
WHERE  false
