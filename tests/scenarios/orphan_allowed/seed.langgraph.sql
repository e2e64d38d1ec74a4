-- rows of the system whose agents are deleted, a draft, unknown
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
VALUES ('a0000000-0000-4000-a000-000000000007', 'agent', '{}', '{"owner": "system", "supabase_agent_id": "a0000000-0000-4000-a000-000000000007"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
VALUES ('1111111111111111111111111111111a', 'agent', '{}', '{"owner": "system", "supabase_agent_id": "a0000000-0000-4000-a000-000000000006"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
VALUES ('2222222222222222222222222222222b', 'agent', '{}', '{"owner": "system", "supabase_agent_id": "b0000000-0000-4000-b000-000000000001"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
