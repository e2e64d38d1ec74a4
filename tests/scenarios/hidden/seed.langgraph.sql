-- a user's lazy sync made the right row, and owns it
UPDATE langgraph_server.assistants SET metadata = '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890"}' WHERE id = 'a0000000-0000-4000-a000-000000000001';
