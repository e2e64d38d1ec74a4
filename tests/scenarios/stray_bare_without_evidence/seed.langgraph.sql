-- the front end's fallback, and a conversation that does not say with whom
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
VALUES ('1111111111111111111111111111111a', 'agent', '{}', '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
INSERT INTO langgraph_server.threads (id, metadata) VALUES ('t1', '{}');
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, created_at)
VALUES ('r1', 't1', '1111111111111111111111111111111a', '{}', '2026-11-21 09:00:00+00');
