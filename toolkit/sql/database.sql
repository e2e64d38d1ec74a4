-- fingerprint (either): the database's OID and its cluster's system identifier, which a copy of the data directory keeps, and when the server started
SELECT (SELECT system_identifier FROM pg_catalog.pg_control_system())::text || ':' || database.oid AS fingerprint,
       pg_catalog.pg_postmaster_start_time()::text AS started
FROM   pg_catalog.pg_database AS database
WHERE  database.datname = pg_catalog.current_database()

-- lock_subject (either): let one transaction at a time work on a subject, such as `langgraph_server setup`
SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(%(subject)s::text, 0))

-- take_lock (either): take an advisory lock of this database until the transaction's end, if it is free
SELECT pg_catalog.pg_try_advisory_xact_lock(%(key)s) AS is_taken

-- server (either): version, role, process and clock of the server
SELECT current_setting('server_version_num')::int  AS version,
       pg_catalog.pg_is_in_recovery()               AS is_replica,
       current_user::text                           AS role,
       pg_catalog.pg_backend_pid()                  AS process,
       extract(epoch FROM clock_timestamp())::float8 AS epoch

-- agents (langgraph; slots: lean_agents): every agent without its prompt, and the id of its assistant
SELECT lean.*, lean.agent_id::text AS assistant_id
FROM  (/* slot: lean_agents */) AS lean

-- agents_in_place (supabase; fills: lean_agents; slots: config_hash = config_read): the compared columns of every agent
SELECT desired.agent_id, desired.organization_id, desired.name, desired.graph_id, /* slot: config_hash */ AS config_hash,
       desired.write_back, desired.active, desired.in_scope, desired.at_startup, desired.problem
FROM  (/* include: desired_assistants */) AS desired

-- config_read (fragment; fills: config_hash): the hash of the column `config`
jsonb_hash_extended(config, 0)

-- config_unread (fragment; fills: config_hash): 0 instead of the hash, for statements over ids
--
-- To build a config costs more than all the rest.
0::bigint

-- agent_links_in_place (supabase; fills: agent_links): the id, organization and write-back of every agent
SELECT stored.id AS agent_id, stored.organization_id, stored.langgraph_assistant_id AS write_back FROM public.agents AS stored

-- sessions_in_place (supabase; fills: sessions): the agent and the organization with which each conversation was opened
SELECT session.thread_id::text, session.agent_id, session.organization_id
FROM   public.chat_sessions AS session
WHERE  session.thread_id::text <> '' AND session.agent_id IS NOT NULL

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

-- members_in_place (supabase; fills: memberships): the organizations of each user
SELECT member.user_id::text, member.organization_id FROM public.organization_members AS member

-- members_unknown (supabase; fills: memberships): no rows, where the members cannot be read
SELECT NULL::text AS user_id, NULL::uuid AS organization_id WHERE false

-- rerouted_of_repairs (langgraph; fills: rerouted): the conversations that repairs moved off users' rows
SELECT DISTINCT moved.old_id, moved.thread_id FROM assistant_repair.rerouted AS moved

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

-- none_there (langgraph; fills: id_map, rerouted, crons): no rows, before the first repair, or where there are no crons
SELECT NULL::text AS old_id, NULL::uuid AS agent_id, NULL::text AS thread_id, NULL::text AS id, NULL::text AS assistant_id,
       NULL::text AS user_id, NULL::text AS says, NULL::text AS runs_say
WHERE  false
