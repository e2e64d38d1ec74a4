-- two more copies, one of them with other content
INSERT INTO langgraph_server.assistants
SELECT '1111111111111111111111111111111a', graph_id, config, context, metadata, name, description, version,
       '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00'
FROM   langgraph_server.assistants
WHERE  id = 'a0000000-0000-4000-a000-000000000001';
INSERT INTO langgraph_server.assistants
SELECT '2222222222222222222222222222222b', graph_id, '{"configurable": {"model_name": "older"}}', context, metadata, name, description, version,
       '2026-11-20 09:00:00+00', '2026-11-20 09:00:00+00'
FROM   langgraph_server.assistants
WHERE  id = 'a0000000-0000-4000-a000-000000000001';
