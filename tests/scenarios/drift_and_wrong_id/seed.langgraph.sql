-- the kept copy is out of date, too
UPDATE langgraph_server.assistants SET id = '1111111111111111111111111111111a' WHERE id = 'a0000000-0000-4000-a000-000000000001';
UPDATE langgraph_server.assistants SET name = NULL, config = '{}' WHERE id = '1111111111111111111111111111111a';
