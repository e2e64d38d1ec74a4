-- the names that the old server never stored, so that a healthy database has no drift
UPDATE langgraph_server.assistants AS stored
SET    name = agent.name
FROM  (VALUES ('a0000000-0000-4000-a000-000000000001', 'Dokumenten-Assistent'),
              ('a0000000-0000-4000-a000-000000000002', 'Rechts-Assistent'),
              ('a0000000-0000-4000-a000-000000000003', 'Wartungsbericht-Analyst'),
              ('a0000000-0000-4000-a000-000000000004', 'Recherche'),
              ('a0000000-0000-4000-a000-000000000005', 'Persönlicher Assistent')) AS agent (id, name)
WHERE  stored.metadata->>'supabase_agent_id' = agent.id;
