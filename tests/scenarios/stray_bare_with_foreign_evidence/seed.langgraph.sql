-- t3 and t7: the thread's owner is in another organization than the agent; t4 and t5 agree, the owner of t5 is no known member
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
VALUES ('1111111111111111111111111111111a', 'agent', '{}', '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');
INSERT INTO langgraph_server.threads (id, metadata)
VALUES ('t1', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}'),
       ('t3', '{"owner": "c1b2c3d4-e5f6-7890-abcd-ef1234567890"}'),
       ('t4', '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890"}'),
       ('t5', '{"owner": "somebody"}'),
       ('t7', '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890"}');
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata)
SELECT 'r-' || id, id, '1111111111111111111111111111111a', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}'
FROM   unnest('{t1,t2,t3,t4,t5,t6}'::text[]) AS thread (id);
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id) VALUES ('r-t7', 't7', '1111111111111111111111111111111a');
