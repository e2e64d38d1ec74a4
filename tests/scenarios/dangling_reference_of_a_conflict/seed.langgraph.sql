-- removed by the first repair
INSERT INTO langgraph_server.assistants
SELECT '1111111111111111111111111111111a', graph_id, config, context, metadata, name, description, version,
       '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00'
FROM   langgraph_server.assistants
WHERE  id = 'a0000000-0000-4000-a000-000000000001';
