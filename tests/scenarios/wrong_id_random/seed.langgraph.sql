-- the id that the sync passed in was ignored
UPDATE langgraph_server.assistants SET id = '1111111111111111111111111111111a' WHERE id = 'a0000000-0000-4000-a000-000000000001';
