-- names the agent's id in another spelling, and no row has it
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, created_at)
VALUES ('r1', 't1', 'A000000000004000A000000000000001', '{}', '2026-11-21 09:00:00+00');
