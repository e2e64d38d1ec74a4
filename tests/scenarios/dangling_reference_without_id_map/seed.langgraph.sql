-- names nothing that is, and nothing tells what was meant
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, created_at)
VALUES ('r1', 't1', '1111111111111111111111111111111a', '{}', '2026-11-21 09:00:00+00');
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, created_at)
VALUES ('r2', 't1', '1111111111111111111111111111111a', '{}', '2026-11-21 09:00:00+00');
INSERT INTO langgraph_server.threads (id, metadata) VALUES ('t1', '{"assistant_id": "2222222222222222222222222222222b"}');
