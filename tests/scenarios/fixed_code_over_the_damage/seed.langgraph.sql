-- the fixed server started once: canonical rows beside all the old copies
INSERT INTO langgraph_server.assistants
SELECT DISTINCT ON (metadata->>'supabase_agent_id') metadata->>'supabase_agent_id', graph_id, config, context, metadata, name,
       description, version, now(), now()
FROM   langgraph_server.assistants
ORDER  BY metadata->>'supabase_agent_id', created_at DESC;
