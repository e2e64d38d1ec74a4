-- the old server's last start was killed before it came to two of the agents
DELETE FROM langgraph_server.assistants AS newest
USING  (SELECT DISTINCT ON (metadata->>'supabase_agent_id') id FROM langgraph_server.assistants
        WHERE  metadata->>'supabase_agent_id' IN ('a0000000-0000-4000-a000-000000000004', 'a0000000-0000-4000-a000-000000000005')
        ORDER  BY metadata->>'supabase_agent_id', created_at DESC) AS unmade
WHERE  newest.id = unmade.id;
-- a patched server's start, agent by agent, was killed after two agents, of which it had written back one
INSERT INTO langgraph_server.assistants
SELECT DISTINCT ON (metadata->>'supabase_agent_id') metadata->>'supabase_agent_id', graph_id, config, context, metadata, name,
       description, version, now(), now()
FROM   langgraph_server.assistants
WHERE  metadata->>'supabase_agent_id' IN ('a0000000-0000-4000-a000-000000000001', 'a0000000-0000-4000-a000-000000000002')
ORDER  BY metadata->>'supabase_agent_id', created_at DESC;
