-- sandbox_lock: nobody else makes, clones or drops a database of this sandbox while this session lives
SELECT pg_catalog.pg_advisory_lock(7046029254386353131)

-- sandbox_databases: which databases does this sandbox hold?
SELECT datname FROM pg_catalog.pg_database ORDER BY datname

-- sandbox_create: a database with nothing in it
CREATE DATABASE {database} TEMPLATE template0

-- sandbox_clone: a copy of a template
CREATE DATABASE {database} TEMPLATE {template}

-- sandbox_close: from now on nobody connects to this database, so that it can be copied at any time
ALTER DATABASE {database} WITH ALLOW_CONNECTIONS false

-- sandbox_rename: give a template its name when it is whole
ALTER DATABASE {database} RENAME TO {template}

-- sandbox_drop: remove a database, whoever is connected to it
DROP DATABASE IF EXISTS {database} WITH (FORCE)

-- sandbox_has_extension: can this server create the extension?
SELECT EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = %(extension)s)

-- sandbox_empty: remove every row of every table, and keep the tables
DO $$
DECLARE
    every_table text;
BEGIN
    SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') INTO STRICT every_table
    FROM   pg_catalog.pg_tables
    WHERE  schemaname NOT IN ('pg_catalog', 'information_schema');
    EXECUTE 'TRUNCATE ' || every_table || ' RESTART IDENTITY';
END
$$

-- sandbox_only_supabase: remove what belongs to LangGraph
DROP SCHEMA langgraph_server CASCADE;
DROP TABLE public.checkpoint_blobs, public.checkpoint_migrations, public.checkpoint_writes, public.checkpoints,
           public.store, public.store_migrations

-- sandbox_only_langgraph: remove what belongs to Supabase
DROP TABLE public.agent_mcp_tools, public.agents, public.ai_models, public.chat_sessions, public.global_ai_engines,
           public.mcp_tools, public.organization_members, public.organizations;
DROP SCHEMA auth CASCADE

-- sandbox_analyze: give the planner its statistics, once for all copies
ANALYZE
