-- no row at all
DELETE FROM langgraph_server.assistants WHERE id = 'a0000000-0000-4000-a000-000000000003';
