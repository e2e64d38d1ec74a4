-- crons on users' rows: by the user's conversations, by metadata, by that of their runs, by their thread; two say nothing, two contradict
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, created_at, updated_at)
SELECT id, 'agent', '{}', '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890"}', '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00'
FROM   unnest('{1111111111111111111111111111111a,2222222222222222222222222222222b}'::text[]) AS stray (id);
INSERT INTO langgraph_server.threads (id, metadata)
VALUES ('t1', '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "assistant_id": "1111111111111111111111111111111a"}'),
       ('t2', '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "assistant_id": "2222222222222222222222222222222b"}'),
       ('t3', '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "assistant_id": "2222222222222222222222222222222b"}'),
       ('t4', '{"owner": "b1b2c3d4-e5f6-7890-abcd-ef1234567890", "assistant_id": "1111111111111111111111111111111a", "agent_id": "a0000000-0000-4000-a000-000000000002"}');
INSERT INTO langgraph_server.crons (id, assistant_id, schedule, user_id, thread_id, payload, metadata)
VALUES ('by-conversations', '1111111111111111111111111111111a', '* * * * *', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', NULL, '{"assistant_id": "1111111111111111111111111111111a"}', '{}'),
       ('of-nobody', '1111111111111111111111111111111a', '* * * * *', NULL, NULL, '{}', '{}'),
       ('by-thread', '1111111111111111111111111111111a', '* * * * *', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', 't1', '{}', '{}'),
       ('by-metadata', '2222222222222222222222222222222b', '* * * * *', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', NULL, '{}', '{"agent_id": "A0000000-0000-4000-A000-000000000001"}'),
       ('by-runs', NULL, '* * * * *', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', NULL, '{"config": {"configurable": {"assistant_id": "2222222222222222222222222222222b"}}, "metadata": {"agent_id": "a0000000-0000-4000-a000-000000000002"}}', '{}'),
       ('of-two-agents', '2222222222222222222222222222222b', '* * * * *', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', NULL, '{}', '{}'),
       ('of-another-user', '1111111111111111111111111111111a', '* * * * *', 'c1b2c3d4-e5f6-7890-abcd-ef1234567890', NULL, '{}', '{}'),
       ('foreign', '1111111111111111111111111111111a', '* * * * *', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', NULL, '{}', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}'),
       ('torn', '1111111111111111111111111111111a', '* * * * *', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', NULL, '{"metadata": {"agent_id": "a0000000-0000-4000-a000-000000000002"}}', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}');
