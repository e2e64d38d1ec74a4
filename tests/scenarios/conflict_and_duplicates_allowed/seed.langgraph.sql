-- a user holds the agent's id, the system's copies are elsewhere and in use
UPDATE langgraph_server.assistants
SET    metadata = '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890"}', config = '{"configurable": {"model_name": "evil"}}'
WHERE  id = 'a0000000-0000-4000-a000-000000000001';
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
VALUES ('1111111111111111111111111111111a', 'agent', '{"configurable": {"model_name": "old"}}', '{"owner": "system", "supabase_agent_id": "a0000000-0000-4000-a000-000000000001"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, created_at)
VALUES ('r1', 't1', '1111111111111111111111111111111a', '{}', '2026-11-21 09:00:00+00');
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
VALUES ('2222222222222222222222222222222b', 'agent', '{"configurable": {"model_name": "old"}}', '{"owner": "system", "supabase_agent_id": "a0000000-0000-4000-a000-000000000001"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, created_at)
VALUES ('r2', 't1', '2222222222222222222222222222222b', '{}', '2026-11-21 09:00:00+00');
