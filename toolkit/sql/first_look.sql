-- first_look: which agents have no assistant under their id, and how many copies they have instead
SELECT agent.name, agent.id AS agent_id, agent.langgraph_assistant_id AS write_back,
       canonical.id IS NOT NULL AS found_under_its_id, COALESCE(copy.copies, 0) AS copies, copy.newest
FROM   public.agents AS agent
       LEFT JOIN langgraph_server.assistants AS canonical ON canonical.id = agent.id::text
       LEFT JOIN (SELECT stored.metadata->>'supabase_agent_id' AS agent_id, count(*) AS copies, max(stored.created_at) AS newest
                  FROM   langgraph_server.assistants AS stored
                  WHERE  stored.metadata->>'owner' = 'system' AND stored.id <> stored.metadata->>'supabase_agent_id'
                  GROUP  BY stored.metadata->>'supabase_agent_id') AS copy ON copy.agent_id = agent.id::text
WHERE  agent.status = 'active' AND agent.deleted_at IS NULL
ORDER  BY found_under_its_id, agent.id
