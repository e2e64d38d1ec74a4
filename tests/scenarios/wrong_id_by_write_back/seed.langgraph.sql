-- only the write-back tells whose row it is
UPDATE langgraph_server.assistants SET id = '1111111111111111111111111111111a' WHERE id = 'a0000000-0000-4000-a000-000000000001';
UPDATE langgraph_server.assistants SET metadata = '{"owner": "system"}' WHERE id IN ('1111111111111111111111111111111a');
