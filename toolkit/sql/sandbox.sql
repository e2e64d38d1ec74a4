-- sandbox_lock (sandbox): let one process at a time make, clone or drop databases of this sandbox
SELECT pg_catalog.pg_advisory_lock(7046029254386353131)

-- sandbox_databases (sandbox): the databases of this sandbox, and whether each is a complete template
SELECT datname, NOT datallowconn AS is_complete FROM pg_catalog.pg_database ORDER BY datname

-- sandbox_create (sandbox; holes: database, template): a copy of a template's files: a third of the work of its pages
CREATE DATABASE {database} TEMPLATE {template} STRATEGY file_copy

-- sandbox_close (sandbox; holes: database): refuse connections to a complete template, so that it can always be copied
ALTER DATABASE {database} WITH ALLOW_CONNECTIONS false

-- sandbox_drop (sandbox; holes: database): drop a database and end its connections
DROP DATABASE IF EXISTS {database} WITH (FORCE)

-- sandbox_empty (sandbox): delete every row of every table
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

-- sandbox_only_supabase (sandbox): drop the tables that belong to LangGraph
DROP SCHEMA langgraph_server CASCADE;
DROP TABLE public.checkpoint_blobs, public.checkpoint_migrations, public.checkpoint_writes, public.checkpoints,
           public.store, public.store_migrations

-- sandbox_only_langgraph (sandbox): drop the tables that belong to Supabase
DROP TABLE public.agent_mcp_tools, public.agents, public.ai_models, public.chat_sessions, public.global_ai_engines,
           public.mcp_tools, public.organization_members, public.organizations;
DROP SCHEMA auth CASCADE

-- sandbox_analyze (sandbox): analyze all tables, once for all copies
ANALYZE
