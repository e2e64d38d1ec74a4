-- a user's row claims the agent: its content is never trusted
DELETE FROM langgraph_server.assistants WHERE id = 'a0000000-0000-4000-a000-000000000001';
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
VALUES ('1111111111111111111111111111111a', 'agent', '{"configurable": {"model_name": "evil"}}', '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "supabase_agent_id": "a0000000-0000-4000-a000-000000000001"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
