-- crons with nested payloads, threads, runs, checkpoints under an old id
UPDATE langgraph_server.assistants SET id = '1111111111111111111111111111111a' WHERE id = 'a0000000-0000-4000-a000-000000000001';
INSERT INTO langgraph_server.crons (id, assistant_id, schedule, payload)
VALUES ('c1', '1111111111111111111111111111111a', '* * * * *', '{"assistant_id": "1111111111111111111111111111111a", "config": {"configurable": {"assistant_id": "1111111111111111111111111111111a", "x": 1.5}}, "input": {"text": "1111111111111111111111111111111a"}}');
INSERT INTO langgraph_server.crons (id, assistant_id, schedule) VALUES ('c2', 'a0000000-0000-4000-a000-000000000002', '* * * * *');
INSERT INTO langgraph_server.threads (id, metadata) VALUES ('t1', '{"assistant_id": "1111111111111111111111111111111a", "graph_id": "agent"}');
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, created_at)
VALUES ('r1', 't1', '1111111111111111111111111111111a', '{}', '2026-11-21 09:00:00+00');
INSERT INTO public.checkpoints (thread_id, checkpoint_ns, checkpoint_id, checkpoint, metadata)
VALUES ('t1', '', 'k1', '{}', '{"assistant_id": "1111111111111111111111111111111a", "step": 1}');
