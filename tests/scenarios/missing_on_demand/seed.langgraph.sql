-- newer generation: one missing agent is synced on demand only, the other at startup
DELETE FROM langgraph_server.assistants WHERE id IN ('a0000000-0000-4000-a000-000000000001', 'a0000000-0000-4000-a000-000000000002');
