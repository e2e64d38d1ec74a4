-- the fixed server started: canonical rows beside the old copies
INSERT INTO langgraph_server.assistants
SELECT DISTINCT ON (metadata->>'supabase_agent_id') metadata->>'supabase_agent_id', graph_id, config, context, metadata, name,
       description, version, now() - interval '3 hours', now() - interval '3 hours'
FROM   langgraph_server.assistants
ORDER  BY metadata->>'supabase_agent_id', created_at DESC;
-- it was rolled back, and the old code's start made one more copy of every agent
INSERT INTO langgraph_server.assistants
SELECT md5('rolled back ' || id), graph_id, config, context, metadata, name, description, 1,
       now() - interval '2 hours', now() - interval '2 hours'
FROM   langgraph_server.assistants
WHERE  id = metadata->>'supabase_agent_id';
-- the fixed server started again: it found its rows and counted their versions up
UPDATE langgraph_server.assistants SET version = version + 1, updated_at = now() - interval '1 hour'
WHERE  id = metadata->>'supabase_agent_id';
