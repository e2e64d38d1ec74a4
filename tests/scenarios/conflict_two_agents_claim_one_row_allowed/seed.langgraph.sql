-- the write-backs of two agents name one row of the system that says no more; the operator names both
DELETE FROM langgraph_server.assistants WHERE id IN ('a0000000-0000-4000-a000-000000000001', 'a0000000-0000-4000-a000-000000000002');
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
VALUES ('1111111111111111111111111111111a', 'agent', '{}', '{"owner": "system"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
