-- everything here is of the other organization, or of none
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
VALUES ('1111111111111111111111111111111a', 'agent', '{"configurable": {"model_name": "mine"}}', '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "supabase_agent_id": "a0000000-0000-4000-a000-000000000003"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
VALUES ('2222222222222222222222222222222b', 'agent', '{}', '{"owner": "system", "supabase_agent_id": "a0000000-0000-4000-a000-000000000006"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
DELETE FROM langgraph_server.assistants WHERE id = 'a0000000-0000-4000-a000-000000000004';
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, created_at)
VALUES ('r1', 't1', '3333333333333333333333333333333c', '{}', '2026-11-21 09:00:00+00');
