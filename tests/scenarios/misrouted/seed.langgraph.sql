-- a run by graph name took another agent's assistant
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, created_at)
VALUES ('r1', 't1', 'a0000000-0000-4000-a000-000000000002', '{}', '2026-11-21 09:00:00+00');
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, created_at)
VALUES ('r2', 't1', 'a0000000-0000-4000-a000-000000000001', '{}', '2026-11-21 09:00:00+00');
