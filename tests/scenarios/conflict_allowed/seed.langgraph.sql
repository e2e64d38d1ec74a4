-- a user's row holds the agent's id, with another content
UPDATE langgraph_server.assistants
SET    metadata = '{"owner": "a1b2c3d4-e5f6-7890-abcd-ef1234567890"}', config = '{"configurable": {"model_name": "evil"}}'
WHERE  id = 'a0000000-0000-4000-a000-000000000001';
