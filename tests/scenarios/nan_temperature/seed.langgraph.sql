-- two agents with content that JSON cannot hold, next to a good one
DELETE FROM langgraph_server.assistants WHERE id IN ('a0000000-0000-4000-a000-000000000001', 'a0000000-0000-4000-a000-000000000002');
UPDATE langgraph_server.assistants SET id = '1111111111111111111111111111111a' WHERE id = 'a0000000-0000-4000-a000-000000000003';
