-- name, graph, config
UPDATE langgraph_server.assistants SET name = NULL WHERE id = 'a0000000-0000-4000-a000-000000000001';
UPDATE langgraph_server.assistants SET graph_id = 'older' WHERE id = 'a0000000-0000-4000-a000-000000000002';
UPDATE langgraph_server.assistants SET config = jsonb_set(config, '{configurable,model_name}', '"older"') WHERE id = 'a0000000-0000-4000-a000-000000000003';
