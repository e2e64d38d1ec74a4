-- the system's row under one agent's id names another agent
UPDATE langgraph_server.assistants
SET    metadata = metadata || '{"supabase_agent_id": "a0000000-0000-4000-a000-000000000002"}'
WHERE  id = 'a0000000-0000-4000-a000-000000000001';
