-- written after the first repair
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
VALUES ('1111111111111111111111111111111a', 'agent', '{}', '{"owner": "system", "supabase_agent_id": "a0000000-0000-4000-a000-000000000003"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, created_at)
VALUES ('r1', 't1', '7854d4e0113843599474d0cab82a7b72', '{}', '2026-11-21 09:00:00+00');
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, created_at)
VALUES ('r2', 't2', '1111111111111111111111111111111a', '{}', '2026-11-21 09:00:00+00');
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('{11111111-1111-4111-8111-111111111111/a1b2c3d4-e5f6-7890-abcd-ef1234567890/f9e7a151c85d40c1a9fdc0bb104a071a/facts}', 'k', '1', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{}', '2026-11-21 10:00:00+00');
